"""Avito's API: one coroutine a method.

Knows nothing of Scrapy: the client is given something that sends a request (``api_transport``).
"""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import date, datetime, tzinfo
from functools import partial
from typing import Any, TypeVar

from avito_scrapy.api_transport import ApiRequest, ApiUnusable, MethodAccess, Send
from avito_scrapy.avito import chat_status, parsing
from avito_scrapy.avito.answer_model import Drifts
from avito_scrapy.avito.chat_list import ListedChat, read_chat_list
from avito_scrapy.avito.endpoints import OWN_ITEMS_PAGE, PAGE, WHOLE_API, MethodName, is_no_route
from avito_scrapy.avito.models import Message
from avito_scrapy.avito.parsing import ApplicationBatch
from avito_scrapy.avito.phrases import is_stub
from avito_scrapy.avito.results import (
    ApplicationFacts,
    ChatFacts,
    Failure,
    Known,
    ListedApplication,
    NotFound,
    Reply,
    ResumeFacts,
    TalkFacts,
    pack,
    unpack,
)
from avito_scrapy.errors import place_of
from avito_scrapy.items import Chat
from avito_scrapy.reasons import Reason
from avito_scrapy.resumes.checkpoint import Checkpoint, last_message_key

logger = logging.getLogger(__name__)
R = TypeVar("R")
Key = tuple[MethodName, str]
Ask = Callable[[], Awaitable[Reply]]


class AvitoClient:
    """The methods of Avito's API, with what is kept of their answers.

    An answer of 404 is ``NotFound``, any other that is none a ``Failure``; ``ApiUnusable`` is
    raised when no further request has a chance. A resume and its contacts are requested once,
    however many ask for them. Answers found in the checkpoint are not requested again.

    Args:
        send: sends a request.
        checkpoint: the answers of a run that did not finish.
        tz: for times in the answers.
        web_url: address that a relative link of a resume starts from.
        count: called with ``avito/drift/<method>/<field>`` and ``avito/trouble/<method>``.
    """

    def __init__(
        self,
        send: Send,
        checkpoint: Checkpoint,
        tz: tzinfo,
        web_url: str,
        count: Callable[[str], None],
    ) -> None:
        self._send = send
        self._checkpoint = checkpoint
        self._tz = tz
        self._web_url = web_url
        self._count = count
        self._account_id = 0
        self.account_name: str | None = None
        self._access: dict[MethodName, MethodAccess] = defaultdict(MethodAccess)
        self.texts_hidden = False
        """Avito has shown a stub in place of a text: the subscription lacks the messenger."""
        self.clock_behind: float | None = None
        """Seconds by which this computer's clock is behind Avito's; None: it has not told."""
        self._resumes_told = self._other_resumes = 0
        self._answers: dict[Key, Reply] = {}
        self._requested: dict[Key, asyncio.Task[Reply]] = {}

    async def account(self) -> int | Failure:
        """The account's number, which the messenger's methods need; its name is kept here."""
        answer = await self._told(ApiRequest("self"), parsing.read_account)
        if isinstance(answer, Failure):
            return answer
        self._account_id, self.account_name = answer
        return self._account_id

    async def items(self, page: int) -> list[int | None] | Failure:
        """Ids of the account's own items, those taken down too, as chats outlive them; ``page``
        from 1 on."""
        statuses = "active,removed,old,blocked,rejected"
        query = (("per_page", OWN_ITEMS_PAGE), ("page", page), ("status", statuses))
        return await self._told(ApiRequest("items", query=query), parsing.read_own_items)

    async def chats(
        self,
        offset: int = 0,
        *,
        types: Sequence[str] = (),
        unread: bool = False,
        items: Sequence[int] = (),
    ) -> list[ListedChat] | Failure:
        """A page of the account's chats, as Avito lists them.

        Args:
            offset: how many chats to pass over, at most 1,000.
            types: those of chats; Avito's own choice (u2i) without.
            unread: only chats with unread messages.
            items: only chats about these.
        """
        query = (
            ("limit", PAGE),
            ("offset", offset),
            ("chat_types", ",".join(types)),
            ("unread_only", "true" if unread else ""),  # as JSON writes it
            ("item_ids", ",".join(map(str, items))),
        )
        request = ApiRequest("chats", (self._account_id,), query)
        read = partial(read_chat_list, account_id=self._account_id, tz=self._tz)
        return await self._told(request, read)

    async def chat(self, chat_id: str) -> Reply:
        """What a chat is about, and who takes part in it."""
        request = ApiRequest("chat", (self._account_id, chat_id))
        read = partial(parsing.read_chat, chat_id, account_id=self._account_id, tz=self._tz)
        return await self._kept(("chat", chat_id), lambda: self._ask(request, read))

    async def messages(self, chat: Chat) -> Reply:
        """What all messages of a chat say. Does not mark the chat as read."""
        key = f"{chat.chat_id} {last_message_key(chat)}"
        return await self._kept(("messages", key), lambda: self._all_messages(chat.chat_id, key))

    async def _all_messages(self, chat_id: str, key: str) -> Reply:
        messages: list[Message | None] = []
        offset: int | None = 0
        has_more: bool | None = None
        while offset is not None:
            page_key = f"{key} {offset}"
            data = self._checkpoint.get("messages", page_key)
            is_kept = data is not None
            if not is_kept:
                query = (("limit", PAGE), ("offset", offset))
                data = await self._data(ApiRequest("messages", (self._account_id, chat_id), query))
            page = self._interpret("messages", data, chat_status.read_messages)
            if isinstance(page, (Failure, NotFound)):
                return page
            messages += page.messages
            has_more = page.has_more
            offset = chat_status.next_offset(page, offset)
            # Stubs are not kept: with the subscription the next run gets texts.
            hidden = any(is_stub(chat_status.text_of(message)) for message in page.messages)
            if offset is not None and not is_kept and not hidden:
                self._checkpoint.put("messages", page_key, data)
        return chat_status.read_talk(messages, self._tz, has_more=has_more)

    async def application_ids(
        self, since: date, cursor: str = ""
    ) -> list[ListedApplication] | Failure:
        """A page of the applications that changed since a day; empty after the last."""
        key = f"{since} updated {cursor}"
        kept = self._checkpoint.get("application_ids", key)
        if kept is not None:
            return [ListedApplication(*one) for one in kept]
        query = (("updatedAtFrom", since), ("cursor", cursor))
        request = ApiRequest("application_ids", query=query)
        listed = await self._told(request, parsing.read_application_ids)
        if not isinstance(listed, Failure):
            self._checkpoint.put("application_ids", key, listed)
        elif listed.status == 400 and cursor:
            return []  # a cursor behind the last page
        return listed

    async def applications(self, ids: Sequence[str], today: date) -> ApplicationBatch:
        """The applications with these ids, at most 100.

        What the answer leaves out is asked for once more.
        """
        key = f"{ids[0]} {ids[-1]} {len(ids)}"
        kept = self._checkpoint.get("applications", key)
        if kept is not None:
            return ApplicationBatch([ApplicationFacts(*facts) for facts in kept])
        batch = ApplicationBatch()
        read = partial(parsing.read_applications, today=today)
        missing = list(ids)
        for _ in range(2):
            request = ApiRequest("applications", body={"ids": missing})
            answer = await self._told(request, read)
            if isinstance(answer, Failure):
                batch.failure = answer
                return batch
            batch.found += answer.found
            batch.unreadable |= answer.unreadable
            told = batch.unreadable.union(facts.id for facts in batch.found)
            missing = [one for one in ids if one not in told]
            if not missing:
                break
        batch.missing = len(missing)
        if not batch.unreadable and not missing:
            self._checkpoint.put("applications", key, batch.found)
        return batch

    async def resume(self, resume_id: str, *, anew: bool = False) -> Reply:
        """A resume. ``anew``: requested even when it is known, for now and later."""
        key: Key = ("resumes", resume_id)
        if anew:
            self._answers.pop(key, None)
            self._checkpoint.get(*key)

        today = datetime.now(self._tz).date()
        read = partial(parsing.read_resume, resume_id, web_url=self._web_url, today=today)

        async def ask() -> Reply:
            reply = await self._ask(ApiRequest("resumes", (resume_id,)), read)
            self._resumes_told += isinstance(reply, ResumeFacts)
            self._other_resumes += reply == Failure(Reason("other_resume"))
            return reply

        return await self._once(key, ask)

    def check_ids(self) -> None:
        """Say so when every resume was another than the one asked for: Avito's ids changed."""
        if self._other_resumes > 1 and not self._resumes_told:
            logger.error(
                "Avito answered each of %d requests for a resume with another one: "
                "the ids that it gives in chats and applications are no longer those of resumes",
                self._other_resumes,
            )
            self._drifted("resumes", ("id",) * self._other_resumes)

    async def contacts(self, resume_id: str) -> Reply:
        """The contacts of a resume. Spends money unless the resume is bought or applied."""
        request = ApiRequest("contacts", (resume_id,))
        return await self._once(
            ("contacts", resume_id), lambda: self._ask(request, parsing.read_contacts)
        )

    def has_contacts(self, resume_id: str) -> bool:
        """Whether the contacts of a resume are known, so that reading them costs nothing."""
        key: Key = ("contacts", resume_id)
        return key in self._answers or self._checkpoint.holds(*key)

    async def _once(self, key: Key, ask: Ask) -> Reply:
        """What ``ask`` gives; all who want the same wait for one request."""
        if key in self._answers:
            return self._answers[key]
        if key not in self._requested:
            self._requested[key] = asyncio.ensure_future(self._kept(key, ask))
        try:
            reply = await self._requested[key]
        finally:
            self._requested.pop(key, None)
        self._answers[key] = reply
        return reply

    async def _kept(self, key: Key, ask: Ask) -> Reply:
        """The answer in the checkpoint, else what ``ask`` gives, which is put there."""
        kept = self._checkpoint.get(*key)
        known: Known | None = None if kept is None else unpack(kept)
        reply: Reply = known if known is not None else await ask()
        hidden = isinstance(reply, (ChatFacts, TalkFacts)) and reply.texts_hidden
        self.texts_hidden |= hidden
        if isinstance(reply, Failure):
            self._count(f"avito/trouble/{key[0]}")
        elif known is None and not hidden:
            self._checkpoint.put(*key, pack(reply))
        return reply

    async def _ask(
        self, request: ApiRequest, read: Callable[[Any], tuple[R, Drifts]]
    ) -> R | NotFound | Failure:
        return self._interpret(request.method, await self._data(request), read)

    async def _told(
        self, request: ApiRequest, read: Callable[[Any], tuple[R | Failure, Drifts]]
    ) -> R | Failure:
        """As ``_ask``, of what cannot be gone: 404 is a failure like others."""
        answer = await self._ask(request, read)
        if isinstance(answer, NotFound):
            return Failure(Reason("status", status=404), 404)
        return answer

    async def _data(self, request: ApiRequest) -> Any:
        """Parsed JSON, ``NotFound`` or ``Failure``."""
        method = request.method
        access = self._access[method]
        with access.asking():
            response = await self._send(request)
        if isinstance(response, Failure):
            return response
        self.clock_behind = response.clock_behind
        status = response.status
        if status < 300 or status == 404:
            access.granted = True
        if status < 300:
            return response.data
        if status == 404:
            return Failure(Reason("no_route"), status) if is_no_route(response.data) else NotFound()
        subject = str(request.ids[-1]) if request.ids else None
        if method in WHOLE_API and status == 402 and await access.is_refused(subject):
            raise ApiUnusable("subscription_required")
        if status == 401 or (status == 403 and method == "self"):
            raise ApiUnusable("unauthorized")
        return Failure(Reason("status", status=status), status)

    def _interpret(
        self, method: MethodName, data: Any, read: Callable[[Any], tuple[R, Drifts]]
    ) -> R | NotFound | Failure:
        """What ``read`` makes of ``data``; an answer that breaks it is a ``Failure``."""
        if isinstance(data, (Failure, NotFound)):
            return data
        try:
            result, drifts = read(data)
        except Exception as error:
            # Not the error's text, which may hold somebody's data.
            logger.error("%s not read: %s", method, place_of(error))
            return Failure(Reason("answer_unreadable", kind=type(error).__name__))
        self._drifted(method, drifts)
        return result

    def _drifted(self, method: MethodName, names: Iterable[str]) -> None:
        for name in names:
            self._count(f"avito/drift/{method}/{name}")
