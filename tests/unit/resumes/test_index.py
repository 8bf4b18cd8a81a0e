"""The ids that are asked for and those that are answered."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import date, timezone
from pathlib import Path
from typing import Any

import pytest

from avito_scrapy.api_client import AvitoClient
from avito_scrapy.api_transport import ApiRequest, ApiResponse
from avito_scrapy.avito.parsing import ApplicationBatch
from avito_scrapy.avito.results import Failure, ListedApplication
from avito_scrapy.reasons import Reason
from avito_scrapy.resumes.application_index import ApplicationIndex, read_index
from avito_scrapy.resumes.checkpoint import Checkpoint

DAY = date(2026, 11, 24)
LISTED = [f"app{number}" for number in range(1, 101)]
Details = Callable[[list[str], int], Any]
"""The answer to the ids asked for, and how often applications were asked for before."""


def told(number: str, **change: Any) -> dict[str, Any]:
    return {
        "id": number,
        "type": "by_chat",
        "applicant": {"resume_id": number.removeprefix("app")},
        "contacts": {"chat": {"value": f"u2i-{number}"}},
        "vacancy_id": 1,
        "created_at": "2026-05-04T12:00:00+03:00",
        **change,
    }


def everything(ids: list[str], turn: int) -> Any:
    return {"applies": [told(one) for one in ids]}


class FakeApplications:
    """Answers requests for applications; ``asked``: the ids of each batch."""

    def __init__(self, folder: Path, details: Details, as_array: bool = False) -> None:
        self.asked: list[list[str]] = []
        self._details = details
        self._as_array = as_array
        self._path = folder / "resumes.journal"

    def read(self) -> ApplicationIndex:
        checkpoint = Checkpoint(self._path, "a")
        checkpoint.open(resume=True)
        client = AvitoClient(self._send, checkpoint, timezone.utc, "", lambda stat: None)
        chats = {f"u2i-{one}" for one in LISTED}
        index = asyncio.run(read_index(client, chats, DAY, DAY))
        checkpoint.close(finished=False)
        return index

    async def _send(self, request: ApiRequest) -> ApiResponse | Failure:
        if request.method == "applications":
            self.asked.append(request.body["ids"])
            answer = self._details(request.body["ids"], len(self.asked) - 1)
            return (
                answer if isinstance(answer, (ApiResponse, Failure)) else ApiResponse(200, answer)
            )
        page = [] if dict(request.query).get("cursor") else [{"id": one} for one in LISTED]
        return ApiResponse(200, page if self._as_array else {"applies": page})


@pytest.mark.parametrize("as_array", [False, True])
def test_all_that_is_listed_is_told_of(tmp_path: Path, as_array: bool) -> None:
    def details(ids: list[str], turn: int) -> Any:
        answer = everything(ids, turn)
        return answer["applies"] if as_array else answer

    avito = FakeApplications(tmp_path, details, as_array)
    index = avito.read()
    assert (index.incomplete, len(index), avito.asked) == (None, 100, [LISTED])
    assert index.resumes == {str(number) for number in range(1, 101)}
    again = avito.read()
    assert (again.incomplete, len(again), len(avito.asked)) == (None, 100, 1), "it is journalled"


@pytest.mark.parametrize("first", [{"applies": []}, {}, {"error": {"code": 1}}, None])
def test_what_is_missing_is_asked_for_once_more(tmp_path: Path, first: Any) -> None:
    def details(ids: list[str], turn: int) -> Any:
        if turn:
            return everything(ids, turn)
        return everything(ids[:60], 0) if first is None else dict(first)

    avito = FakeApplications(tmp_path, details)
    index = avito.read()
    assert (index.incomplete, len(index)) == (None, 100)
    assert avito.asked == [LISTED, LISTED[60:] if first is None else LISTED]
    again = avito.read()
    assert (again.incomplete, len(again), len(avito.asked)) == (None, 100, 2), "it is journalled"


@pytest.mark.parametrize("known", [0, 60])
def test_what_is_not_told_of_then_either_makes_trouble(tmp_path: Path, known: int) -> None:
    avito = FakeApplications(
        tmp_path, lambda ids, _: everything([i for i in ids if i in LISTED[:known]], 0)
    )
    for turn in (1, 2):
        index = avito.read()
        assert index.incomplete == Reason("applications_missing")
        assert len(index) == known
        assert len(avito.asked) == 2 * turn, "not journalled: it is asked anew"


def test_a_few_that_are_not_told_of_are_said(tmp_path: Path) -> None:
    avito = FakeApplications(
        tmp_path, lambda ids, _: everything([i for i in ids if i in LISTED[:97]], 0)
    )
    for turn in (1, 2):
        index = avito.read()
        assert (index.incomplete, index.missing, len(index)) == (None, 3, 97)
        assert len(avito.asked) == 2 * turn, "not journalled: it is asked anew"


@pytest.mark.parametrize("second", [ApiResponse(404), Failure(Reason("connection_lost"))])
def test_no_answer_the_second_time(tmp_path: Path, second: Any) -> None:
    avito = FakeApplications(tmp_path, lambda ids, turn: second if turn else everything(ids[1:], 0))
    index = avito.read()
    assert index.incomplete
    assert (len(index), len(avito.asked)) == (99, 2)


def test_what_tells_no_chat_is_not_asked_for_again(tmp_path: Path) -> None:
    odd = {"contacts": "?"}
    avito = FakeApplications(
        tmp_path, lambda ids, _: {"applies": [told(one, **odd) for one in ids]}
    )
    index = avito.read()
    assert index.incomplete == Reason("application_chats_odd")
    assert len(avito.asked) == 1


def test_applications_by_phone_make_no_trouble(tmp_path: Path) -> None:
    odd = {"contacts": {"chat": {}}, "type": "by_phone"}
    avito = FakeApplications(
        tmp_path, lambda ids, _: {"applies": [told(one, **odd) for one in ids]}
    )
    index = avito.read()
    assert (index.incomplete, len(index), len(index.resumes)) == (None, 0, 100)


def test_a_list_that_does_not_end_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    class EndlessIds:
        pages = 0

        async def application_ids(
            self, since: date, cursor: str = ""
        ) -> list[ListedApplication] | Failure:
            self.pages += 1
            return [ListedApplication(f"app{self.pages}-{number}") for number in range(100)]

        async def applications(self, ids: Sequence[str], today: date) -> ApplicationBatch:
            return ApplicationBatch()

    monkeypatch.setattr("avito_scrapy.resumes.application_index.MOST_APPLICATIONS", 1000)
    client = EndlessIds()
    index = asyncio.run(read_index(client, set(), DAY, DAY))
    assert index.incomplete == Reason("applications_endless")
    assert client.pages == 11
