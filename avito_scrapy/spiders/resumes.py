"""``scrapy crawl resumes``: the resume behind every chat, and how the chat stands."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import datetime
from typing import Any

from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider
from scrapy.settings import BaseSettings

from avito_scrapy.arguments import ResumesArguments, parse
from avito_scrapy.avito.case import Case, Rules
from avito_scrapy.avito.desk import Desk
from avito_scrapy.avito.endpoints import ENDPOINTS
from avito_scrapy.avito.job_models import SelfAnswer
from avito_scrapy.avito.parsing import read
from avito_scrapy.avito.results import Failure, NotFound
from avito_scrapy.component import config_of
from avito_scrapy.config import Config
from avito_scrapy.errors import UsageError
from avito_scrapy.extensions.outputs import add_feed
from avito_scrapy.extensions.storage import StoreExtension
from avito_scrapy.inquiry.buyer import Buyer
from avito_scrapy.inquiry.clerk import Clerk, Made
from avito_scrapy.inquiry.index import IndexReader
from avito_scrapy.inquiry.memory import Memory
from avito_scrapy.inquiry.questions import Questions
from avito_scrapy.inquiry.tally import Tally
from avito_scrapy.items import RESUME_FIELDS, Chat
from avito_scrapy.resumes.application_index import ApplicationIndex
from avito_scrapy.resumes.input_file import check_stoplist, input_path, read_chats
from avito_scrapy.resumes.purchases import Purse
from avito_scrapy.store import StoreProblem

logger = logging.getLogger(__name__)

WINDOW = 100
"""Chats at work at a time, of those with an application and of those without: each kind keeps
other methods busy, and memory does not grow with the number of chats."""


class ResumesSpider(Spider):
    """Asks Avito's API for what is behind each chat of the input; yields one ``ChatResume`` each.

    Arguments: ``avito_scrapy.arguments.ResumesArguments``. Ends with ``finished``,
    ``unauthorized``, ``subscription_required`` or ``unavailable``.

    Stats: ``avito/resumes/total``, ``avito/resumes/done``, ``avito/resumes/found``,
    ``avito/resumes/failed``, ``avito/resumes/outcome/<outcome>``, ``avito/resumes/from_store``,
    ``avito/input/skipped``, ``avito/applications/indexed``, ``avito/contacts/bought``,
    ``avito/drift/<method>/<field>``, ``avito/trouble/<method>`` (questions without an answer),
    ``avito/journal/taken_up``.
    """

    name = "resumes"
    output_name = "resumes"
    uses_store = True
    uses_api = True
    progress: Mapping[str, str] = {
        "what": "chats", "done": "avito/resumes/done", "total": "avito/resumes/total",
        "found": "avito/resumes/found", "failed": "avito/resumes/failed",
    }  # fmt: skip

    arguments: ResumesArguments
    config: Config

    @classmethod
    def check(cls, config: Config, spargs: Mapping[str, Any]) -> None:
        """Look at everything that can be wrong before anything starts.

        Raises:
            UsageError: one line that says what is wrong and what is allowed.
        """
        arguments = parse(ResumesArguments, spargs)
        for name in ("client_id", "client_secret"):
            if not getattr(config, name):
                raise UsageError(
                    f"AVITO_{name.upper()} is not set: the API keys are in the account's settings "
                    "on Avito; put them into .env or the environment"
                )
        read_chats(input_path(arguments.input, config.data_dir))
        if arguments.stoplist is not None:
            check_stoplist(arguments.stoplist)

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """Scrapy's way to set what holds for this spider only."""
        super().update_settings(settings)
        config = Config.from_settings(settings)
        add_feed(settings, config.data_dir / "resumes.partial.jl", RESUME_FIELDS)
        pace = {
            "delay": settings.getfloat("DOWNLOAD_DELAY"),
            "concurrency": settings.getint("CONCURRENT_REQUESTS"),
            "jitter": 0,
        }
        own = {
            "DOWNLOAD_SLOTS": {name: dict(pace) for name in ENDPOINTS},
            # First asked, first answered: a chat is not kept open by those that come after it.
            "SCHEDULER_MEMORY_QUEUE": "scrapy.squeues.FifoMemoryQueue",
            # Scrapy starts so many tasks for each answer; an answer makes a few requests or lines.
            "CONCURRENT_ITEMS": 1,
            # The API does not redirect, and a redirect must not carry the token elsewhere.
            "REDIRECT_ENABLED": False,
            "METAREFRESH_ENABLED": False,
            # ApiRetry does it.
            "RETRY_ENABLED": False,
            "SPIDER_MIDDLEWARES": {
                # Every status has its meaning (api.py).
                "scrapy.spidermiddlewares.httperror.HttpErrorMiddleware": None,
                # Of use when following links.
                "scrapy.spidermiddlewares.referer.RefererMiddleware": None,
                "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": None,
                "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
            },
        }
        settings.setdict(own, priority="spider")

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> ResumesSpider:
        """Scrapy's way to make it; arguments were checked by ``check``."""
        spider = super().from_crawler(crawler)
        spider.config = config_of(crawler)
        spider.arguments = parse(ResumesArguments, kwargs)
        return spider

    async def start(self) -> AsyncIterator[Any]:
        """The run from beginning to end; the answers come to the clerk."""
        config, arguments = self.config, self.arguments
        self._tally = Tally(self.crawler.stats)
        self._questions = Questions(config.api_url)
        path = input_path(arguments.input, config.data_dir)
        chats, bad = read_chats(path, arguments.limit)
        self._tally.inputs(len(chats), bad, path.name)
        by_id = {chat.chat_id: chat for chat in chats}

        extension = self.crawler.get_extension(StoreExtension)
        assert extension is not None, "uses_store"
        store, run_id = extension.store, extension.run_id
        self._memory = Memory(store, run_id, config, arguments, chats)
        account_id = self._memory.account_id
        if account_id is None:
            request, future = self._questions.ask("self")
            yield request
            account_id = self._account(await future)
            self._memory.account_id = account_id
        store.runs.set_account(run_id, account_id, len(chats))
        reader = IndexReader(self._questions, self._memory.journal, self._tally, by_id)
        async for request in reader.read(arguments.since, datetime.now(config.tz).date()):
            yield request
        self._index: ApplicationIndex = reader.index
        rules = Rules(
            account_id=account_id, since=arguments.since, tz=config.tz, web_url=config.web_url,
            contacts=arguments.contacts, messages=arguments.messages,
            index_trouble=self._index.trouble, untold=self._index.untold,
            applied=self._index.resumes, employee_of=config.employee_of,
        )  # fmt: skip
        self._desk = Desk(rules, by_id)
        self._clerk = Clerk(config.api_url, self._desk, self._memory, self._tally)
        purse = Purse(store.purchases, run_id, account_id, arguments.budget)
        buyer = Buyer(purse, self._clerk, self._questions, self._memory, self._tally)
        try:
            for stage in (buyer.settle(), self._work(chats), buyer.buy(), self._solve()):
                async for made in stage:
                    yield made
        except StoreProblem as problem:
            logger.error("%s", problem)
            raise CloseSpider("store_failed") from None

    def closed(self, reason: str) -> None:
        """Scrapy's call at the end."""
        memory: Memory | None = getattr(self, "_memory", None)
        if memory is not None:
            self._tally.taken_up(memory.journal.taken_up)
            memory.journal.close(finished=reason == "finished")

    def _account(self, told: Any) -> int:
        why = told.reason if isinstance(told, Failure) else "Avito does not tell its number"
        if not isinstance(told, (NotFound, Failure)):
            found, drifts = read(SelfAnswer, told)
            self._tally.drifts("self", drifts)
            if found.id is not None:
                return found.id
        logger.error("The account could not be read: %s", why)
        raise CloseSpider("unavailable")

    async def _work(self, chats: list[Chat]) -> AsyncIterator[Made]:
        """Every chat of the input, so many at a time."""
        queues: dict[bool, deque[Chat]] = {True: deque(), False: deque()}
        for chat in chats:
            queues[self._index.get(chat.chat_id) is not None].append(chat)
        while any(queues.values()):
            for applied, queue in queues.items():
                while queue and self._desk.open[applied] < WINDOW:
                    for made in self._begin(queue.popleft()):
                        yield made
            async for made in self._clerk.wait():
                yield made
        async for made in self._clerk.drain():
            yield made

    def _begin(self, chat: Chat) -> Iterator[Made]:
        application = self._index.get(chat.chat_id)
        stored = self._memory.outcome(chat, application)
        if stored is not None:
            moves = self._desk.take_stored(chat, stored)
        else:
            moves = self._desk.take(Case(chat, application))
        yield from self._clerk.follow(moves)

    async def _solve(self) -> AsyncIterator[Made]:
        """Chats that only somebody's contacts could tell of."""
        for made in self._clerk.follow(self._desk.solve()):
            yield made
        async for made in self._clerk.drain():
            yield made
