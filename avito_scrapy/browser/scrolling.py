"""The way down the list of chats, to an end that is proven."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from avito_scrapy.avito.chat_list import KnownEntry, KnownList, KnownMessage
from avito_scrapy.avito.web_messenger import Channel
from avito_scrapy.browser.chat_collector import ChatCollector
from avito_scrapy.browser.messenger_page import MessengerPage, PageView
from avito_scrapy.browser.pacing import LONGEST, SURE, EndDetector, Pace
from avito_scrapy.items import Chat

# Looks without a new chat after which the head of a list is taken for read, where no answer tells
# how far down it goes.
STALE = 3
# Times a list that does not show its end is read down, as long as more is found.
RELOADS = 4
# Times the head is read again, as long as it has something new.
HEADS = 5
# Looks in a row that a page which stirs is given to bring something new.
STIRS = 3


@dataclass
class ListScroll:
    """Reads the list down to its end, then its head once more.

    A page that has more and does not bring it is waited for with growing pauses, its buttons are
    pressed, and it is loaded again, until the patience of ``end`` is over.

    The list moves while one reads it: a new message lifts a chat to the top, also one that was
    not read yet. All such chats are above the place where the top was at the start, so the list
    is opened once more and read down to there, again and again until that brings nothing new.

    ``count`` is called with ``rounds`` or ``recoveries`` for each.
    """

    page: MessengerPage
    collector: ChatCollector
    pace: Pace
    end: EndDetector
    known: KnownList | None
    count: Callable[[str], None]
    expected: int | None = None
    """How many chats there must be, if that is known."""
    newest: float | None = None
    """Place of the list's first chat when it was first read, in Unix seconds."""
    end_seen: bool = False
    """The page itself said that nothing follows, and nothing did."""
    proven: bool = False
    """The list was read to its end: the page said so, or as many were found as there must be and
    nothing speaks against it."""
    _document: float = 0.0
    _stale: int = 0
    _stirs: int = 0
    _stuck: bool = False
    _button: bool = False
    # Good loads and failed ones, when the list last went on or they were last looked at; good
    # loads since then that brought nothing new.
    _loads: int = 0
    _failed_loads: int = 0
    _barren: int = 0

    @property
    def total(self) -> int:
        """Number of different chats, with those below a part that is known."""
        found = self.collector.ids
        if self.known is not None and self.known.reached and not self.end_seen:
            return len(found | self.known.ids)
        return len(found)

    async def batches(self) -> AsyncIterator[list[Chat]]:
        """Chats as they are found, each once.

        Raises:
            MessengerError: it was cut short; ``collector.ready(everything=True)`` has what is left.
        """
        tries = 0
        while True:
            found = self.collector.found
            async for batch in self._pass(self._is_known):
                yield batch
            self.newest = self.newest or self.page.responses.newest
            self.proven = self._is_enough()
            if self.proven or self.end.given_up:
                break
            if not self._stuck:
                tries += 1
                if tries == RELOADS or (tries > 1 and self.collector.found == found):
                    break
        if self.proven:
            async for batch in self._head(self.newest):
                yield batch

    def take_answers(self) -> None:
        """Give the collector what the page was answered since the last time."""
        for answer in self.page.responses.take():
            self.collector.add_answer(answer)
            if self.known is not None:
                self.known.add_page([_entry(channel) for channel in answer.channels], answer.below)

    async def _head(self, start: float | None) -> AsyncIterator[list[Chat]]:
        """Read the list down to where its top was at the start, until that brings nothing new."""
        heads = 0
        while heads < HEADS and not self.end.given_up:
            found = self.collector.found
            self.page.responses.start_over()
            async for batch in self._pass(partial(self._head_is_read, start), head=True):
                yield batch
            self.proven = self._head_is_read(start) or not self._has_more()
            heads += self.proven or not self._stuck
            if self.proven:
                if self.collector.found == found:
                    return
                start = self.page.responses.newest

    def _is_enough(self) -> bool:
        """Whether the list may be taken for read, at its bottom."""
        if self.end_seen or self._is_known():
            return True
        enough = self.expected is not None and self.total >= self.expected
        return enough and not self._has_more()

    def _is_known(self) -> bool:
        """Whether everything below what was read is known from an earlier run."""
        if self.known is None or not self.known.reached:
            return False
        return self.expected is None or self.total >= self.expected

    def _has_more(self) -> bool:
        """Whether the page says that there is more, or could not load it."""
        return self.page.responses.has_more is True or self.page.responses.failures > 0

    def _head_is_read(self, start: float | None) -> bool:
        if start is None:
            return self._stale >= STALE
        return self.page.responses.reached < start

    async def _pass(
        self, enough: Callable[[], bool], *, head: bool = False
    ) -> AsyncIterator[list[Chat]]:
        """Load the page and read it down, until ``enough``, its end, or nothing more comes."""
        responses, end = self.page.responses, self.end
        self._take(await self.page.open())
        end.page_loaded()
        if head:
            # The first answer mostly reaches far enough down. To scroll before it is read has the
            # page ask for more, and the longer a pass takes the more can be lifted behind it.
            while responses.pending:
                await self.page.waiter.wait_for_change(0.5)
            self._take(await self.page.look())
        known = self.collector.found
        self._stale = self._barren = 0
        self._stuck = self._button = False
        while not enough():
            self.count("rounds")
            self._stale += 1
            view = await self.page.look(self.pace.steps(), self.pace.steps_ahead())
            new = self._take(view)
            yield self.collector.ready()
            if view.bottom:
                await self._at_bottom(view)
            else:
                await self.page.waiter.sleep(self.pace.pause(new))
            self._add(())  # what came meanwhile counts before anything is made of its absence
            if end.ended(has_more=responses.has_more):
                self.end_seen = True
                return
            if self._nothing_more(known):
                end.page_left()
                return

    def _nothing_more(self, known: int) -> bool:
        """Whether to leave this loading of the page without having seen the list's end."""
        responses, end = self.page.responses, self.end
        # What is on its way is waited for, unless what came before it was nothing new.
        if responses.pending and not self._barren:
            return False
        answered = self._barren >= SURE and not responses.failures
        enough = self._is_enough()
        if not answered and (self._has_more() or (self._button and not enough)):
            self._stuck = end.stuck()
            return self._stuck
        return end.exhausted(sure=self._has_more() or enough or self.collector.found == known)

    async def _at_bottom(self, view: PageView) -> None:
        """See whether the page brings more, and make it do so."""
        waiter, responses = self.page.waiter, self.page.responses
        if responses.pending:
            # A page that asks on and on and is told of nothing new has come to its end too.
            if self._count_loads():
                self.end.nothing()
            await waiter.wait_for_change(0.5)
            return
        stirs = await waiter.wait_for_change(0.06)
        if responses.pending:
            return
        if stirs and self._stirs < STIRS:
            self._stirs += 1
            return
        if self._add(()):
            return
        self._count_loads()
        self.end.nothing()
        if self._has_more() or responses.has_more is None:
            await self.page.check_blocks()
        pause = self.end.pause(has_more=responses.has_more)
        if responses.failures:
            # A refused page is left alone for a while; what is asked next decides.
            pause = max(pause, self.end.patience / 20) if responses.refusals else pause
            await waiter.wait_for_change(pause)
            if responses.pending:
                return
            pause = 1.0
        button = await self.page.press(self.end.quiet - 1)
        self._button = button is not None
        if responses.failures and button == "pressed":
            self.count("recoveries")
        came = await waiter.wait_for_change(pause)
        if came or (responses.has_more is False and not responses.failures):
            return
        # A button that does nothing may be another's.
        if button is None or self.end.quiet % 2 == 0:
            await self._up_and_down(view)

    def _count_loads(self) -> bool:
        """Count the page's loads since the last time; whether one was answered with nothing new."""
        responses = self.page.responses
        if self._add(()):
            return False
        if responses.failed_loads > self._failed_loads:
            self._failed_loads = responses.failed_loads
            self.end.load_failed()
        barren = responses.loads - self._loads
        self._loads = responses.loads
        self._barren += barren
        return barren > 0

    async def _up_and_down(self, view: PageView) -> None:
        """Leave the bottom and come back: lists load when their end comes into sight."""
        self.count("recoveries")
        far = 1 + min(self.end.quiet, 5)
        self._take(await self.page.look([-view.client * far]))
        await self.page.waiter.sleep(min(0.1 * far, 0.5))
        await self.page.scroll_outwards()
        self._take(await self.page.look([LONGEST] * (2 * far + 2)))

    def _take(self, view: PageView) -> int:
        """Give the collector what has come in; how many chats of it are new."""
        if view.document != self._document:
            self._document = view.document
            self.collector.start_over()
        found = self.collector.found
        self._add(view.rows)
        return self.collector.found - found

    def _add(self, rows: Sequence[dict[str, Any]]) -> bool:
        """Give the collector rows and the latest answers; whether that was progress."""
        found, met = self.collector.found, self.collector.met
        self.take_answers()
        self.collector.add_rows(rows)
        if self.collector.found != found:
            self.page.found_new()
            self.end.found_new()
            self._stale = 0
        if self.collector.met == met:
            return False
        self.end.progress()
        self._stirs = self._barren = 0
        self._loads = self.page.responses.loads
        self._failed_loads = self.page.responses.failed_loads
        return True


def _entry(channel: Channel) -> KnownEntry:
    at = channel.at.timestamp() if channel.at else None
    return KnownEntry(channel.chat_id, channel.sorting, KnownMessage.of(at, channel.text))
