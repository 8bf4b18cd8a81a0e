"""Every chat of an account from the API's list, which shows 1,100 of a query at most."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator, Mapping, Sequence

from avito_scrapy.api_client import AvitoClient
from avito_scrapy.api_transport import ApiUnusable
from avito_scrapy.arguments import ChatsArguments
from avito_scrapy.avito.chat_list import (
    LAST_OFFSET,
    KnownList,
    ListedChat,
    listed_chat,
    merged,
    named_chat,
    own_items,
)
from avito_scrapy.avito.endpoints import PAGE
from avito_scrapy.avito.results import Failure, NotFound
from avito_scrapy.items import Chat
from avito_scrapy.known_chats import KnownChats
from avito_scrapy.reasons import Reason
from avito_scrapy.times import now_iso

logger = logging.getLogger(__name__)

Applications = Callable[[], Awaitable[Mapping[str, int | None]]]
TYPES = (("u2i", "u2u", "a2u"), ("u2i", "u2u"), ())
"""Types of chats to ask for: all, then those that no source doubts, then Avito's own choice."""
MOST_ASKED = 50
"""Chats that are no longer listed and are asked for one by one, whether they are gone."""
_BATCH = 50


class ChatListing:
    """Reads the list, newest first, and puts every chat together once.

    Args:
        client: sends the requests.
        arguments: the run's: ``until``, ``expected`` and ``limit`` count.
        account_id: whose chats they are: whose own items are vacancies.
        web_url: AVITO_WEB_URL, for the chats' addresses.
        earlier: the earlier ``chats.jl``, empty when there is none.
        is_whole: that one is known to hold every chat.
        applications: gives the chats that applications name, with their vacancies; called only
            when the list does not show every chat.
    """

    def __init__(
        self,
        client: AvitoClient,
        arguments: ChatsArguments,
        account_id: int,
        web_url: str,
        earlier: KnownChats,
        applications: Applications,
        *,
        is_whole: bool,
    ) -> None:
        self._client = client
        self._arguments = arguments
        # 0: not known
        self._expected = arguments.expected if isinstance(arguments.expected, int) else 0
        self._account_id = account_id
        self._web_url = web_url
        self._earlier = earlier
        self._applications = applications
        self._watch = KnownList(earlier.last) if is_whole else None
        self.sources: Counter[str] = Counter()
        """How many chats each source gave that none before it had."""
        self._listed: dict[str, ListedChat] = {}
        self._named: Mapping[str, int | None] = {}
        self._unread: set[str] = set()
        self._unread_is_whole = False
        self._types: Sequence[str] = TYPES[0]
        self._longest = 0

    async def read(self) -> tuple[str, list[Chat]]:
        """Read what there is to read; gives the run's reason and the chats.

        Raises:
            ApiUnusable: a page of the list's first query cannot be had.
        """
        ended = await self._newest()
        whole = ended or (self._watch is not None and self._watch.reached)
        await self._read_unread()
        if not whole:
            await self._read_parts()
        # Another account's file says nothing.
        related = not self._earlier.last.keys().isdisjoint(self._listed)
        gone = await self._gone() if ended and related else set()
        chats = self._together(self._earlier.chats(leaving_out=gone) if related else ())
        return self._judge(len(chats), whole=whole), chats[: self._arguments.limit]

    @property
    def texts_hidden(self) -> bool:
        """Avito has shown a stub in place of a text."""
        return any(one.facts.texts_hidden for one in self._listed.values())

    @property
    def _shown_types(self) -> Sequence[str]:
        """Types that the list shows: without any named, Avito's own choice."""
        return self._types or ("u2i",)

    async def _newest(self) -> bool:
        """Read the newest chats; whether the list was read to its end."""
        for types in TYPES:
            self._types = types
            first = await self._client.chats(0, types=types)
            if not isinstance(first, Failure) or first.status != 400:
                break
        if isinstance(first, Failure):
            raise _unreadable(first)
        top = max((one.updated or 0.0 for one in first), default=0.0)
        ended = await self._query("newest", first=first)
        if ended is None:
            raise _unreadable(Failure(Reason("chat_list_cut")))
        # What a message lifted meanwhile, from where it was not read yet, is above the old top.
        offset = 0
        while offset <= LAST_OFFSET and self._listed:
            page = await self._client.chats(offset, types=self._types)
            if isinstance(page, Failure):
                raise _unreadable(page)
            self._add("newest", page)
            if not page or min(one.updated or 0.0 for one in page) < top:
                break
            offset += len(page)
        return ended

    async def _query(
        self,
        source: str,
        *,
        types: Sequence[str] | None = None,
        unread: bool = False,
        items: Sequence[int] = (),
        first: list[ListedChat] | None = None,
    ) -> bool | None:
        """Read a query page after page; whether its end was seen, None: a page cannot be had.

        The query of the newest, whose first page is there, goes on to an empty page, or to where
        the list is known; of others one that is shorter than the longest so far is the last.
        """
        types = self._types if types is None else types
        offset = 0
        seen: set[str] = set()
        lowest: float | None = None
        while offset <= LAST_OFFSET:
            page: list[ListedChat] | Failure
            if first is not None and offset == 0:
                page = first
            else:
                page = await self._client.chats(offset, types=types, unread=unread, items=items)
            if isinstance(page, Failure):
                return None
            self._add(source, page)
            if unread:
                self._unread.update(one.chat_id for one in page)
            if first is not None and self._watch is not None:
                fresh = [one for one in page if one.chat_id not in seen]
                seen.update(one.chat_id for one in fresh)
                self._watch.add_page([one.entry for one in fresh], lowest)
                lowest = min((one.updated or 0.0 for one in fresh), default=lowest)
                if self._watch.reached and self._arguments.until == "known" and self._enough():
                    return False
            if not page or (first is None and len(page) < self._longest):
                return True
            self._longest = max(self._longest, len(page))
            offset += len(page)
        return False

    def _enough(self) -> bool:
        return len(self._listed.keys() | self._earlier.last.keys()) >= self._expected

    def _add(self, source: str, page: Iterable[ListedChat]) -> None:
        for one in page:
            there = self._listed.get(one.chat_id)
            if there is None:
                self.sources[source] += 1
            if there is None or (one.updated or 0.0) >= (there.updated or 0.0):
                self._listed[one.chat_id] = one

    async def _read_unread(self) -> None:
        self._unread_is_whole = bool(await self._query("unread", unread=True))
        if not self._unread_is_whole:
            logger.warning("Which chats are unread could not be read to the end")

    async def _read_parts(self) -> None:
        """Ask for what lies below the newest in whatever parts the list can be asked for."""
        for kind in self._shown_types:
            await self._query(kind, types=(kind,))
        self._named = await self._applications()
        about = [one.facts for one in self._listed.values() if one.facts.item_id is not None]
        vacancies = {facts.item_id for facts in about if facts.item_owner == self._account_id}
        vacancies |= set(self._named.values())
        for vacancy in sorted(number for number in vacancies if number is not None):
            await self._query("vacancies", items=(vacancy,))
        items = await own_items(self._client.items) - vacancies
        self.sources["items"] += 0
        for part in _parts(items):
            await self._query_items(part)
        known = {facts.item_id for facts in about if facts.item_id is not None}
        for part in _parts(known - vacancies - items):
            await self._query("resumes", items=part)
        missing = [chat_id for chat_id in self._named if chat_id not in self._listed]
        self.sources["applications"] = len(missing)

    async def _query_items(self, items: list[int]) -> None:
        """Read the chats about items; about fewer at a time where they are too many."""
        ended = await self._query("items", items=items)
        if ended is False and len(items) > 1:
            half = len(items) // 2
            await self._query_items(items[:half])
            await self._query_items(items[half:])

    async def _gone(self) -> set[str]:
        """Chats of the earlier file that are no longer there: not listed, and Avito says so."""
        # Avito's own chats may be no business of this list.
        types = {*self._shown_types} - {"a2u"}
        unlisted = self._earlier.last.keys() - self._listed.keys()
        missing = [one for one in unlisted if one.partition("-")[0] in types]
        if len(missing) > MOST_ASKED:
            logger.warning(
                "%d chats are no longer listed; they are kept: `scrapy crawl chats` with a browser "
                "finds out which are gone", len(missing),
            )  # fmt: skip
            return set()
        replies = {one: await self._client.chat(one) for one in missing}
        return {one for one, reply in replies.items() if isinstance(reply, NotFound)}

    def _together(self, earlier: Iterable[Chat]) -> list[Chat]:
        """The chats: as listed, as applications name them, and as the earlier run knew them."""
        now = now_iso()
        shown = sorted(self._listed.values(), key=lambda one: -(one.updated or 0.0))
        lines = {one.chat_id: listed_chat(one, self._web_url, now) for one in shown}
        kept: list[Chat] = []
        for chat in earlier:
            listed = self._listed.get(chat.chat_id)
            if listed is None:
                kept.append(chat)
            elif self._earlier.last[chat.chat_id].same_as(listed.last):
                lines[chat.chat_id] = merged(lines[chat.chat_id], chat)
        self.sources["earlier"] = len(kept)
        chats = [*lines.values(), *kept]
        there = {chat.chat_id for chat in chats}
        for chat_id, vacancy in self._named.items():
            if chat_id not in there:
                chats.append(named_chat(chat_id, vacancy, self._web_url, now))
        for position, chat in enumerate(chats, 1):
            chat.position = position
            if chat.chat_id in self._unread:
                chat.is_unread = True
            elif self._unread_is_whole and chat.chat_type in self._shown_types:
                # Of Avito's own chats only those that the list shows are known.
                asked = chat.chat_type != "a2u" or chat.chat_id in self._listed
                chat.is_unread = False if asked else chat.is_unread
        return chats

    def _judge(self, found: int, *, whole: bool) -> str:
        expected, limit = self._expected, self._arguments.limit
        if limit is not None and found >= limit:
            return "finished"
        if self._watch is not None and not self._watch.ordered:
            logger.warning("The API's list is not in the order of last messages")
        given = ", ".join(f"{name} {count}" for name, count in self.sources.items() if count)
        if not whole:
            logger.error(
                "Avito's list shows %d chats of a query at most, and there are more; found: %s. "
                "One run with a browser makes it whole; later ones with source=api keep it so",
                LAST_OFFSET + PAGE, given,
            )  # fmt: skip
            return "incomplete"
        logger.info("Chats: %s", given)
        if found < expected:
            logger.error("%d chats found, %d expected", found, expected)
            return "incomplete"
        return "finished"


def _unreadable(failure: Failure) -> ApiUnusable:
    logger.error("The list of chats could not be read: %s", failure.reason)
    return ApiUnusable("subscription_required" if failure.status == 402 else "unavailable")


def _parts(ids: Collection[int]) -> Iterator[list[int]]:
    """As many at a time as one query asks about."""
    ordered = sorted(ids)
    for start in range(0, len(ordered), _BATCH):
        yield ordered[start : start + _BATCH]
