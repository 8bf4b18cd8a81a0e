"""The rows that people and chats make on the sheets."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote, urlsplit

from avito_scrapy.avito.notes import Note
from avito_scrapy.items import ChatResume
from avito_scrapy.reasons import ENGLISH, Reason
from avito_scrapy.report.calls import HOUR, waited
from avito_scrapy.report.names import agree, words
from avito_scrapy.report.notes_back import mark, next_call
from avito_scrapy.report.options import ReportOptions
from avito_scrapy.report.people import Person, other_names, unique
from avito_scrapy.report.reasons_ru import RUSSIAN
from avito_scrapy.report.sheet import Link, Styled, Value
from avito_scrapy.report.stoplist import Entry, StopLists
from avito_scrapy.report.style import STATUS_LOOK, Styles
from avito_scrapy.report.texts import Texts
from avito_scrapy.times import parse_iso

_UNSAFE = re.compile(r"[\\\s\x00-\x1f@]")


@dataclass(frozen=True)
class Rows:
    """Makes rows. ``notes`` are the recruiter's own columns, by any key of a person."""

    options: ReportOptions
    texts: Texts
    styles: Styles
    lists: StopLists
    notes: Mapping[str, Note]

    def person(self, person: Person) -> list[Value]:
        """A row of «Кандидаты»."""
        best, last, name = person.best, person.last, self.texts.name
        applied = max(unique(chat.applied_at for chat in person.chats), default=None, key=self._key)
        return [
            person.name, person.phone, self.status(person.status),
            self._time(person.waits.waiting_since if person.waits else None),
            last.last_message, self._time(last.last_message_at),
            name("by", last.last_message_direction), self._vacancies(person),
            self._chat(last), self._resume(best),
            next(iter(unique(chat.email for chat in (best, *person.chats))), None),
            best.title, best.age, name("gender", best.gender), best.citizenship, best.address,
            best.salary, name("schedule", best.schedule), best.education, best.experience_months,
            best.moving, self._time(applied), self._time(best.resume_updated_at),
            name("outcome", best.outcome), name("match", best.match),
            self.texts.yes_no(best.is_active),
            self.texts.yes_no(best.is_purchased), len(person.chats),
            name("joined", person.joined), self.remark(person), best.resume_id,
            "\n".join(chat.chat_id for chat in person.chats), self._time(last.fetched_at),
        ]  # fmt: skip

    def call(self, number: int, person: Person, why: str) -> list[Value]:
        """A row of a call sheet; ``number`` is its place."""
        best, last = person.best, person.last
        wait = waited(person, self.options.now)
        note, key, vacancies = (
            self.note(person),
            "\n".join(person.own_keys),
            self._vacancies(person),
        )
        seen = (person.name, person.phone, vacancies, last.last_message)
        return [
            number, person.name, person.phone, why,
            note.outcome, note.comment, next_call(note), key, mark(note, key, seen),
            self.status(person.status), wait if wait is None else wait / HOUR,
            last.last_message, self._time(last.last_message_at), vacancies,
            self._chat(last), self._resume(best), best.age, best.citizenship, best.address,
            best.salary, best.experience_months, self.remark(person),
        ]  # fmt: skip

    def stopped(self, person: Person, entry: Entry) -> list[Value]:
        """A row of «Исключено_по_стоплисту»."""
        known = words(entry.name) and words(person.name)
        other = known and not agree(words(entry.name), words(person.name))
        return [
            person.name, next(p for p in person.phones if self.lists.entries.get(p) == entry),
            entry.file, entry.sheet, entry.row, entry.name, entry.comment,
            self.status(person.status), self._time(person.last.last_message_at),
            self._vacancies(person), self._chat(person.last), self._resume(person.best),
            self.texts("remark.list_name") if other else None,
        ]  # fmt: skip

    def chat(self, record: ChatResume) -> list[Value]:
        """A row of «Без_резюме» or «Ошибки»."""
        name = self.texts.name
        default = "none" if record.outcome == "failed" else record.outcome
        return [
            record.full_name or record.user_name, name("outcome", record.outcome),
            self.reason(record.reason) or self.texts(f"reason.{default}"), record.phone,
            self.status(record.chat_status), record.item_title,
            record.last_message, self._time(record.last_message_at),
            name("by", record.last_message_direction), self._chat(record), record.chat_id,
            record.resume_id, self._time(record.fetched_at),
        ]  # fmt: skip

    def status(self, status: str) -> Styled:
        """A status with its sign and its colour."""
        text = f"{STATUS_LOOK[status][0]} {self.texts(f'status.{status}')}"
        return Styled(text, self.styles.by_status[status])

    def note(self, person: Person) -> Note:
        """What the recruiter wrote about a person, under whatever they were known by then."""
        return next((self.notes[key] for key in person.keys if key in self.notes), Note())

    def remark(self, person: Person) -> str | None:
        """What a person should know before calling."""
        texts, said = self.texts, []
        entry = self.lists.find(person.phones)
        if entry is not None:
            said.append(texts("remark.stopped", file=entry.file))
        if person.shared:
            said.append(texts("remark.shared", names=person.shared))
        if len(person.phones) > 1:
            said.append(texts("remark.other_phones", phones=", ".join(person.phones[1:])))
        names = other_names(person)
        if names:
            said.append(texts("remark.other_names", names=", ".join(names)))
        statuses = {chat.chat_status for chat in person.chats}
        if "refused" in statuses and person.status != "refused":
            said.append(texts("remark.refused"))
        if "unknown" in statuses and person.status != "unknown":
            said.append(texts("remark.unknown_chat"))
        for chat in person.chats:
            if person.waits is not None and chat.waiting_since and chat is not person.waits:
                when = self._time(chat.waiting_since)
                if when is not None:
                    said.append(texts("remark.also_waits", when=f"{when:%d.%m.%Y %H:%M}"))
            if chat.outcome == "failed":
                reason = self.reason(chat.reason) or texts("reason.none")
                said.append(texts("remark.failed", reason=reason))
            elif chat.outcome == "found" and chat.reason:
                said.append(texts("remark.contacts", reason=self.reason(chat.reason)))
        return "; ".join(said) or None

    def reason(self, reason: Reason | None) -> str | None:
        """A reason in the workbook's language."""
        texts = RUSSIAN if self.options.lang == "ru" else ENGLISH
        return None if reason is None else reason.render(texts)

    def _time(self, value: str | None) -> datetime | None:
        return parse_iso(value, self.options.tz)

    def _key(self, value: str | None) -> float:
        when = self._time(value)
        return when.timestamp() if when else float("-inf")

    def _vacancies(self, person: Person) -> str | None:
        return "\n".join(unique(chat.item_title for chat in person.chats)) or None

    def _chat(self, record: ChatResume) -> Link:
        path = f"/profile/messenger/channel/{quote(record.chat_id, safe='~-._')}"
        own = self._avitos(record.chat_url)
        return Link(own or self.options.web_url + path, self.texts("link.chat"))

    def _resume(self, record: ChatResume) -> Link | None:
        url = self._avitos(record.resume_url)
        return Link(url, self.texts("link.resume")) if url else None

    def _avitos(self, url: str | None) -> str | None:
        """``url`` if it leads to Avito: a link of another kind may start a program, one to another
        host lead anywhere."""
        # Browsers take a backslash for a slash, and leave out tabs and line ends.
        if not url or len(url) >= 2080 or _UNSAFE.search(url):
            return None
        try:
            target, home = urlsplit(url), urlsplit(self.options.web_url)
        except ValueError:
            return None
        host = target.hostname or ""
        known = target.netloc == home.netloc or host == "avito.ru" or host.endswith(".avito.ru")
        return url if target.scheme in ("https", "http") and known else None
