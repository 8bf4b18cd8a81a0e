"""Finds the resume behind a chat.

The order is that of Avito's notes on integration, each step exact: the application that names
the chat; the chat's own context item, if it is somebody else's resume; the contacts of a bought
resume that name the chat. Otherwise there is no known resume.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, Protocol

from avito_scrapy.avito.endpoints import is_other_page, is_resume_page
from avito_scrapy.avito.results import (
    ApplicationFacts,
    ChatFacts,
    Failure,
    Reply,
    ResumeFacts,
)
from avito_scrapy.items import Chat, ChatResume
from avito_scrapy.reasons import Reason
from avito_scrapy.resumes.application_index import ApplicationIndex
from avito_scrapy.resumes.build_item import Answers, Match, NoMatch, application_of, build_item
from avito_scrapy.resumes.contacts import ContactsSoFar


@dataclass(frozen=True)
class Undecided:
    """Only another resume's contacts can still tell; ``otherwise`` when none does."""

    otherwise: NoMatch


class ResolverClient(Protocol):
    """Requests that the resolver needs; see ``AvitoClient``."""

    async def chat(self, chat_id: str) -> Reply: ...

    async def messages(self, chat: Chat) -> Reply: ...

    async def resume(self, resume_id: str) -> Reply: ...

    async def contacts(self, resume_id: str) -> Reply: ...


FindStored = Callable[[Chat, ApplicationFacts | None], ChatResume | None]
"""Gives the result of an earlier run for a chat, if it still holds."""


@dataclass(frozen=True)
class Options:
    """Options of a run.

    Attributes:
        account_id: whose chats they are.
        since: the first day of the index of applications.
        contacts: which contacts are read.
        messages: whether messages are read.
        employee_of: the company, where the account is that of an employee.
    """

    account_id: int
    since: date
    contacts: Literal["free", "none", "all"] = "free"
    messages: bool = True
    employee_of: int | None = None

    def ours(self, owner: int | None) -> bool:
        """Whether an item is ours; a company's may be in its own or in its employee's name."""
        return owner is not None and owner in (self.account_id, self.employee_of)


@dataclass
class Unfinished:
    """A chat that waits for contacts: for those that are for sale, or for all of them.

    ``stored``: its stored line, which holds unless contacts turn out to name the chat.
    """

    chat: Chat
    match: Match | NoMatch | Undecided | None
    answers: Answers
    stored: ChatResume | None = None


class Resolver:
    """Finds the resume behind each chat.

    ``resolve`` is called for every chat, in any order and many at a time. What it puts off is
    finished when all chats have been there: ``for_sale`` and ``finish_sale``, then ``finish``.

    Args:
        client: asks Avito.
        index: applications by chat.
        find_stored: gives results of earlier runs.
        options: of the run.
        chats: ids of all chats: only those are looked for in contacts.
    """

    def __init__(
        self,
        client: ResolverClient,
        index: ApplicationIndex,
        find_stored: FindStored,
        options: Options,
        chats: Collection[str],
    ) -> None:
        self._options = options
        self._client = client
        self._index = index
        self._find_stored = find_stored
        self._contacts = ContactsSoFar(chats)
        self._for_sale: dict[str, list[Unfinished]] = {}
        self._bought: dict[str, Reply] = {}
        self._undecided: list[Unfinished] = []

    async def resolve(self, chat: Chat) -> ChatResume | None:
        """The line of ``chat``; None when it is put off."""
        application = self._index.get(chat.chat_id)
        stored = self._find_stored(chat, application)
        if stored is not None:
            return self._take_stored(chat, stored)
        answers = Answers(application)
        match = await self._match(chat, answers)
        await self._complete(chat, match, answers)
        if isinstance(match, Undecided):
            self._undecided.append(Unfinished(chat, match, answers))
            return None
        if isinstance(match, Match) and self._may_be_bought(match, answers):
            self._for_sale.setdefault(match.resume_id, []).append(Unfinished(chat, match, answers))
            return None
        return build_item(chat, match, answers)

    # Where the chat leads

    async def _match(self, chat: Chat, answers: Answers) -> Match | NoMatch | Undecided:
        if chat.chat_type == "a2u":
            return NoMatch("not_candidate", Reason("avito_chat"))
        if chat.chat_type is None:
            return NoMatch("failed", Reason("unknown_chat_form"))
        if answers.application is not None:
            return self._match_application(chat, answers.application)
        answers.chat = about = await self._client.chat(chat.chat_id)
        if isinstance(about, Failure):
            return NoMatch("failed", Reason("chat_unreadable", cause=about.reason))
        if not isinstance(about, ChatFacts):
            if chat.chat_type == "u2u":
                return NoMatch("not_candidate", Reason("private_chat_gone"))
            return NoMatch("failed", Reason("chat_not_found"))
        match = None if self._options.ours(about.item_owner) else await self._match_item(about)
        return match or Undecided(self._no_match(chat, about))

    def _match_application(
        self, chat: Chat, application: ApplicationFacts
    ) -> Match | NoMatch | Undecided:
        if application.resume_id:
            return Match("application", application.resume_id)
        if not application.resume_known:
            return NoMatch("failed", Reason("application_resume_odd"))
        if unknown := self._index.unknown(chat.last_message_at):
            return Undecided(NoMatch("failed", unknown))
        return Undecided(NoMatch("no_resume", Reason("applied_without_resume")))

    async def _match_item(self, about: ChatFacts) -> Match | NoMatch | None:
        """The chat's item, which is not known to be ours: somebody's resume or not."""
        if about.item_id is None:
            return None
        resume_id = str(about.item_id)
        if about.item_owner is not None and is_resume_page(about.item_url):
            return Match("chat_item", resume_id)
        resume = await self._resume(resume_id)
        if isinstance(resume, Failure):
            return NoMatch("failed", Reason("item_unreadable", cause=resume.reason))
        if isinstance(resume, ResumeFacts):
            return Match("chat_item", resume_id)
        # A resume that was taken down is answered with 404 too: only an address tells them apart.
        if about.item_owner is None or not is_other_page(about.item_url):
            return None
        return NoMatch("not_candidate", Reason("other_item"))

    def _no_match(self, chat: Chat, about: ChatFacts) -> NoMatch:
        if unknown := self._index.unknown(chat.last_message_at, about.last_message_at):
            return NoMatch("failed", unknown)
        if chat.chat_type == "u2u":
            return NoMatch("not_candidate", Reason("private_chat"))
        if about.item_id is None:
            code = "no_item"
        elif about.item_owner is None:
            code = "no_item_owner"
        elif self._options.ours(about.item_owner):
            code = "own_vacancy"
        else:
            code = "item_of_unknown_kind"
        since, missing = self._options.since.isoformat(), self._index.missing
        if missing:
            reason = Reason(
                "no_application_of_those_received", since=since, missing=missing, about=Reason(code)
            )
        else:
            reason = Reason("no_application", since=since, about=Reason(code))
        return NoMatch("no_resume", reason)

    # What else is asked about it

    async def _complete(
        self, chat: Chat, match: Match | NoMatch | Undecided, answers: Answers
    ) -> None:
        if isinstance(match, Match):
            answers.messages, answers.resume = await asyncio.gather(
                self._messages(chat, answers), self._resume(match.resume_id, answers)
            )
            answers.contacts = await self._read_contacts(match, answers)
        elif isinstance(match, Undecided) and match.otherwise.outcome == "no_resume":
            answers.messages = await self._messages(chat, answers)

    async def _messages(self, chat: Chat, answers: Answers) -> Reply | None:
        if not self._options.messages or answers.messages is not None:
            return answers.messages
        return await self._client.messages(chat)

    async def _resume(self, resume_id: str, answers: Answers | None = None) -> Reply:
        resume = await self._client.resume(resume_id)
        # An application that tells everything leaves no contacts to be read.
        if answers is None or answers.application is None:
            self._contacts.note_failure(resume)
        return resume

    async def _read_contacts(self, match: Match, answers: Answers) -> Reply | None:
        """The contacts, when they cost nothing and tell what is not known yet."""
        resume, application = answers.resume, answers.application
        if not isinstance(resume, ResumeFacts) or self._options.contacts == "none":
            return None
        if match.by == "application" and application:
            if application.phone is not None and application.name is not None:
                return None
        elif match.resume_id in self._bought:
            return self._bought[match.resume_id]
        elif not resume.is_purchased and match.resume_id not in self._index.resumes:
            return None
        if self._contacts.refused_to_all is not None:
            return Failure(Reason("refused_to_all", status=self._contacts.refused_to_all))
        contacts = await self._client.contacts(match.resume_id)
        self._contacts.take(match.resume_id, contacts)
        return contacts

    # Chats whose contacts may be bought

    def _may_be_bought(self, match: Match, answers: Answers) -> bool:
        return (
            self._options.contacts == "all"
            and match.by != "application"
            and match.resume_id not in self._index.resumes
            and isinstance(answers.resume, ResumeFacts)
            and answers.resume.is_purchased is False
            and answers.contacts is None
        )

    @property
    def for_sale(self) -> list[tuple[str, str]]:
        """Resumes whose contacts may be bought, with a chat each, in the order of the list."""

        def position(resume_id: str) -> int:
            return min(waiting.chat.position or 0 for waiting in self._for_sale[resume_id])

        ordered = sorted(self._for_sale, key=position)
        return [(resume_id, self._for_sale[resume_id][0].chat.chat_id) for resume_id in ordered]

    def finish_sale(self, resume_id: str, contacts: Reply | None) -> list[ChatResume]:
        """The lines of the chats whose contacts were for sale; None: they were not bought."""
        if contacts is not None:
            self._bought[resume_id] = contacts
            self._contacts.take(resume_id, contacts)
        lines = []
        for waiting in self._for_sale.pop(resume_id):
            assert isinstance(waiting.match, Match)
            answers = replace(waiting.answers, contacts=contacts, bought=contacts is not None)
            lines.append(build_item(waiting.chat, waiting.match, answers))
        return lines

    # Chats that only somebody's contacts can tell of

    def _take_stored(self, chat: Chat, stored: ChatResume) -> ChatResume | None:
        if stored.resume_id is not None:
            self._contacts.name(stored.resume_id, stored.named_chats)
        if stored.outcome == "no_resume":
            answers = Answers(application_of(stored))
            self._undecided.append(Unfinished(chat, None, answers, stored))
            return None
        return stored

    def take_undecided(self) -> list[Unfinished]:
        """The chats that waited for all contacts; give each to ``finish``."""
        waiting, self._undecided = self._undecided, []
        return waiting

    async def finish(self, waiting: Unfinished) -> ChatResume:
        """The line of a chat that waited for all contacts to be read."""
        chat, match, answers = waiting.chat, waiting.match, waiting.answers
        named_by = self._contacts.naming(chat.chat_id)
        if waiting.stored is not None:
            if named_by is None:
                return waiting.stored
            match = await self._match(chat, answers)
        assert match is not None
        if isinstance(match, Undecided):
            match = Match("contacts", named_by) if named_by else self._nobody_names_it(match)
        await self._complete(chat, match, answers)
        return build_item(chat, match, answers)

    def _nobody_names_it(self, undecided: Undecided) -> NoMatch:
        unread = self._contacts.unread if self._options.contacts != "none" else None
        if unread and undecided.otherwise.outcome == "no_resume":
            return NoMatch("failed", Reason("naming_contacts_unreadable", cause=unread))
        return undecided.otherwise
