"""What is asked, what is not asked again, and what an answer may not be taken for."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from datetime import date, timezone
from pathlib import Path
from typing import Any

import pytest

from avito_scrapy.api_client import AvitoClient
from avito_scrapy.api_transport import ApiRequest, ApiResponse, ApiUnusable
from avito_scrapy.avito.endpoints import REFUSALS_BELIEVED
from avito_scrapy.avito.results import (
    ChatFacts,
    ContactsFacts,
    Failure,
    NotFound,
    ResumeFacts,
    TalkFacts,
)
from avito_scrapy.items import Chat
from avito_scrapy.reasons import Reason
from avito_scrapy.resumes.checkpoint import Checkpoint

TODAY = "2026-11-24T00:00:00+03:00"
CHAT = Chat("u2i-1", last_message="Когда собеседование?", last_message_at=TODAY,
            last_message_direction="in")  # fmt: skip
RESUME = {"id": 7, "title": "Повар", "url": "/x/rezume/y_7", "update_time": None,
          "is_purchased": True}  # fmt: skip
Answer = Callable[[ApiRequest], Any]


class FakeApi:
    """Sends what ``answer`` says; ``requested`` counts by method."""

    def __init__(self, folder: Path, answer: Answer) -> None:
        self.requested: Counter[str] = Counter()
        self.stats: Counter[str] = Counter()
        self._answer = answer
        self._path = folder / "resumes.journal"

    def client(self) -> AvitoClient:
        """A client of a run that goes on with the one before."""
        checkpoint = Checkpoint(self._path, "a")
        checkpoint.open(resume=True)
        return AvitoClient(self._send, checkpoint, timezone.utc, "https://w", self._count)

    def _count(self, stat: str) -> None:
        self.stats[stat] += 1

    async def _send(self, request: ApiRequest) -> ApiResponse | Failure:
        self.requested[request.method] += 1
        await asyncio.sleep(0)
        answer = self._answer(request)
        return answer if isinstance(answer, (ApiResponse, Failure)) else ApiResponse(200, answer)


def test_a_resume_that_many_want_is_requested_once(tmp_path: Path) -> None:
    avito = FakeApi(tmp_path, lambda request: dict(RESUME))

    async def three() -> list[Any]:
        client = avito.client()
        first = await asyncio.gather(client.resume("7"), client.resume("7"))
        return [*first, await client.resume("7")]

    told = asyncio.run(three())
    assert {one.title for one in told} == {"Повар"}
    assert avito.requested == {"resumes": 1}


def test_the_next_run_takes_what_an_unfinished_one_was_told(tmp_path: Path) -> None:
    avito = FakeApi(
        tmp_path,
        lambda request: {"contacts": []} if request.method == "contacts" else dict(RESUME),
    )
    for _ in range(2):
        client = avito.client()
        assert isinstance(asyncio.run(client.resume("7")), ResumeFacts)
        assert isinstance(asyncio.run(client.contacts("7")), ContactsFacts)
    assert avito.requested == {"resumes": 1, "contacts": 1}
    client = avito.client()
    assert client.has_contacts("7")
    asyncio.run(client.resume("7", anew=True))
    assert avito.requested["resumes"] == 2
    asyncio.run(client.resume("7"))
    assert avito.requested["resumes"] == 2, "the fresh one counts"


def test_a_failure_is_not_kept_for_the_next_run(tmp_path: Path) -> None:
    avito = FakeApi(tmp_path, lambda request: Failure(Reason("connection_lost")))
    for turn in (1, 2):
        assert isinstance(asyncio.run(avito.client().resume("7")), Failure)
        assert avito.requested["resumes"] == avito.stats["avito/trouble/resumes"] == turn


@pytest.mark.parametrize(
    ("now", "kept"),
    [
        (Chat(**vars(CHAT)), True),
        (Chat(**{**vars(CHAT), "position": 5}), True),
        (Chat(**{**vars(CHAT), "last_message": "Приходите завтра"}), False),
        (Chat(**{**vars(CHAT), "last_message_direction": "out"}), False),
        (Chat(**{**vars(CHAT), "last_message_at": "2026-11-25T00:00:00+03:00"}), False),
    ],
)
def test_messages_are_asked_anew_when_the_last_one_is_another(
    tmp_path: Path, now: Chat, kept: bool
) -> None:
    avito = FakeApi(tmp_path, lambda request: [])
    for chat in (CHAT, now):
        asyncio.run(avito.client().messages(chat))
    assert avito.requested["messages"] == (1 if kept else 2)


def test_the_checkpoint_names_no_message_by_its_text(tmp_path: Path) -> None:
    avito = FakeApi(tmp_path, lambda request: [])
    asyncio.run(avito.client().messages(CHAT))
    written = (tmp_path / "resumes.journal").read_text(encoding="utf-8")
    assert "u2i-1" in written
    assert "\\u041a" not in written
    assert "Когда" not in written


@pytest.mark.parametrize(
    ("method", "status", "ends"),
    [
        ("chat", 402, None),
        ("account", 402, None),
        ("contacts", 402, None),
        ("contacts", 403, None),
        ("chat", 403, None),
        ("chat", 401, "unauthorized"),
        ("account", 403, "unauthorized"),
    ],
)
def test_what_ends_the_run_and_what_is_about_one_thing(
    tmp_path: Path, method: str, status: int, ends: str | None
) -> None:
    client = FakeApi(tmp_path, lambda request: ApiResponse(status)).client()
    ask = getattr(client, method)
    asking = ask() if method == "account" else ask("7")
    if ends is None:
        assert asyncio.run(asking) == Failure(Reason("status", status=status), status)
    else:
        with pytest.raises(ApiUnusable) as raised:
            asyncio.run(asking)
        assert raised.value.reason == ends


def test_what_is_gone_is_not_found(tmp_path: Path) -> None:
    client = FakeApi(tmp_path, lambda request: ApiResponse(404)).client()
    assert asyncio.run(client.resume("7")) == NotFound()
    assert isinstance(asyncio.run(client.account()), Failure)


def test_an_answer_that_breaks_the_reading_is_a_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*given: Any, **named: Any) -> Any:
        raise KeyError("Иванов Иван")

    monkeypatch.setattr("avito_scrapy.avito.parsing.read_chat", broken)
    client = FakeApi(tmp_path, lambda request: {"id": "7"}).client()
    told = asyncio.run(client.chat("7"))
    assert told == Failure(Reason("answer_unreadable", kind="KeyError"))
    assert "Иванов" not in caplog.text


def test_the_account_goes_into_the_messengers_paths(tmp_path: Path) -> None:
    paths: list[str] = []

    def answer(request: ApiRequest) -> Any:
        paths.append(request.path)
        return {"id": 5} if request.method == "self" else {"id": "u2i-1", "users": []}

    async def ask() -> Any:
        client = FakeApi(tmp_path, answer).client()
        assert await client.account() == 5
        return await client.chat("u2i-1")

    assert isinstance(asyncio.run(ask()), ChatFacts)
    assert paths[-1] == "/messenger/v2/accounts/5/chats/u2i-1"


def refusing(refused: set[str]) -> Answer:
    def answer(request: ApiRequest) -> Any:
        if request.ids[-1] in refused:
            return ApiResponse(402)
        return {**RESUME, "id": int(str(request.ids[-1]))}

    return answer


@pytest.mark.parametrize("asked", [2, REFUSALS_BELIEVED, 40])
def test_a_method_that_refuses_everything_ends_the_run(tmp_path: Path, asked: int) -> None:
    ids = [str(number) for number in range(1, asked + 1)]
    client = FakeApi(tmp_path, refusing(set(ids))).client()

    async def ask() -> Any:
        return await asyncio.gather(*map(client.resume, ids))

    with pytest.raises(ApiUnusable, match="subscription_required"):
        asyncio.run(ask())


@pytest.mark.parametrize("refused", [1, 2, 7])
def test_one_refusal_among_answers_is_about_one_resume(tmp_path: Path, refused: int) -> None:
    """However early it comes: it waits for what else is under way."""
    ids = [str(number) for number in range(1, 26)]
    client = FakeApi(tmp_path, refusing(set(ids[:refused]))).client()

    async def ask() -> list[Any]:
        first = asyncio.gather(*map(client.resume, ids[:2]))
        return [*await first, *await asyncio.gather(*map(client.resume, ids[2:]))]

    async def ask_together() -> list[Any]:
        return list(await asyncio.gather(*map(client.resume, reversed(ids))))

    told = asyncio.run(ask() if refused < 2 else ask_together())
    failed = [one for one in told if isinstance(one, Failure)]
    assert failed == [Failure(Reason("status", status=402), 402)] * refused


def test_applications_that_are_refused_need_no_second_refusal(tmp_path: Path) -> None:
    client = FakeApi(tmp_path, lambda request: ApiResponse(402)).client()
    with pytest.raises(ApiUnusable):
        asyncio.run(client.application_ids(date(2026, 11, 24)))


@pytest.mark.parametrize("method", ["resume", "contacts", "chat"])
def test_a_path_that_the_gateway_does_not_know_is_nothing_removed(
    tmp_path: Path, method: str
) -> None:
    lost = ApiResponse(404, {"message": "route GET /job/v2/resumes/7 not found"})
    client = FakeApi(tmp_path, lambda request: lost).client()
    assert asyncio.run(getattr(client, method)("7")) == Failure(Reason("no_route"), 404)


@pytest.mark.parametrize("cursor", ["", "app1"])
def test_a_cursor_behind_the_last_page_ends_the_list(tmp_path: Path, cursor: str) -> None:
    client = FakeApi(tmp_path, lambda request: ApiResponse(400)).client()
    told = asyncio.run(client.application_ids(date(2026, 11, 24), cursor))
    assert told == ([] if cursor else Failure(Reason("status", status=400), 400))


@pytest.mark.parametrize("right", [0, 1])
def test_resumes_that_are_all_others_mean_that_the_ids_have_changed(
    tmp_path: Path, right: int, caplog: pytest.LogCaptureFixture
) -> None:
    avito = FakeApi(tmp_path, lambda request: dict(RESUME))
    client = avito.client()
    asked = ["8", "9", *["7"] * right]
    told = [asyncio.run(client.resume(one)) for one in asked]
    client.check_ids()
    assert told[0] == Failure(Reason("other_resume"))
    assert avito.stats["avito/drift/resumes/id"] == (0 if right else 2)
    assert ("no longer those of resumes" in caplog.text) == (not right)


@pytest.mark.parametrize("pages", [1, 2])
def test_hidden_texts_are_noticed_and_not_kept(tmp_path: Path, pages: int) -> None:
    stub = {"created": 1, "direction": "in", "type": "text",
            "content": {"text": "Перейдите на подписку с API мессенджера"}}  # fmt: skip

    def answer(request: ApiRequest) -> Any:
        shown = [] if dict(request.query).get("offset") else [dict(stub)]
        # Where nothing says that it is the last, the next page is asked for.
        return {"messages": shown, "meta": {"has_more": False}} if pages == 1 else shown

    avito = FakeApi(tmp_path, answer)
    for turn in (1, 2):
        client = avito.client()
        told = asyncio.run(client.messages(CHAT))
        assert isinstance(told, TalkFacts)
        assert (told.status, client.texts_hidden) == ("unknown", True)
        assert avito.requested["messages"] == turn * pages
