"""Every chat from the API's list: below its cap, over it, while it moves."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, cast

import pytest

from avito_scrapy.api_client import AvitoClient
from avito_scrapy.api_transport import ApiUnusable
from avito_scrapy.arguments import ChatsArguments
from avito_scrapy.avito.chat_list import ListedChat
from avito_scrapy.avito.results import ChatFacts, Failure, NotFound, Reply
from avito_scrapy.chat_listing import ChatListing
from avito_scrapy.items import Chat
from avito_scrapy.known_chats import KnownChats
from avito_scrapy.reasons import Reason

START = 1_790_000_000
OURS = 94235311


def listed(number: int, at: int | None = None, kind: str = "u2i", item: int = 1) -> ListedChat:
    updated = START - number if at is None else at
    facts = ChatFacts(
        item_id=item,
        item_owner=OURS,
        user_name=f"name {number}",
        last_message=f"text {updated}",
        last_message_at=datetime.fromtimestamp(updated, timezone.utc).isoformat(),
        last_message_direction="in",
    )
    return ListedChat(f"{kind}-{number}", float(updated), facts)


@dataclass
class ListingAvito:
    """Chats that are there, newest first; ``requests``: what was asked."""

    chats_there: list[ListedChat]
    unread: set[str] = field(default_factory=set)
    before: Callable[[int], None] = lambda number: None
    own_items: list[int | None] | Failure = field(default_factory=list)
    knows_a2u: bool = True
    fails: Callable[[int], bool] = lambda number: False
    requests: list[str] = field(default_factory=list)

    async def chats(
        self,
        offset: int = 0,
        *,
        types: Sequence[str] = (),
        unread: bool = False,
        items: Sequence[int] = (),
    ) -> list[ListedChat] | Failure:
        self.requests.append(f"{offset} {','.join(types)} {unread} {list(items)}")
        self.before(len(self.requests))
        if self.fails(len(self.requests)):
            return Failure(Reason("silence", seconds=15))
        if "a2u" in types and not self.knows_a2u:
            return Failure(Reason("status", status=400), 400)
        assert offset <= 1000
        found = [
            one
            for one in sorted(self.chats_there, key=lambda one: -(one.updated or 0))
            if one.chat_id[:3] in (types or ("u2i",))
            and (not unread or one.chat_id in self.unread)
            and (not items or one.facts.item_id in items)
        ]
        return found[offset : offset + 100]

    async def items(self, page: int) -> list[int | None] | Failure:
        self.requests.append(f"items {page}")
        own = self.own_items
        return own if isinstance(own, Failure) else own[(page - 1) * 99 : page * 99]

    async def chat(self, chat_id: str) -> Reply:
        self.requests.append(f"chat {chat_id}")
        there = [one for one in self.chats_there if one.chat_id == chat_id]
        return there[0].facts if there else NotFound()


class ListingRun:
    """A reading of the list, with an earlier file or without."""

    def __init__(
        self, avito: ListingAvito, folder: Path, *, until: str = "end", is_whole: bool = True,
        expected: int | None = None, named: dict[str, int | None] | None = None,
    ) -> None:  # fmt: skip
        async def applications() -> dict[str, int | None]:
            return named or {}

        given = {"source": "api", "until": until, "expected": expected}
        arguments = ChatsArguments.model_validate(given)
        earlier = KnownChats.of_file(folder / "chats.jl")
        self.listing = ChatListing(
            cast(AvitoClient, avito), arguments, OURS, "https://w", earlier, applications,
            is_whole=is_whole,
        )  # fmt: skip
        avito.requests.clear()
        self.reason, self.chats = asyncio.run(self.listing.read())
        self.by_id = {chat.chat_id: chat for chat in self.chats}
        assert len(self.by_id) == len(self.chats)
        assert [chat.position for chat in self.chats] == list(range(1, len(self.chats) + 1))

    def save(self, folder: Path) -> None:
        save(folder, self.chats)


def save(folder: Path, chats: Sequence[Chat]) -> None:
    lines = [json.dumps(vars(chat), ensure_ascii=False) for chat in chats]
    (folder / "chats.jl").write_text("\n".join(lines), encoding="utf-8")


def ids(avito: ListingAvito) -> set[str]:
    return {one.chat_id for one in avito.chats_there}


def test_below_the_cap_the_list_is_whole(tmp_path: Path) -> None:
    avito = ListingAvito([listed(number) for number in range(250)], unread={"u2i-3"})
    run = ListingRun(avito, tmp_path)
    assert (run.reason, set(run.by_id)) == ("finished", ids(avito))
    chat = run.by_id["u2i-3"]
    assert (chat.is_unread, run.by_id["u2i-4"].is_unread) == (True, False)
    assert (chat.user_name, chat.last_message_direction) == ("name 3", "in")
    assert chat.chat_url == "https://w/profile/messenger/channel/u2i-3"


def test_an_unchanged_list_costs_two_pages_and_a_look_at_its_top(tmp_path: Path) -> None:
    avito = ListingAvito([listed(number) for number in range(900)], unread={"u2i-3"})
    ListingRun(avito, tmp_path).save(tmp_path)
    run = ListingRun(avito, tmp_path, until="known")
    assert (run.reason, set(run.by_id)) == ("finished", ids(avito))
    assert len(avito.requests) == 4
    assert run.by_id["u2i-800"].last_message == f"text {START - 800}"


def whole_file(folder: Path, avito: ListingAvito) -> None:
    """The file of a run with a browser, which sees every chat."""
    save(folder, [
        Chat(one.chat_id, chat_type=one.chat_id[:3], last_message=one.facts.last_message,  # type: ignore[arg-type]
             last_message_at=one.facts.last_message_at, last_message_direction="in")
        for one in avito.chats_there
    ])  # fmt: skip


def test_past_the_cap_the_newest_and_the_earlier_are_every_chat(tmp_path: Path) -> None:
    avito = ListingAvito([listed(number) for number in range(2655)])
    avito.chats_there.append(listed(7000, kind="a2u", at=START - 3000))
    whole_file(tmp_path, avito)
    avito.chats_there += [listed(9000, at=START + 50)]
    avito.chats_there[2000] = listed(2000, at=START + 60)
    avito.unread = {"u2i-2000", "u2i-2600"}
    for until in ("known", "end"):
        run = ListingRun(avito, tmp_path, until=until)
        assert (run.reason, set(run.by_id)) == ("finished", ids(avito))
        assert [chat.chat_id for chat in run.chats[:2]] == ["u2i-2000", "u2i-9000"]
        assert run.by_id["u2i-2000"].last_message == f"text {START + 60}"
        unread = {chat.chat_id for chat in run.chats if chat.is_unread}
        assert unread == avito.unread
    ListingRun(avito, tmp_path, until="known")
    assert len(avito.requests) == 5


def test_past_the_cap_without_an_earlier_file_the_union_is_incomplete(tmp_path: Path) -> None:
    avito = ListingAvito([listed(number, item=1 if number < 2000 else 2) for number in range(2655)])
    avito.unread = {"u2i-1900"}
    run = ListingRun(avito, tmp_path, named={"u2i-2400": 2, "u2i-1999": 1, "u2i-1": 1})
    assert run.reason == "incomplete"
    sources = {name: count for name, count in run.listing.sources.items() if count}
    # the second vacancy is known from an application alone, and has 655 chats
    assert sources == {"newest": 1100, "unread": 1, "vacancies": 655, "applications": 1}
    assert {"u2i-1999", "u2i-2654", "u2i-1900"} <= set(run.by_id)
    assert (run.by_id["u2i-1999"].item_id, run.by_id["u2i-1999"].last_message_at) == (1, None)


def test_own_items_are_further_parts_of_a_list_past_the_cap(tmp_path: Path) -> None:
    def item(number: int) -> int:
        return 1 if number < 1200 else 2 if number < 2400 else 3

    avito = ListingAvito([listed(number, item=item(number)) for number in range(2655)])
    avito.own_items = [*range(5000, 5150), None, 1, 3, 2]
    run = ListingRun(avito, tmp_path)
    sources = {name: count for name, count in run.listing.sources.items() if count}
    # The second has more chats than a query shows: all but its oldest hundred.
    assert sources == {"newest": 1100, "items": 1100 + 255}
    assert run.reason == "incomplete"
    assert [one for one in avito.requests if "items" in one] == ["items 1", "items 2"]
    assert {"u2i-1200", "u2i-2654"} <= set(run.by_id)

    whole_file(tmp_path, avito)
    assert ListingRun(avito, tmp_path).reason == "finished"
    assert not [one for one in avito.requests if "items" in one]


def test_own_items_that_cannot_be_read_are_told_and_cost_nothing_else(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    avito = ListingAvito([listed(number, item=number // 1300 + 1) for number in range(2655)])
    avito.own_items = Failure(Reason("status", status=403), 403)
    run = ListingRun(avito, tmp_path, named={"u2i-2600": 2})
    assert run.listing.sources["items"] == 0
    assert (run.reason, len(run.chats)) == ("incomplete", 2201)
    assert "list of own items could not be read" in caplog.text


def test_no_more_than_ten_pages_of_own_items(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    avito = ListingAvito([listed(number) for number in range(1300)])
    avito.own_items = [*range(5000, 7000)]
    ListingRun(avito, tmp_path)
    assert [one for one in avito.requests if "items" in one][-1] == "items 10"
    assert "Only the first 990 own items" in caplog.text


def test_an_earlier_file_that_is_not_whole_is_kept_in_the_union(tmp_path: Path) -> None:
    avito = ListingAvito([listed(number) for number in range(2655)])
    whole_file(tmp_path, avito)
    run = ListingRun(avito, tmp_path, is_whole=False, until="known")
    assert (run.reason, len(run.chats)) == ("incomplete", 2655)


def test_avitos_own_chats_that_the_api_does_not_list_are_kept(tmp_path: Path) -> None:
    avito = ListingAvito([*(listed(number) for number in range(50)), listed(60, kind="a2u")])
    whole_file(tmp_path, avito)
    avito.knows_a2u = False
    run = ListingRun(avito, tmp_path)
    assert (run.reason, set(run.by_id)) == ("finished", ids(avito))
    assert run.by_id["a2u-60"].is_unread is None


def test_a_chat_is_gone_only_when_avito_says_so(tmp_path: Path) -> None:
    avito = ListingAvito([listed(number) for number in range(120)])
    ListingRun(avito, tmp_path).save(tmp_path)
    del avito.chats_there[110]
    assert "u2i-110" not in ListingRun(avito, tmp_path).by_id
    assert avito.requests[-1] == "chat u2i-110"
    assert "u2i-110" in ListingRun(avito, tmp_path, until="known").by_id
    # another account's file says nothing
    avito.chats_there = [listed(number) for number in range(5000, 5100)]
    assert set(ListingRun(avito, tmp_path).by_id) == ids(avito)


def test_a_chat_lifted_while_the_list_is_read_is_found(tmp_path: Path) -> None:
    avito = ListingAvito([listed(number) for number in range(700)])

    def lift(number: int) -> None:
        if number == 4:
            avito.chats_there[650] = listed(650, at=START + 10)

    avito.before = lift
    run = ListingRun(avito, tmp_path)
    assert (run.reason, set(run.by_id)) == ("finished", ids(avito))
    assert run.by_id["u2i-650"].last_message == f"text {START + 10}"


def test_a_list_out_of_order_is_read_to_its_end(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    avito = ListingAvito([listed(number) for number in range(500)])
    ListingRun(avito, tmp_path).save(tmp_path)
    facts = avito.chats_there[499].facts
    newer = facts._replace(last_message_at=datetime.fromtimestamp(START, timezone.utc).isoformat())
    avito.chats_there[20] = avito.chats_there[20]._replace(facts=newer)
    run = ListingRun(avito, tmp_path, until="known")
    assert (run.reason, len(run.chats)) == ("finished", 500)
    assert len(avito.requests) > 6
    assert "not in the order of last messages" in caplog.text


def test_texts_that_the_api_hides_stay_as_they_were_known(tmp_path: Path) -> None:
    avito = ListingAvito([listed(number) for number in range(3)])
    whole_file(tmp_path, avito)
    hidden: dict[str, Any] = {
        "last_message": None,
        "last_message_direction": None,
        "texts_hidden": True,
    }
    avito.chats_there = [
        one._replace(facts=one.facts._replace(**hidden)) for one in avito.chats_there
    ]
    avito.chats_there[0] = listed(0, at=START + 5)
    avito.chats_there[0] = avito.chats_there[0]._replace(
        facts=avito.chats_there[0].facts._replace(**hidden)
    )
    run = ListingRun(avito, tmp_path)
    assert run.by_id["u2i-1"].last_message == f"text {START - 1}"
    assert (run.by_id["u2i-0"].last_message, run.by_id["u2i-0"].last_message_direction) == (
        None,
        None,
    )


def test_a_page_that_cannot_be_had_is_no_end(tmp_path: Path) -> None:
    for failing in (1, 3, 12):
        avito = ListingAvito([listed(number) for number in range(2000)])
        avito.fails = lambda number, failing=failing: number == failing  # type: ignore[misc]
        with pytest.raises(ApiUnusable, match="unavailable"):
            ListingRun(avito, tmp_path)


def test_unread_chats_that_could_not_be_read_are_unknown_not_read(tmp_path: Path) -> None:
    avito = ListingAvito([listed(number) for number in range(30)])
    avito.fails = lambda number: "True" in avito.requests[-1]
    run = ListingRun(avito, tmp_path)
    assert {chat.is_unread for chat in run.chats} == {None}


def test_fewer_than_expected_is_incomplete_and_read_to_the_end(tmp_path: Path) -> None:
    avito = ListingAvito([listed(number) for number in range(900)])
    ListingRun(avito, tmp_path).save(tmp_path)
    run = ListingRun(avito, tmp_path, until="known", expected=901)
    assert (run.reason, len(run.chats)) == ("incomplete", 900)
    assert len(avito.requests) > 10
