"""What people and chats look like in cells: words, times, links, remarks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from urllib.parse import quote, urlsplit

from avito_scrapy.items import ChatResume, Note
from avito_scrapy.report.local_time import EARLY, city, is_late, readable_phone, zone
from avito_scrapy.report.options import ReportOptions
from avito_scrapy.report.people import Person, other_names, stored_keys, unique
from avito_scrapy.report.ranking import HOUR, waited
from avito_scrapy.report.records import account_of, agree, words
from avito_scrapy.report.sheet import Link, Styled
from avito_scrapy.report.stoplist import Entry, StopLists
from avito_scrapy.report.style import STATUS_LOOK
from avito_scrapy.report.texts import Texts
from avito_scrapy.times import parse_iso

_E164 = re.compile(r"\+[1-9]\d{7,14}", re.ASCII)
_UNSAFE = re.compile(r"[\\\s\x00-\x1f]")


@dataclass(frozen=True)
class Formatter:
    """Values as they are shown; ``notes`` are the recruiter's own columns by any key."""

    options: ReportOptions
    texts: Texts
    lists: StopLists
    notes: Mapping[str, Note]

    @cached_property
    def _home(self) -> str:
        return urlsplit(self.options.web_url).netloc

    def name(self, group: str, code: str | None) -> str | None:
        """A code of Avito's in words."""
        return self.texts.name(group, code)

    def yes_no(self, value: bool | None) -> str | None:
        return self.texts.yes_no(value)

    def time(self, value: str | None) -> datetime | None:
        return parse_iso(value, self.options.tz)

    def moment(self, seconds: float | None) -> datetime | None:
        """Unix seconds as a time."""
        return None if seconds is None else datetime.fromtimestamp(seconds, self.options.tz)

    def latest(self, values: Iterable[str | None]) -> datetime | None:
        return max(filter(None, map(self.time, values)), default=None)

    def waited(self, person: Person) -> float | None:
        """Hours for which the person has waited for our answer."""
        wait = waited(person, self.options.now)
        return None if wait is None else wait / HOUR

    def vacancies(self, person: Person) -> str | None:
        return "\n".join(unique(chat.item_title for chat in person.chats)) or None

    def phone(self, person: Person) -> Link | Styled | str | None:
        """The phone, on grey where it is no hour to call."""
        shown = readable_phone(person.phone)
        if shown is None or not _dialled(person):
            return shown
        link = Link(f"tel:{person.phone}", shown)
        now = self._there(person)
        return Styled(link, "night_link") if now and is_late(now) else link

    def whatsapp(self, person: Person) -> Link | None:
        phone = _dialled(person)
        return Link(f"https://wa.me/{phone[1:]}", "WhatsApp") if phone else None

    def telegram(self, person: Person) -> Link | None:
        phone = _dialled(person)
        return Link(f"https://t.me/{phone}", "Telegram") if phone else None

    def local_time(self, person: Person) -> str | Styled | None:
        """What time it is where the person is, when the city or the phone tells it."""
        now = self._there(person)
        if now is None:
            return None
        if not is_late(now):
            return f"{now:%H:%M}"
        key = "local.early" if now.hour < EARLY else "local.late"
        return Styled(self.texts(key, time=f"{now:%H:%M}"), "night")

    def _there(self, person: Person) -> datetime | None:
        there = zone(self.city(person), person.phone)
        return None if there is None else self.options.now.astimezone(there)

    def city(self, person: Person) -> str | None:
        """The city of the person's resume, or of an earlier one."""
        known = unique(chat.address for chat in (person.best, *person.chats))
        return next(filter(None, map(city, known)), None)

    def stopped_phone(self, person: Person, entry: Entry) -> str | None:
        """Which of the person's phones is on the stop list."""
        return readable_phone(next(p for p in person.phones if self.lists.entries.get(p) == entry))

    def other_name(self, person: Person, entry: Entry) -> str | None:
        """A remark when the stop list has the phone under another name."""
        known = words(entry.name) and words(person.name)
        other = known and not agree(words(entry.name), words(person.name))
        return self.texts("remark.list_name") if other else None

    def why_without(self, record: ChatResume) -> str:
        """Why a chat is on «Без_резюме» or «Ошибки»."""
        default = "none" if record.outcome == "failed" else record.outcome
        told = record.reason and self.texts.reason(record.reason)
        return told or self.texts(f"reason.{default}")

    def status(self, status: str) -> Styled:
        """A status with its sign and its colour."""
        text = f"{STATUS_LOOK[status][0]} {self.texts(f'status.{status}')}"
        return Styled(text, f"status.{status}")

    def chat_status(self, record: ChatResume) -> Styled | None:
        """The status of a chat. That of a bot's or of Avito's own is not unknown: it has none."""
        if record.outcome == "not_candidate" and record.chat_status == "unknown":
            return None
        return self.status(record.chat_status)

    def _notes_of(self, person: Person) -> Iterator[str]:
        """Notes under phones that are not the person's alone, in words: whose they are is not
        known, so that they stand in nobody's cells."""
        for keys in stored_keys(person.chats, person.phones):
            for note in (self.notes[key] for key in keys if key in self.notes):
                yield "; ".join(filter(None, (note.outcome, note.comment, note.next_call)))

    def accounts(self, person: Person) -> str | None:
        """The accounts that a person wrote to."""
        return "\n".join(unique(map(account_of, person.chats))) or None

    def remark(self, person: Person) -> str | None:
        """What a person should know before calling."""
        texts, said = self.texts, []
        entry = self.lists.find(person.phones)
        if entry is not None:
            said.append(texts("remark.stopped", file=entry.file))
        if person.shared:
            said.append(texts("remark.shared", names=person.shared))
            said += [texts("remark.note_of_phone", note=note) for note in self._notes_of(person)]
        if len(person.phones) > 1:
            others = filter(None, map(readable_phone, person.phones[1:]))
            said.append(texts("remark.other_phones", phones=", ".join(others)))
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
                when = self.time(chat.waiting_since)
                if when is not None:
                    said.append(texts("remark.also_waits", when=f"{when:%d.%m.%Y %H:%M}"))
            if chat.outcome == "failed":
                reason = chat.reason and texts.reason(chat.reason)
                said.append(texts("remark.failed", reason=reason or texts("reason.none")))
            elif chat.outcome == "found" and chat.reason:
                said.append(texts("remark.contacts", reason=texts.reason(chat.reason)))
        return "; ".join(said) or None

    def chat(self, record: ChatResume) -> Link:
        path = f"/profile/messenger/channel/{quote(record.chat_id, safe='~-._')}"
        own = self._avitos(record.chat_url)
        return Link(own or self.options.web_url + path, self.texts("link.chat"))

    def resume(self, record: ChatResume) -> Link | None:
        url = self._avitos(record.resume_url)
        return Link(url, self.texts("link.resume")) if url else None

    def _avitos(self, url: str | None) -> str | None:
        """``url`` if it leads to Avito: a link of another kind may start a program, one to another
        host lead anywhere."""
        # Browsers take a backslash for a slash, and leave out tabs and line ends.
        if not url or len(url) >= 2080 or _UNSAFE.search(url):
            return None
        try:
            target = urlsplit(url)
        except ValueError:
            return None
        host = target.hostname or ""
        known = target.netloc == self._home or host == "avito.ru" or host.endswith(".avito.ru")
        return url if target.scheme in ("https", "http") and known else None


def _dialled(person: Person) -> str | None:
    """The person's phone if it is one: what else stands there must not become a link."""
    return person.phone if person.phone and _E164.fullmatch(person.phone) else None
