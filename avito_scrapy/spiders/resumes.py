"""``scrapy crawl resumes``: the resume behind every chat, and how the chat stands."""

from __future__ import annotations

import hashlib
import logging
import math
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterator, Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

from scrapy.http import Response
from scrapy.settings import BaseSettings

from avito_scrapy.api_client import AvitoClient
from avito_scrapy.api_transport import ApiUnusable
from avito_scrapy.arguments import ResumesArguments
from avito_scrapy.closing import EngineClosing, run_all
from avito_scrapy.config import Config
from avito_scrapy.errors import place_of
from avito_scrapy.extensions.storage import StoreExtension
from avito_scrapy.items import RESUME_FIELDS, Chat, ChatResume
from avito_scrapy.reasons import Reason
from avito_scrapy.resumes import checkpoint
from avito_scrapy.resumes.application_index import KeptIndex
from avito_scrapy.resumes.build_item import failed_item
from avito_scrapy.resumes.checkpoint import Checkpoint
from avito_scrapy.resumes.contacts import ContactPurchases
from avito_scrapy.resumes.input_file import check_stoplist, input_path, read_chats
from avito_scrapy.resumes.resolver import Options, Resolver
from avito_scrapy.resumes.reuse import (
    NEWEST,
    ReusePolicy,
    StoredResults,
    lowest,
    read_changes,
    since,
    unfinished_since,
)
from avito_scrapy.spiders.base import AvitoSpider, api_settings, check_keys
from avito_scrapy.store import Store, StoreProblem

logger = logging.getLogger(__name__)

WINDOW = 100
"""Chats at work at a time, of those with an application and of those without: each kind keeps
other methods busy, and memory does not grow with the number of chats."""
_MOST_NAMED = 20
Put = Callable[[ChatResume], Awaitable[None]]
Resolving = Iterator[tuple[Chat, Awaitable[ChatResume | None]]]
"""Chats with what resolves them, which is made when its turn comes."""


class ResumesSpider(AvitoSpider[ResumesArguments, ChatResume]):
    """Asks Avito's API for what is behind each chat of the input; yields one ``ChatResume`` each.

    Arguments: ``avito_scrapy.arguments.ResumesArguments``. Ends with ``finished``,
    ``unauthorized``, ``subscription_required`` or ``unavailable``.

    Stats: ``avito/resumes/total``, ``avito/resumes/done``, ``avito/resumes/found``,
    ``avito/resumes/failed``, ``avito/resumes/outcome/<outcome>``, ``avito/resumes/from_store``,
    ``avito/input/skipped``, ``avito/applications/indexed``, ``avito/contacts/bought``,
    ``avito/contacts/unread`` (chats whose contacts could not be read),
    ``avito/drift/<method>/<field>``, ``avito/trouble/<method>`` (questions without an answer),
    ``avito/journal/taken_up``, ``avito/chat_list/newest`` (the list's top, Unix seconds, before
    chats were asked for or compared with it, all of them).
    """

    name = "resumes"
    arguments_model = ResumesArguments
    output_name = "resumes"
    output_fields = RESUME_FIELDS
    uses_store = True
    uses_api = True
    progress: Mapping[str, str] = {
        "what": "chats", "done": "avito/resumes/done", "total": "avito/resumes/total",
        "found": "avito/resumes/found", "failed": "avito/resumes/failed",
    }  # fmt: skip

    _checkpoint: Checkpoint | None = None

    @classmethod
    def check(cls, config: Config, spargs: Mapping[str, Any]) -> None:
        """Look at everything that can be wrong before anything starts; raises UsageError."""
        arguments = cls.check_arguments(spargs)
        check_keys(config)
        read_chats(input_path(arguments.input, config.data_dir))
        if arguments.stoplist is not None:
            check_stoplist(arguments.stoplist)

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        super().update_settings(settings)
        # Scrapy starts so many tasks for the run's one callback.
        own = {**api_settings(settings), "CONCURRENT_ITEMS": 1}
        settings.setdict(own, priority="spider")

    async def drive(self, response: Response) -> AsyncIterator[ChatResume]:
        count = self.crawler.stats.inc_value
        async for item in super().drive(response):
            count("avito/resumes/done")
            count(f"avito/resumes/outcome/{item.outcome}")
            if item.outcome in ("found", "failed"):
                count(f"avito/resumes/{item.outcome}")
            if item.reason is not None and item.reason.code == "contacts_unreadable":
                count("avito/contacts/unread")
            if item.from_store:
                count("avito/resumes/from_store")
            yield item

    def closed(self, reason: str) -> None:
        """Scrapy's call at the end."""
        if unread := self.crawler.stats.get_value("avito/contacts/unread"):
            logger.warning("The contacts of %d chats could not be read: see reason", unread)
        if self._checkpoint is not None:
            self.crawler.stats.set_value("avito/journal/taken_up", self._checkpoint.taken_up)
            self._checkpoint.close(finished=reason == "finished")

    async def run(self, put: Put) -> None:
        config, arguments, stats = self.config, self.arguments, self.crawler.stats
        chats = self._read_input()
        chat_ids = {chat.chat_id for chat in chats}
        extension = StoreExtension.of(self.crawler)
        store, run_id = extension.store, extension.run_id
        now = datetime.now(timezone.utc)
        owner = extension.owner()
        continues = None
        if owner is not None or config.has_own_store:
            continues = unfinished_since(store.runs, run_id, now, owner)
        self._checkpoint = Checkpoint(
            config.private_dir / checkpoint.NAME, self._depends_on(chat_ids)
        )
        same = self._checkpoint.open(resume=continues is not None)
        client, account_id = await self.open_client(self._checkpoint)
        store.runs.set_account(run_id, account_id, len(chats))

        kept = KeptIndex(client, store.applications, account_id, now, client.clock_behind)
        index = await kept.read(
            chat_ids, arguments.since, now.astimezone(config.tz).date(), refresh=arguments.refresh
        )
        stats.set_value("avito/applications/indexed", len(index))
        policy = ReusePolicy(
            now=now,
            max_age=timedelta(days=config.resume_max_age_days),
            messages=arguments.messages,
            contacts=arguments.contacts,
            # What an unfinished run has fetched without `refresh` is not what is asked for now.
            continues=continues if same or not arguments.refresh else None,
            refresh=arguments.refresh,
        )
        options = Options(
            account_id=account_id,
            since=arguments.since,
            contacts=arguments.contacts,
            messages=arguments.messages,
            employee_of=config.employee_of,
        )
        chats, stored = await self._stored(store, client, account_id, policy, chats)
        resolver = Resolver(client, index, stored.find, options, chat_ids)
        purchases = ContactPurchases(
            store.purchases, client, run_id, account_id, arguments.budget,
            lambda bought: stats.set_value("avito/contacts/bought", bought),
            EngineClosing(self.crawler),
        )  # fmt: skip

        await purchases.settle_unfinished()
        with_application: list[Chat] = []
        without: list[Chat] = []
        for chat in chats:
            (without if index.get(chat.chat_id) is None else with_application).append(chat)
        await self._put_all(
            put,
            ((chat, resolver.resolve(chat)) for chat in with_application),
            ((chat, resolver.resolve(chat)) for chat in without),
        )
        await self._buy(resolver, purchases, put)
        undecided = resolver.take_undecided()
        await self._put_all(put, ((one.chat, resolver.finish(one)) for one in undecided))
        client.check_ids()
        if client.texts_hidden:
            logger.error(
                "Avito hides the texts of messages: the subscription lacks the messenger's API; "
                "resumes are there, who waits for an answer is not known"
            )
            raise ApiUnusable("subscription_required")

    async def _stored(
        self,
        store: Store,
        client: AvitoClient,
        account_id: int,
        policy: ReusePolicy,
        chats: list[Chat],
    ) -> tuple[list[Chat], StoredResults]:
        """The chats with their last messages as Avito's list has them, and what is stored of them
        and still holds."""
        fetched = store.outcomes.fetched(account_id)
        known = {chat.chat_id: fetched[chat.chat_id] for chat in chats if chat.chat_id in fetched}
        compared = store.runs.figure({run_id for run_id, _ in known.values()}, NEWEST)
        moments = {chat: since(at, compared.get(run_id)) for chat, (run_id, at) in known.items()}
        anew = policy.refresh or not moments
        needed = math.inf if anew else lowest(moments.values())
        changes = await read_changes(client, needed)
        is_compared = changes.newest is not None and changes.read_to < needed
        # What a run takes from the unfinished one before is as it was then.
        if is_compared and policy.continues is None:
            self.crawler.stats.set_value(NEWEST, changes.newest)
        if anew:
            return chats, StoredResults(store.outcomes, account_id, policy)
        # Of others nothing is stored that may have changed, and an unfinished run has asked for
        # them by what the input says.
        chats = [changes.updated(chat) if chat.chat_id in known else chat for chat in chats]
        return chats, StoredResults(store.outcomes, account_id, policy, changes, moments)

    async def _put_all(self, put: Put, *queues: Resolving) -> None:
        await run_all(self._work(queue, put) for queue in queues for _ in range(WINDOW))

    async def _work(self, queue: Resolving, put: Put) -> None:
        """Take one after another from ``queue``; an unforeseen exception costs one chat."""
        for chat, resolving in queue:
            try:
                item = await resolving
            except (ApiUnusable, StoreProblem):
                raise
            except Exception as error:
                # Not the error's text, which may hold somebody's data.
                logger.error("A chat failed: %s", place_of(error))
                item = failed_item(chat, Reason("chat_failed", kind=type(error).__name__))
            if item is not None:
                await put(item)

    async def _buy(self, resolver: Resolver, purchases: ContactPurchases, put: Put) -> None:
        for_sale = resolver.for_sale
        if self.arguments.contacts == "all":
            purchases.announce(len(for_sale))
        for resume_id, chat_id in for_sale:
            contacts = await purchases.buy(resume_id, chat_id)
            for item in resolver.finish_sale(resume_id, contacts):
                await put(item)

    def _read_input(self) -> list[Chat]:
        stats = self.crawler.stats
        path = input_path(self.arguments.input, self.config.data_dir)
        chats, bad = read_chats(path, self.arguments.limit)
        for number in bad[:_MOST_NAMED]:
            logger.warning("%s, line %d: not a chat, skipped", path.name, number)
        if len(bad) > _MOST_NAMED:
            logger.warning("%s: %d more lines that are no chats", path.name, len(bad) - _MOST_NAMED)
        stats.set_value("avito/input/skipped", len(bad))
        stats.set_value("avito/resumes/total", len(chats))
        return chats

    def _depends_on(self, chat_ids: Collection[str]) -> str:
        """What answers depend on: with another key, index or input they are another matter."""
        config, arguments = self.config, self.arguments
        # The default is another day after midnight; what was asked for before it still holds.
        since = arguments.since if "since" in arguments.model_fields_set else None
        key = (config.api_url, config.client_id, config.employee_of, since, arguments.refresh)
        text = "\n".join(str(part) for part in (*key, *sorted(chat_ids)))
        return hashlib.sha256(text.encode()).hexdigest()
