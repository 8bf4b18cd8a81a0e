"""The way down the list of chats, to an end that is proven."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from avito_scrapy.browser.chat_collector import ChatCollector
from avito_scrapy.browser.end_detection import EndDetector
from avito_scrapy.browser.messenger_page import MessengerPage, PageView
from avito_scrapy.browser.pace import LONGEST, Pace
from avito_scrapy.items import Chat

# Looks without a new chat after which the head of a list is taken for read, where no answer tells
# how far down it goes.
STALE = 3
# Times the list is read down when it does not show its end, as long as more is found.
RELOADS = 4
# Times the head is read again, as long as it has something new.
HEADS = 5
# Looks in a row that a page which stirs is given to bring something new.
STIRS = 3


@dataclass
class ListScroll:
    """One run down the list, then a second look at its head.

    A page that got stuck on the way is loaded again before it is believed to have no more.

    The list moves while one reads it: a new message lifts a chat to the top, also one that was
    not read yet. All such chats are above the place where the top was at the start, so the list
    is opened once more and read down to there, again and again until that brings nothing new.

    ``count`` is called with ``rounds`` or ``recoveries`` for each.
    """

    messenger: MessengerPage
    roster: ChatCollector
    pace: Pace
    count: Callable[[str], None]
    expected: int | None = None
    """How many chats there must be, if that is known."""
    end_seen: bool = False
    """The page itself said that nothing follows, and nothing did."""
    proven: bool = False
    """The list was read to its end: the page said so, or as many were found as there must be and
    nothing speaks against it."""
    _evidence: EndDetector = field(default_factory=EndDetector)
    _document: float = 0.0
    _stale: int = 0
    _stirs: int = 0
    _loads: int = 0
    _barren: int = 0

    async def batches(self) -> AsyncIterator[list[Chat]]:
        """Chats as they are found, each once.

        Raises:
            MessengerError: it was cut short; ``roster.ready(everything=True)`` has what is left.
        """
        start: float | None = None
        for tries in range(RELOADS):
            found = self.roster.found
            self._take(await self.messenger.open())
            async for batch in self._down(lambda: False):
                yield batch
            start = start or self.messenger.answers.newest
            self.proven = self._is_enough()
            if self.proven or (tries and self.roster.found == found):
                break
        if self.proven:
            async for batch in self._head(start):
                yield batch

    def take_answers(self) -> None:
        """Hand the roster what the page was answered since the last time."""
        for answer in self.messenger.answers.take():
            self.roster.add_answer(answer)

    async def _head(self, start: float | None) -> AsyncIterator[list[Chat]]:
        """Read the list down to where its top was at the start, until that brings nothing new.

        What is above that place must have been read for the list to be.
        """
        answers = self.messenger.answers
        for _ in range(HEADS):
            found = self.roster.found
            answers.start_over()
            self._take(await self.messenger.open())
            # The first answer mostly reaches far enough down. To scroll before it is read has the
            # page ask for more, and the longer a pass takes the more can be lifted behind it.
            while answers.waiting:
                await self.messenger.watch.news(0.5)
            self._take(await self.messenger.look())
            async for batch in self._down(partial(self._head_is_read, start)):
                yield batch
            self.proven = self._head_is_read(start) or not self._is_broken()
            if self.proven:
                if self.roster.found == found:
                    return
                start = answers.newest

    def _is_enough(self) -> bool:
        """Whether the list may be taken for read, at its bottom."""
        if self.end_seen:
            return True
        enough = self.expected is not None and self.roster.found >= self.expected
        return enough and not self._is_broken()

    def _is_broken(self) -> bool:
        """Whether the page says that there is more, or could not load it."""
        return self.messenger.answers.has_more is True or self.messenger.answers.failures > 0

    def _head_is_read(self, start: float | None) -> bool:
        if start is None:
            return self._stale >= STALE
        return self.messenger.answers.reached < start

    async def _down(self, enough: Callable[[], bool]) -> AsyncIterator[list[Chat]]:
        answers = self.messenger.answers
        evidence = self._evidence = EndDetector()
        known = self.roster.found
        self._stale = 0
        while not enough():
            self.count("rounds")
            self._stale += 1
            view = await self.messenger.look(self.pace.steps())
            new = self._take(view)
            yield self.roster.ready()
            if view.bottom:
                await self._at_bottom(view)
            else:
                await self.messenger.watch.rest(self.pace.pause(new))
            self._add(())  # what came meanwhile counts before anything is made of its absence
            ended = evidence.ended(has_more=answers.has_more)
            self.end_seen = self.end_seen or ended
            # A page that says it has more and brings nothing is stuck: it is loaded again.
            stuck = answers.has_more is True
            sure = stuck or self._is_enough() or self.roster.found == known
            # What is on its way is waited for, unless what came before it was nothing new.
            loading = answers.waiting and not self._barren
            tired = not loading and evidence.exhausted(failures=answers.failures, sure=sure)
            if ended or tired:
                return

    async def _at_bottom(self, view: PageView) -> None:
        """See whether the page brings more, and have it do so."""
        watch, answers, evidence = self.messenger.watch, self.messenger.answers, self._evidence
        if answers.waiting:
            # A page that asks on and on and is told of nothing new has come to its end too.
            if not self._add(()) and answers.loads > self._loads:
                self._loads = answers.loads
                self._barren += 1
                evidence.nothing()
            await watch.news(0.5)
            return
        stirs = await watch.news(0.06)
        if answers.waiting:
            return
        if stirs and self._stirs < STIRS:
            self._stirs += 1
            return
        if answers.failures:
            await self._try_again(view)
            return
        evidence.nothing()
        pressed = await self.messenger.press("more")
        came = await watch.news(evidence.patience(has_more=answers.has_more))
        if came or pressed or answers.has_more is False:
            return
        await self.messenger.check_signs()
        await self._up_and_down(view)

    async def _try_again(self, view: PageView) -> None:
        """A load failed: have the page do it again."""
        watch, answers = self.messenger.watch, self.messenger.answers
        await self.messenger.check_signs()
        failures = answers.failures
        await watch.rest(min(0.1 * 2**failures, 2.0))
        if await self.messenger.press("retry"):
            self.count("recoveries")
        else:
            await self._up_and_down(view)
        await watch.news(1.0)
        if answers.failures == failures and not answers.waiting:
            self._evidence.nothing()

    async def _up_and_down(self, view: PageView) -> None:
        """Leave the bottom and come back: lists load when their end comes into sight."""
        self.count("recoveries")
        far = 1 + self._evidence.quiet
        self._take(await self.messenger.look([-view.client * far]))
        await self.messenger.watch.rest(min(0.1 * far, 0.5))
        await self.messenger.outwards()
        self._take(await self.messenger.look([LONGEST] * (2 * far + 2)))

    def _take(self, view: PageView) -> int:
        """Hand the roster what has come in; how many chats of it are new."""
        if view.document != self._document:
            self._document = view.document
            self.roster.start_over()
        found = self.roster.found
        self._add(view.rows)
        return self.roster.found - found

    def _add(self, rows: Sequence[dict[str, Any]]) -> bool:
        """Hand the roster rows and the latest answers; whether that was progress."""
        found, met = self.roster.found, self.roster.met
        self.take_answers()
        self.roster.add_rows(rows)
        if self.roster.found != found:
            self.messenger.settled_in()
            self._stale = 0
        if self.roster.met == met:
            return False
        self._evidence.progress()
        self._stirs = self._barren = 0
        self._loads = self.messenger.answers.loads
        return True
