"""Buys contacts: one at a time, each written down before it is asked for."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator

from avito_scrapy.avito.case import Ask
from avito_scrapy.avito.results import Failure, NotFound, Reply
from avito_scrapy.inquiry.clerk import Clerk, Made
from avito_scrapy.inquiry.memory import Memory
from avito_scrapy.inquiry.questions import Questions
from avito_scrapy.inquiry.replies import read_reply
from avito_scrapy.inquiry.tally import Tally
from avito_scrapy.resumes.purchases import Purse
from avito_scrapy.store import StoreProblem

logger = logging.getLogger(__name__)


class Buyer:
    """The two stages of a run that have to do with money; what they yield goes to Scrapy."""

    def __init__(
        self, purse: Purse, clerk: Clerk, questions: Questions, memory: Memory, tally: Tally
    ) -> None:
        self._purse = purse
        self._clerk = clerk
        self._desk = clerk.desk
        self._questions = questions
        self._memory = memory
        self._tally = tally

    async def settle(self) -> AsyncIterator[Made]:
        """What a killed run intended to buy: ask whether it was bought."""
        for resume_id in self._purse.unsettled():
            async for made in self._ask_bought(resume_id):
                yield made

    async def buy(self) -> AsyncIterator[Made]:
        """Spend the budget; says before what would be bought. Then nothing is for sale any more."""
        if self._desk.rules.contacts == "all":
            self._purse.announce(len(self._desk.for_sale))
        for resume_id in self._desk.for_sale:
            ask = Ask("contacts", resume_id)
            kept = self._memory.reply(ask)
            if kept is not None:  # a killed run has bought it
                self._desk.buy(resume_id)
                for made in self._clerk.follow(self._desk.answer(ask, kept)):
                    yield made
            elif self._purse.left():
                async for made in self._buy_one(resume_id):
                    yield made
        if self._purse.closed:
            logger.warning("Nothing more is bought: %s", self._purse.closed)
        for made in self._clerk.follow(self._desk.keep_unsold()):
            yield made

    async def _buy_one(self, resume_id: str) -> AsyncIterator[Made]:
        line = self._purse.intend(resume_id, self._desk.chat_of(resume_id))
        ask = self._desk.buy(resume_id)
        answered: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

        def take(reply: Reply) -> None:
            # In a run that is ending nobody waits for it any more.
            try:
                told = self._purse.take(line, reply)
            except StoreProblem as problem:
                if answered.done():
                    logger.error("%s", problem)
                else:
                    answered.set_exception(problem)
                return
            self._tally.bought(self._purse.bought)
            if not answered.done():
                answered.set_result(told)

        self._clerk.expect(ask, take)
        yield self._clerk.send(ask)
        if not await answered:
            async for made in self._ask_bought(resume_id):
                yield made

    async def _ask_bought(self, resume_id: str) -> AsyncIterator[Made]:
        request, answered = self._questions.ask("resumes", resume_id)
        yield request
        ask, told = Ask("resumes", resume_id), await answered
        if not isinstance(told, (NotFound, Failure)):
            told, drifts = read_reply(ask, told, self._desk.rules)
            self._tally.drifts(ask.method, drifts)
        if self._purse.settle(told, resume_id):
            self._tally.bought(self._purse.bought)
            self._memory.prefer(ask, told)
