"""The way down the list of chats, to an end that is proven."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

from avito_scrapy.browser.evidence import Evidence
from avito_scrapy.browser.messenger import Messenger, View
from avito_scrapy.browser.pace import LONGEST, Pace
from avito_scrapy.browser.roster import Roster
from avito_scrapy.items import Chat

# Looks without a new chat after which the head of a list is taken for read, where no answer tells
# how far down it goes.
STALE = 3
# Times the list is read down when it does not show its end, as long as more is found.
RELOADS = 4
# Looks in a row that a page which stirs is given to bring something new.
STIRS = 3


@dataclass
class Scroll:
    """One run down the list, then a second look at its head.

    A page that got stuck on the way is loaded again before it is believed to have no more.

    The list moves while one reads it: a new message lifts a chat to the top, also one that was
    not read yet. All such chats are above the place where the top was at the start, so the list
    is opened once more and read down to there.

    ``count`` is called with ``rounds`` or ``recoveries`` for each.
    """

    messenger: Messenger
    roster: Roster
    pace: Pace
    count: Callable[[str], None]
    expected: int | None = None
    """How many chats there must be, if that is known."""
    end_seen: bool = False
    """The page itself said that nothing follows, and nothing did."""
    _evidence: Evidence = field(default_factory=Evidence)
    _document: float = 0.0
    _stale: int = 0
    _stirs: int = 0

    async def batches(self) -> AsyncIterator[list[Chat]]:
        """Chats as they are found, each once.

        Raises:
            Trouble: it was cut short; ``roster.ready(everything=True)`` has what is left.
        """
        start: float | None = None
        for tries in range(RELOADS):
            found = self.roster.found
            self._take(await self.messenger.open())
            async for batch in self._down(lambda: False):
                yield batch
            start = start or self.messenger.answers.newest
            if self._proven or (tries and self.roster.found == found):
                break
        if self._proven:
            self._take(await self.messenger.open())
            async for batch in self._down(lambda: self._head_is_read(start)):
                yield batch
        yield self.roster.ready(everything=True)

    @property
    def _proven(self) -> bool:
        satisfied = self.expected is not None and self.roster.found >= self.expected
        return self.end_seen or satisfied

    def _head_is_read(self, start: float | None) -> bool:
        if start is None:
            return self._stale >= STALE
        return self.messenger.answers.reached < start

    async def _down(self, enough: Callable[[], bool]) -> AsyncIterator[list[Chat]]:
        answers = self.messenger.answers
        evidence = self._evidence = Evidence()
        known = self.roster.found
        self._stale = 0
        while not enough():
            self.count("rounds")
            view = await self.messenger.look(self.pace.steps())
            new = self._take(view)
            self._stale = 0 if new else self._stale + 1
            yield self.roster.ready()
            if view.bottom:
                await self._at_bottom(view)
            else:
                await self.messenger.watch.rest(self.pace.pause(new))
            self.end_seen = self.end_seen or evidence.ended(has_more=answers.has_more)
            # A page that says it has more and brings nothing is stuck: it is loaded again.
            stuck = answers.has_more is True
            sure = stuck or self._proven or self.roster.found == known
            if self.end_seen or evidence.exhausted(failures=answers.failures, sure=sure):
                return

    async def _at_bottom(self, view: View) -> None:
        """See whether the page brings more, and have it do so."""
        watch, answers, evidence = self.messenger.watch, self.messenger.answers, self._evidence
        if answers.waiting:
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

    async def _try_again(self, view: View) -> None:
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

    async def _up_and_down(self, view: View) -> None:
        """Leave the bottom and come back: lists load when their end comes into sight."""
        self.count("recoveries")
        far = 1 + self._evidence.quiet
        self._take(await self.messenger.look([-view.client * far]))
        await self.messenger.watch.rest(min(0.1 * far, 0.5))
        await self.messenger.outwards()
        self._take(await self.messenger.look([LONGEST] * (2 * far + 2)))

    def _take(self, view: View) -> int:
        """Hand the roster what has come in; how many chats of it are new."""
        if view.document != self._document:
            self._document = view.document
            self.roster.start_over()
        found, met = self.roster.found, self.roster.met
        for answer in self.messenger.answers.take():
            self.roster.add_answer(answer)
        self.roster.add_rows(view.rows)
        if self.roster.met != met:
            self._evidence.progress()
            self._stirs = 0
        if self.roster.found != found:
            self.messenger.settled_in()
        return self.roster.found - found
