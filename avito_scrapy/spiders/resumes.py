"""``scrapy crawl resumes``: the resume behind every chat, and how the chat stands."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider
from scrapy.http import Response
from scrapy.settings import BaseSettings
from twisted.python.failure import Failure

from avito_scrapy.api import Api, answer, trouble
from avito_scrapy.arguments import ResumesArguments, parse
from avito_scrapy.avito.answers import read
from avito_scrapy.avito.applications import ApplicationIndex, read_applications
from avito_scrapy.avito.case import Ask, Case, Rules
from avito_scrapy.avito.desk import Desk, Moves
from avito_scrapy.avito.endpoints import ENDPOINTS, PAGE, MethodName
from avito_scrapy.avito.errors import UsageProblem
from avito_scrapy.avito.facts import ApplicationFacts, Gone, Reply, Trouble
from avito_scrapy.avito.models import ApplicationIds, Message, SelfAnswer
from avito_scrapy.avito.reading import next_offset, read_messages, read_reply, read_talk
from avito_scrapy.config import Config
from avito_scrapy.extensions.outputs import feed_key
from avito_scrapy.extensions.storage import StoreExtension
from avito_scrapy.inputs import input_path, read_chats
from avito_scrapy.items import RESUME_FIELDS, Chat, ChatResume
from avito_scrapy.memory import Memory
from avito_scrapy.purse import Purse

logger = logging.getLogger(__name__)

WINDOW = 100
"""Chats at work at a time, of those with an application and of those without: each kind keeps
other methods busy, and memory does not grow with the number of chats."""
QUIET_S = 600.0
"""When nothing at all has come for so long, nothing will."""
_NAMED = 20


class ResumesSpider(Spider):
    """Asks Avito's API for what is behind each chat of the input; yields one ``ChatResume`` each.

    Arguments: ``avito_scrapy.arguments.ResumesArguments``. Ends with ``finished``,
    ``unauthorized`` or ``subscription_required``.

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
            UsageProblem: one line that says what is wrong and what is allowed.
        """
        arguments = parse(ResumesArguments, spargs)
        for name in ("client_id", "client_secret"):
            if not getattr(config, name):
                raise UsageProblem(
                    f"AVITO_{name.upper()} is not set: the API keys are in the account's settings "
                    "on Avito; put them into .env or the environment"
                )
        read_chats(input_path(arguments.input, config.data_dir))
        if arguments.stoplist is not None and not arguments.stoplist.expanduser().exists():
            raise UsageProblem(f"argument stoplist: {arguments.stoplist} is not there")

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """Scrapy's way to set what holds for this spider only."""
        super().update_settings(settings)
        config = Config.from_settings(settings)
        feed = {"format": "jsonlines", "overwrite": True, "fields": RESUME_FIELDS}
        pace = {
            "delay": settings.getfloat("DOWNLOAD_DELAY"),
            "concurrency": settings.getint("CONCURRENT_REQUESTS"),
            "jitter": 0,
        }
        own = {
            "FEEDS": {feed_key(config.data_dir / "resumes.partial.jl"): feed},
            "DOWNLOAD_SLOTS": {name: dict(pace) for name in ENDPOINTS},
            # First asked, first answered: a chat is not kept open by those that come after it.
            "SCHEDULER_MEMORY_QUEUE": "scrapy.squeues.FifoMemoryQueue",
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
        spider.config = Config.from_settings(crawler.settings)
        spider.arguments = parse(ResumesArguments, kwargs)
        return spider

    async def start(self) -> AsyncIterator[Any]:
        """The run from beginning to end; answers come to the callbacks."""
        config, arguments = self.config, self.arguments
        self._stats = self.crawler.stats
        self._moved = asyncio.Event()
        self._api = Api(config.api_url, self.answered, self.unanswered)
        self._questions = Api(config.api_url, self.told, self.not_told)
        chats = self._read_input()
        self._chats = {chat.chat_id: chat for chat in chats}

        request, future = self._question("self")
        yield request
        account_id = self._account(await future)
        extension = self.crawler.get_extension(StoreExtension)
        assert extension is not None
        store, run_id = extension.store, extension.run_id
        store.runs.set_account(run_id, account_id, len(chats))
        self._memory = Memory(
            store, run_id, account_id, config.private_dir,
            timedelta(days=config.resume_max_age_days), arguments, chats,
        )  # fmt: skip
        self._index = ApplicationIndex()
        async for request in self._read_applications():
            yield request
        rules = Rules(
            account_id=account_id, since=arguments.since, tz=config.tz, web_url=config.web_url,
            contacts=arguments.contacts, messages=arguments.messages,
            index_trouble=self._index.trouble,
        )  # fmt: skip
        self._desk = Desk(rules, self._chats)
        self._purse = Purse(store.purchases, run_id, account_id, arguments.budget)
        self._purchase: tuple[Ask, asyncio.Future[Reply]] | None = None
        for stage in (self._settle_purchases, self._work, self._buy, self._solve):
            async for made in stage():
                yield made

    def closed(self, reason: str) -> None:
        """Scrapy's call at the end."""
        memory: Memory | None = getattr(self, "_memory", None)
        if memory is not None:
            self._stats.set_value("avito/journal/taken_up", memory.journal.taken_up)
            memory.journal.close(finished=reason == "finished")

    # Stages of the run.

    def _read_input(self) -> list[Chat]:
        path = input_path(self.arguments.input, self.config.data_dir)
        chats, bad = read_chats(path, self.arguments.limit)
        for number in bad[:_NAMED]:
            logger.warning("%s, line %d: not a chat, skipped", path.name, number)
        if len(bad) > _NAMED:
            logger.warning("%s: %d more lines that are no chats", path.name, len(bad) - _NAMED)
        self._stats.set_value("avito/input/skipped", len(bad))
        self._stats.set_value("avito/resumes/total", len(chats))
        return chats

    def _account(self, told: Any) -> int:
        if isinstance(told, (Gone, Trouble)):
            why = told.reason if isinstance(told, Trouble) else "Avito answered 404"
            logger.error("The account could not be read: %s", why)
            raise CloseSpider("unavailable")
        found, drifts = read(SelfAnswer, told)
        self._count_drifts("self", drifts)
        if found.id is None:
            logger.error("The account could not be read: Avito does not tell its number")
            raise CloseSpider("unavailable")
        return found.id

    async def _read_applications(self) -> AsyncIterator[Request]:
        """All pages of ids one after the other, the applications of each page beside them."""
        batches: list[tuple[str, asyncio.Future[Any]]] = []
        seen: set[str] = set()
        cursor: str | None = None
        journal = self._memory.journal
        while True:
            page = journal.get("application_ids", cursor or "")
            if page is None:
                query = [("updatedAtFrom", self.arguments.since.isoformat())]
                request, future = self._question(
                    "application_ids", query=query + ([("cursor", cursor)] if cursor else [])
                )
                yield request
                page = self._page(await future)
                if page is None:
                    break
                journal.put("application_ids", cursor or "", page)
            new = [one for one in page if one not in seen]
            if not new:
                break
            seen.update(new)
            cursor = page[-1]
            for first in range(0, len(new), PAGE):
                ids = new[first : first + PAGE]
                kept = journal.get("applications", ids[0])
                if kept is not None:
                    self._index.add(ApplicationFacts(*one) for one in kept)
                    continue
                request, future = self._question("applications", body={"ids": ids})
                batches.append((ids[0], future))
                yield request
        for key, future in batches:
            self._take_applications(key, await future)
        self._stats.set_value("avito/applications/indexed", len(self._index))
        if self._index.trouble:
            logger.error("Applications could not be read to the end: %s", self._index.trouble)

    def _page(self, told: Any) -> list[str] | None:
        if isinstance(told, (Gone, Trouble)):
            self._index.trouble = getattr(told, "reason", "Avito answered 404")
            return None
        answered, drifts = read(ApplicationIds, told)
        self._count_drifts("application_ids", drifts)
        ids = [one.id for one in answered.applies or () if one and one.id]
        if answered.applies is None or len(ids) < len(answered.applies):
            self._index.trouble = "Avito's answer does not tell the applications' ids"
        return ids

    def _take_applications(self, key: str, told: Any) -> None:
        if isinstance(told, (Gone, Trouble)):
            self._index.trouble = getattr(told, "reason", "Avito answered 404")
            return
        today = datetime.now(self.config.tz).date()
        found, unreadable, drifts = read_applications(told, self._chats, today)
        self._count_drifts("applications", drifts)
        if unreadable:
            self._index.trouble = "some applications do not tell their chat in a known form"
        else:
            self._memory.journal.put("applications", key, found)
        self._index.add(found)

    async def _settle_purchases(self) -> AsyncIterator[Any]:
        """What a killed run intended to buy: ask whether it was bought."""
        for resume_id in self._purse.unsettled():
            async for request in self._ask_bought(resume_id):
                yield request

    async def _ask_bought(self, resume_id: str) -> AsyncIterator[Request]:
        ask = Ask("resumes", resume_id)
        request, future = self._question("resumes", resume_id)
        yield request
        told = await future
        if not isinstance(told, (Gone, Trouble)):
            told, drifts = read_reply(ask, told, self._desk.rules)
            self._count_drifts("resumes", drifts)
        if self._purse.settle(told, resume_id) is not None:
            self._memory.prefer(ask, told)

    async def _work(self) -> AsyncIterator[Any]:
        """Every chat of the input."""
        queues: dict[bool, deque[Chat]] = {True: deque(), False: deque()}
        for chat in self._chats.values():
            queues[self._index.get(chat.chat_id) is not None].append(chat)
        while any(queues.values()):
            for applied, queue in queues.items():
                while queue and self._desk.open[applied] < WINDOW:
                    for made in self._begin(queue.popleft()):
                        yield made
            await self._pause()
        async for made in self._drain():
            yield made

    def _begin(self, chat: Chat) -> Iterator[Any]:
        application = self._index.get(chat.chat_id)
        stored = self._memory.outcome(chat, application)
        if stored is not None:
            yield self._counted(stored)
        else:
            yield from self._follow(self._desk.take(Case(chat, application)))

    async def _buy(self) -> AsyncIterator[Any]:
        """Contacts that cost money, one at a time."""
        if self.arguments.contacts == "all":
            self._purse.announce(len(self._desk.for_sale))
        for resume_id in self._desk.for_sale:
            ask = Ask("contacts", resume_id)
            kept = self._memory.reply(ask)
            if kept is not None:
                self._desk.buy(resume_id)
                for made in self._follow(self._desk.answer(ask, kept)):
                    yield made
            elif self._purse.left():
                async for made in self._buy_one(resume_id):
                    yield made
        if self._purse.closed:
            logger.warning("Nothing more is bought: %s", self._purse.closed)
        for made in self._follow(self._desk.keep_unsold()):
            yield made

    async def _buy_one(self, resume_id: str) -> AsyncIterator[Any]:
        future: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        line = self._purse.intend(resume_id, self._desk.chat_of(resume_id))
        ask = self._desk.buy(resume_id)
        self._purchase = (ask, future)
        yield self._send(ask)
        bought = self._purse.take(line, await future)
        self._purchase = None
        if bought is None:
            async for request in self._ask_bought(resume_id):
                yield request
        elif bought:
            self._stats.inc_value("avito/contacts/bought")

    async def _solve(self) -> AsyncIterator[Any]:
        """Chats that only somebody's contacts could tell of."""
        for made in self._follow(self._desk.solve()):
            yield made
        async for made in self._drain():
            yield made

    async def _drain(self) -> AsyncIterator[Any]:
        """Wait until every question is answered."""
        while self._desk.waiting:
            if not await self._pause():
                for line in self._desk.give_up("the answers did not come (internal error)"):
                    yield self._counted(line)

    async def _pause(self) -> bool:
        """Wait until something has come; False when it is certain that nothing will."""
        if not self._desk.waiting:
            return True
        self._moved.clear()
        try:
            await asyncio.wait_for(self._moved.wait(), QUIET_S)
        except asyncio.TimeoutError:
            return False
        return True

    # Questions and answers.

    def _question(
        self,
        method: MethodName,
        *ids: object,
        query: Iterable[tuple[str, object]] = (),
        body: Any = None,
    ) -> tuple[Request, asyncio.Future[Any]]:
        """A request, and the future of what it is answered with."""
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        request = self._questions.request(method, *ids, query=query, body=body, future=future)
        return request, future

    def told(self, response: Response, future: asyncio.Future[Any]) -> None:
        """Callback of questions that ``start`` waits for."""
        future.set_result(answer(response))

    def not_told(self, failure: Failure) -> None:
        """Errback of questions that ``start`` waits for."""
        request: Request = failure.request  # type: ignore[attr-defined]
        problem = trouble(failure)
        if problem is not None:
            request.cb_kwargs["future"].set_result(problem)

    def _follow(self, moves: Moves) -> Iterator[Request | ChatResume]:
        """Give out finished lines, and the questions whose answers are not known yet."""
        pending = deque([moves])
        while pending:
            moves = pending.popleft()
            for line in moves.lines:
                yield self._counted(line)
            for ask in moves.asks:
                kept = self._memory.reply(ask)
                if kept is not None:
                    pending.append(self._desk.answer(ask, kept))
                else:
                    yield self._send(ask)

    def _send(self, ask: Ask, earlier: Iterable[Message | None] = (), offset: int = 0) -> Request:
        account_id = self._desk.rules.account_id
        ids: tuple[object, ...] = (ask.key,)
        query: list[tuple[str, object]] = []
        if ask.method in ("chat", "messages"):
            ids = (account_id, ask.key)
        if ask.method == "messages":
            query = [("limit", PAGE), *([("offset", offset)] if offset else [])]
        return self._api.request(
            ask.method, *ids, query=query, ask=ask, earlier=earlier, offset=offset
        )

    def answered(
        self, response: Response, ask: Ask, earlier: Iterable[Message | None], offset: int
    ) -> Iterator[Request | ChatResume]:
        """Callback of the questions that cases ask."""
        told = answer(response)
        reply: Reply
        try:
            if isinstance(told, (Gone, Trouble)):
                reply = told
            elif ask.method == "messages":
                page, drifts = read_messages(told)
                self._count_drifts("messages", drifts)
                if isinstance(page, Trouble):
                    reply = page
                else:
                    following = next_offset(page, offset)
                    if following is not None:
                        yield self._send(ask, [*earlier, *page], following)
                        return
                    reply = read_talk([*earlier, *page], self._desk.rules)
            else:
                reply, drifts = read_reply(ask, told, self._desk.rules)
                self._count_drifts(ask.method, drifts)
        except Exception as error:  # a chat that cannot be read must not take its case along
            logger.exception("An answer of %s could not be read", ask.method)
            reply = Trouble(f"its answer could not be read ({type(error).__name__})")
        yield from self._take(ask, reply)

    def unanswered(self, failure: Failure) -> Iterator[Request | ChatResume]:
        """Errback of the questions that cases ask."""
        request: Request = failure.request  # type: ignore[attr-defined]
        problem = trouble(failure)
        if problem is not None:
            yield from self._take(request.cb_kwargs["ask"], problem)

    def _take(self, ask: Ask, reply: Reply) -> Iterator[Request | ChatResume]:
        self._memory.keep(ask, reply)
        if isinstance(reply, Trouble):
            self._stats.inc_value(f"avito/trouble/{ask.method}")
            if ask.method == "contacts" and reply.status == 403:
                self._desk.rules = replace(self._desk.rules, contacts="none")
        if self._purchase is not None and self._purchase[0] == ask:
            self._purchase[1].set_result(reply)
        yield from self._follow(self._desk.answer(ask, reply))
        self._moved.set()

    def _counted(self, line: ChatResume) -> ChatResume:
        self._stats.inc_value("avito/resumes/done")
        self._stats.inc_value(f"avito/resumes/outcome/{line.outcome}")
        if line.outcome in ("found", "failed"):
            self._stats.inc_value(f"avito/resumes/{line.outcome}")
        if line.from_store:
            self._stats.inc_value("avito/resumes/from_store")
        return line

    def _count_drifts(self, method: str, drifts: Iterable[str]) -> None:
        for name in drifts:
            self._stats.inc_value(f"avito/drift/{method}/{name}")
