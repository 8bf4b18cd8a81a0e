"""What a resumes run need not ask: the outcomes of runs before and the answers of a killed one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from datetime import datetime, timedelta, timezone

from avito_scrapy.arguments import ResumesArguments
from avito_scrapy.avito.case import Ask
from avito_scrapy.avito.results import ApplicationFacts, Failure, Reply, pack, unpack
from avito_scrapy.config import Config
from avito_scrapy.items import Chat, ChatResume
from avito_scrapy.resumes.checkpoint import KEEP_S, Journal
from avito_scrapy.resumes.reuse import Reuse, reused
from avito_scrapy.store import Store

NAME = "resumes.journal"
_SPIDER = "resumes"


class Memory:
    """Looks up the store and the journal.

    Args:
        store: the run's store.
        run_id: of this run.
        config: whose account it is, where the journal lies, how old an outcome may be.
        arguments: of the run.
        chats: of the input; those of them that change are asked anew.
    """

    def __init__(
        self,
        store: Store,
        run_id: int,
        config: Config,
        arguments: ResumesArguments,
        chats: Collection[Chat],
    ) -> None:
        self._outcomes = store.outcomes
        now = datetime.now(timezone.utc)
        since = _unfinished_since(store, run_id, now)
        self._seen = {chat.chat_id: chat for chat in chats}
        self.journal = Journal(config.private_dir / NAME, _about(config, arguments, self._seen))
        same = self.journal.open(resume=since is not None)
        self._reuse = Reuse(
            now=now,
            max_age=timedelta(days=config.resume_max_age_days),
            messages=arguments.messages,
            contacts=arguments.contacts,
            # What an unfinished run has fetched without `refresh` is not what is asked for now.
            continues=since if same or not arguments.refresh else None,
            refresh=arguments.refresh,
        )
        self._fresh: dict[Ask, Reply] = {}
        found = self.journal.get("self", "")
        self._account_id: int | None = found if isinstance(found, int) else None

    @property
    def account_id(self) -> int | None:
        """The account, None before it is known."""
        return self._account_id

    @account_id.setter
    def account_id(self, account_id: int) -> None:
        self._account_id = account_id
        self.journal.put("self", "", account_id)

    def outcome(self, chat: Chat, application: ApplicationFacts | None) -> ChatResume | None:
        """What is stored of a chat, if it still holds."""
        assert self._account_id is not None, "the account is the first thing to be known"
        stored = self._outcomes.get(self._account_id, chat.chat_id)
        return None if stored is None else reused(chat, stored, application, self._reuse)

    def reply(self, ask: Ask) -> Reply | None:
        """An answer that was given already."""
        if ask in self._fresh:
            return self._fresh.pop(ask)
        packed = self.journal.get(ask.method, self._key(ask))
        return None if packed is None else unpack(packed)

    def keep(self, ask: Ask, reply: Reply) -> None:
        """Keep an answer for the run that goes on with this one, if this one is killed."""
        if not isinstance(reply, Failure):
            self.journal.put(ask.method, self._key(ask), pack(reply))

    def prefer(self, ask: Ask, reply: Reply) -> None:
        """Give this answer to ``ask`` next time, whatever the journal says."""
        self._fresh[ask] = reply

    def _key(self, ask: Ask) -> str:
        if ask.method == "messages" and ask.key in self._seen:
            return f"{ask.key} {_last(self._seen[ask.key])}"
        return ask.key


def _last(chat: Chat) -> str:
    """Tells last messages apart: the time alone may be that of a day. Holds none of the text."""
    parts = (chat.last_message_at, chat.last_message_direction, chat.last_message)
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]


def _unfinished_since(store: Store, run_id: int, now: datetime) -> datetime | None:
    """When the unfinished runs that this one continues began; None when the last one finished."""
    since: datetime | None = None
    before = store.runs.last(_SPIDER, before=run_id)
    while before is not None and before.reason != "finished":
        if (now - before.started_at).total_seconds() > KEEP_S:
            break
        since = before.started_at
        before = store.runs.last(_SPIDER, before=before.id)
    return since


def _about(config: Config, arguments: ResumesArguments, chats: Collection[str]) -> str:
    """What answers depend on: with another key, index or input they are another matter."""
    key = (config.api_url, config.client_id, config.employee_of)
    # The default is another day after midnight; what was asked for before it still holds.
    since = arguments.since if "since" in arguments.model_fields_set else None
    parts = (*key, since, arguments.refresh, *sorted(chats))
    return hashlib.sha256("\n".join(str(part) for part in parts).encode()).hexdigest()
