"""The ids that are asked for and those that are answered."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from scrapy import Request
from scrapy.statscollectors import StatsCollector
from scrapy.utils.test import get_crawler

from avito_scrapy.avito.results import Failure, NotFound
from avito_scrapy.inquiry.index import IndexReader
from avito_scrapy.inquiry.questions import Questions
from avito_scrapy.inquiry.tally import Tally
from avito_scrapy.resumes.application_index import ApplicationIndex
from avito_scrapy.resumes.checkpoint import Journal

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


class Avito:
    """Answers the requests of an index reader; ``asked``: the ids of each batch."""

    def __init__(self, folder: Path, details: Details, as_array: bool = False) -> None:
        self.asked: list[list[str]] = []
        self._details = details
        self._as_array = as_array
        self._path = folder / "resumes.journal"

    def read(self) -> ApplicationIndex:
        return asyncio.run(self._read())

    async def _read(self) -> ApplicationIndex:
        journal = Journal(self._path, "a")
        journal.open(resume=True)
        tally = Tally(StatsCollector(get_crawler()))
        chats = {f"u2i-{one}" for one in LISTED}
        reader = IndexReader(Questions("http://avito.example"), journal, tally, chats)
        async for request in reader.read(DAY, DAY):
            request.cb_kwargs["future"].set_result(self._answer(request))
        journal.close(finished=False)
        return reader.index

    def _answer(self, request: Request) -> Any:
        if request.method == "POST":
            ids: list[str] = json.loads(request.body)["ids"]
            self.asked.append(ids)
            return self._details(ids, len(self.asked) - 1)
        page = [] if "cursor" in request.url else [{"id": one} for one in LISTED]
        return page if self._as_array else {"applies": page}


@pytest.mark.parametrize("as_array", [False, True])
def test_all_that_is_listed_is_told_of(tmp_path: Path, as_array: bool) -> None:
    def details(ids: list[str], turn: int) -> Any:
        answer = everything(ids, turn)
        return answer["applies"] if as_array else answer

    avito = Avito(tmp_path, details, as_array)
    index = avito.read()
    assert (index.trouble, len(index), avito.asked) == (None, 100, [LISTED])
    assert index.resumes == {str(number) for number in range(1, 101)}
    again = avito.read()
    assert (again.trouble, len(again), len(avito.asked)) == (None, 100, 1), "it is journalled"


@pytest.mark.parametrize("first", [{"applies": []}, {}, {"error": {"code": 1}}, None])
def test_what_is_missing_is_asked_for_once_more(tmp_path: Path, first: Any) -> None:
    def details(ids: list[str], turn: int) -> Any:
        if turn:
            return everything(ids, turn)
        return everything(ids[:60], 0) if first is None else dict(first)

    avito = Avito(tmp_path, details)
    index = avito.read()
    assert (index.trouble, len(index)) == (None, 100)
    assert avito.asked == [LISTED, LISTED[60:] if first is None else LISTED]
    again = avito.read()
    assert (again.trouble, len(again), len(avito.asked)) == (None, 100, 2), "it is journalled"


@pytest.mark.parametrize("known", [0, 60])
def test_what_is_not_told_of_then_either_makes_trouble(tmp_path: Path, known: int) -> None:
    avito = Avito(tmp_path, lambda ids, _: everything([i for i in ids if i in LISTED[:known]], 0))
    for turn in (1, 2):
        index = avito.read()
        assert index.trouble == "Avito lists applications that it does not tell of"
        assert len(index) == known
        assert len(avito.asked) == 2 * turn, "not journalled: it is asked anew"


def test_a_few_that_are_not_told_of_are_said(tmp_path: Path) -> None:
    avito = Avito(tmp_path, lambda ids, _: everything([i for i in ids if i in LISTED[:97]], 0))
    for turn in (1, 2):
        index = avito.read()
        assert (index.trouble, index.untold, len(index)) == (None, 3, 97)
        assert len(avito.asked) == 2 * turn, "not journalled: it is asked anew"


@pytest.mark.parametrize("second", [NotFound(), Failure("Avito answered 503 (10 tries)")])
def test_no_answer_the_second_time(tmp_path: Path, second: Any) -> None:
    avito = Avito(tmp_path, lambda ids, turn: second if turn else everything(ids[1:], 0))
    index = avito.read()
    assert index.trouble
    assert (len(index), len(avito.asked)) == (99, 2)


def test_what_tells_no_chat_is_not_asked_for_again(tmp_path: Path) -> None:
    odd = {"contacts": "?"}
    avito = Avito(tmp_path, lambda ids, _: {"applies": [told(one, **odd) for one in ids]})
    index = avito.read()
    assert index.trouble == "some applications do not tell their chat in a known form"
    assert len(avito.asked) == 1


def test_applications_by_phone_make_no_trouble(tmp_path: Path) -> None:
    odd = {"contacts": {"chat": {}}, "type": "by_phone"}
    avito = Avito(tmp_path, lambda ids, _: {"applies": [told(one, **odd) for one in ids]})
    index = avito.read()
    assert (index.trouble, len(index), len(index.resumes)) == (None, 0, 100)
