"""Carries questions from the desk to Avito and the answers back."""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure as TwistedFailure

from avito_scrapy.avito.case import Ask
from avito_scrapy.avito.desk import Desk, Moves
from avito_scrapy.avito.endpoints import PAGE
from avito_scrapy.avito.job_models import Message
from avito_scrapy.avito.parsing import next_offset, read_messages, read_talk
from avito_scrapy.avito.results import Failure, NotFound, Reply
from avito_scrapy.inquiry.api import Api, answer, trouble
from avito_scrapy.inquiry.memory import Memory
from avito_scrapy.inquiry.replies import read_reply
from avito_scrapy.inquiry.tally import Tally
from avito_scrapy.items import ChatResume

logger = logging.getLogger(__name__)

QUIET_S = 600.0
"""When nothing at all has come for so long, nothing will."""
LOOKS = 60
"""Waits that make up ``QUIET_S``: a machine that sleeps meanwhile loses one of them."""
Made = Request | ChatResume
"""What is yielded to Scrapy."""


class Clerk:
    """Turns the desk's questions into requests, and responses into the desk's answers.

    What the memory knows is not asked. Every question ends in an answer: what goes wrong with one
    is an answer too.
    """

    def __init__(self, url: str, desk: Desk, memory: Memory, tally: Tally) -> None:
        self.desk = desk
        self._api = Api(url, self.answered, self.unanswered)
        self._memory = memory
        self._tally = tally
        self._moved = asyncio.Event()
        self._expected: dict[Ask, Callable[[Reply], None]] = {}

    def follow(self, moves: Moves) -> Iterator[Made]:
        """Give out finished lines, and requests for what is not known yet."""
        pending = deque([moves])
        while pending:
            moves = pending.popleft()
            yield from map(self._tally.line, moves.lines)
            for ask in moves.asks:
                kept = self._memory.reply(ask)
                if kept is not None:
                    pending.append(self.desk.answer(ask, kept))
                else:
                    yield self.send(ask)

    def send(self, ask: Ask, earlier: Iterable[Message | None] = (), offset: int = 0) -> Request:
        """The request for a question; ``earlier``: the messages before ``offset``."""
        ids: tuple[object, ...] = (ask.key,)
        query: list[tuple[str, object]] = []
        if ask.method in ("chat", "messages"):
            ids = (self.desk.rules.account_id, ask.key)
        if ask.method == "messages":
            query = [("limit", PAGE), *([("offset", offset)] if offset else [])]
        return self._api.request(
            ask.method, *ids, query=query, ask=ask, earlier=earlier, offset=offset
        )

    def expect(self, ask: Ask, told: Callable[[Reply], None]) -> None:
        """Have ``told`` called with the answer to ``ask`` as soon as it is there: also in a run
        that is ending, where nothing that waits for it is left."""
        self._expected[ask] = told

    async def wait(self) -> AsyncIterator[Made]:
        """Wait until something has come, if anything is waited for.

        When nothing has for so long that nothing will, what waits is given out as failed.
        """
        if not self.desk.waiting:
            return
        self._moved.clear()
        for _ in range(LOOKS):
            try:
                await asyncio.wait_for(self._moved.wait(), QUIET_S / LOOKS)
            except asyncio.TimeoutError:
                continue
            return
        logger.error("No answer for %g s: giving up what is still waited for", QUIET_S)
        for line in self.desk.give_up("the answers did not come"):
            yield self._tally.line(line)

    async def drain(self) -> AsyncIterator[Made]:
        """Wait until every question is answered."""
        while self.desk.waiting:
            async for made in self.wait():
                yield made

    def answered(
        self, response: Response, ask: Ask, earlier: Iterable[Message | None], offset: int
    ) -> Iterator[Made]:
        """Callback."""
        told = answer(response)
        try:
            reply = self._read(ask, told, earlier, offset)
        except Exception as error:  # an answer that cannot be read must not take its case along
            # Not the error's text, which may hold somebody's data.
            place = traceback.extract_tb(error.__traceback__)[-1]
            kind = type(error).__name__
            logger.error("%s not read: %s in %s:%s", ask.method, kind, place.filename, place.lineno)
            reply = Failure(f"its answer could not be read ({kind})")
        if isinstance(reply, Request):
            yield reply
        else:
            yield from self._take(ask, reply)

    def unanswered(self, failure: TwistedFailure) -> Iterator[Made]:
        """Errback."""
        request: Request = failure.request  # type: ignore[attr-defined]
        problem = trouble(failure)
        if problem is not None:
            yield from self._take(request.cb_kwargs["ask"], problem)

    def _read(
        self, ask: Ask, told: Any, earlier: Iterable[Message | None], offset: int
    ) -> Reply | Request:
        if isinstance(told, (NotFound, Failure)):
            return told
        if ask.method != "messages":
            reply, drifts = read_reply(ask, told, self.desk.rules)
            self._tally.drifts(ask.method, drifts)
            return reply
        page, drifts = read_messages(told)
        self._tally.drifts(ask.method, drifts)
        if isinstance(page, Failure):
            return page
        following = next_offset(page, offset)
        if following is not None:
            return self.send(ask, [*earlier, *page.messages], following)
        read = [*earlier, *page.messages]
        return read_talk(read, self.desk.rules.tz, has_more=page.has_more)

    def _take(self, ask: Ask, reply: Reply) -> Iterator[Made]:
        self._memory.keep(ask, reply)
        if isinstance(reply, Failure):
            self._tally.trouble(ask.method)
            if ask.method == "contacts" and reply.status == 403:
                # The employer is not verified: no contacts can be read, free or not.
                self.desk.rules = replace(self.desk.rules, contacts="none")
        if ask in self._expected:
            self._expected.pop(ask)(reply)
        yield from self.follow(self.desk.answer(ask, reply))
        self._moved.set()
