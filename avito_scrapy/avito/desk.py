"""Keeps the open cases of a run: who waits for which answer, and what is asked only once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

from avito_scrapy.avito.case import (
    Ask,
    Case,
    Ends,
    Leads,
    Open,
    Rules,
    Way,
    may_be_bought,
    wants_contacts,
    way,
)
from avito_scrapy.avito.chat_status import heard
from avito_scrapy.avito.results import ContactsFacts, Failure, Reply, ResumeFacts
from avito_scrapy.items import Chat, ChatResume
from avito_scrapy.resumes.application_index import application_of
from avito_scrapy.resumes.build_item import failed, record

_SHARED = ("resumes", "contacts")


@dataclass
class Moves:
    """What follows: questions to send, lines that are finished."""

    asks: list[Ask] = field(default_factory=list)
    lines: list[ChatResume] = field(default_factory=list)


class Desk:
    """Takes cases and answers, says what to ask next and gives out finished lines.

    Each resume and its contacts are asked for once, however many chats lead to them. Cases that
    only somebody's contacts can still solve are kept until ``solve``, those whose contacts may be
    bought until ``buy`` or ``keep_unsold``.

    Args:
        rules: of the run.
        chats: the chats of the input: only those are looked for in contacts.
    """

    def __init__(self, rules: Rules, chats: Collection[str] = ()) -> None:
        self.rules = rules
        self._chats = chats
        self._waiting: dict[Ask, list[Case]] = {}
        self._known: dict[Ask, Reply] = {}
        self._named: dict[str, str | None] = {}
        self._all_in = False
        self._unread: str | None = None
        self._unsolved: dict[str, Case] = {}
        self._stored: dict[str, tuple[Chat, ChatResume]] = {}
        self._for_sale: dict[str, list[Case]] = {}

        self.open = {True: 0, False: 0}
        """Cases at work, by whether an application is known for them."""

    @property
    def waiting(self) -> int:
        """How many answers are waited for."""
        return len(self._waiting)

    @property
    def for_sale(self) -> list[str]:
        """Resumes whose contacts may be bought, by their chats' place in the list."""

        def place(resume_id: str) -> int:
            return min(case.chat.position or 0 for case in self._for_sale[resume_id])

        return sorted(self._for_sale, key=place)

    def take(self, case: Case) -> Moves:
        """A new case."""
        moves = Moves()
        self._work(case, moves)
        return moves

    def take_stored(self, chat: Chat, line: ChatResume) -> Moves:
        """A chat whose stored line still holds, unless somebody's contacts turn out to name it."""
        if line.resume_id is not None:
            self._name(line.resume_id, line.named_chats)
        if line.outcome == "no_resume" and not self._all_in:
            self._stored[chat.chat_id] = (chat, line)
            return Moves()
        return Moves(lines=[line])

    def answer(self, ask: Ask, reply: Reply) -> Moves:
        """An answer has come, or the news that none will."""
        moves = Moves()
        if ask.method in _SHARED:
            self._known[ask] = reply
        if isinstance(reply, ContactsFacts):
            self._name(ask.key, reply.chat_ids)
        waiting = self._waiting.pop(ask, ())
        # An application that tells everything leaves no contacts to be read.
        might = ask.method == "contacts" or not all(case.application for case in waiting)
        if isinstance(reply, Failure) and ask.method in _SHARED and might and not reply.status:
            self._unread = reply.reason
        for case in waiting:
            case.replies[ask] = reply
            if case.at_work:  # not when the rules have changed and it was finished without
                self._advance(case, moves)
        return moves

    def chat_of(self, resume_id: str) -> str:
        """One of the chats for whose sake a resume's contacts are for sale."""
        return self._for_sale[resume_id][0].chat.chat_id

    def buy(self, resume_id: str) -> Ask:
        """Let the chats of a resume that is for sale wait for its contacts."""
        ask = Ask("contacts", resume_id)
        cases = self._for_sale.pop(resume_id)
        for case in cases:
            case.bought = True
            self._begin(case)
        self._waiting.setdefault(ask, []).extend(cases)
        return ask

    def solve(self) -> Moves:
        """All contacts that could be read are in: look which chats they name."""
        self._all_in = True
        moves = Moves()
        cases = list(self._unsolved.values())
        self._unsolved.clear()
        for chat, line in self._stored.values():
            if self._named.get(chat.chat_id):
                cases.append(Case(chat, application_of(line)))
            else:
                moves.lines.append(line)
        self._stored.clear()
        for case in cases:
            self._work(case, moves)
        return moves

    def keep_unsold(self) -> Moves:
        """Nothing more is bought: finish what was for sale."""
        moves = Moves()
        for cases in self._for_sale.values():
            moves.lines += [self._finish(case) for case in cases]
        self._for_sale.clear()
        return moves

    def give_up(self, reason: str) -> Iterator[ChatResume]:
        """Finish what still waits, as failed."""
        stuck = {case.chat.chat_id: case for cases in self._waiting.values() for case in cases}
        self._waiting.clear()
        self.open = {True: 0, False: 0}
        for case in stuck.values():
            if case.at_work:
                case.at_work = False
                yield failed(case.chat, reason)

    def _name(self, resume_id: str, chat_ids: Iterable[str]) -> None:
        """Note which chats a resume's contacts name."""
        for chat_id in chat_ids:
            if chat_id in self._chats and self._named.setdefault(chat_id, resume_id) != resume_id:
                self._named[chat_id] = None  # two resumes name it: neither is known to be right

    def _way(self, case: Case) -> Way:
        named = self._named.get(case.chat.chat_id) if self._all_in else None
        found = way(case, self.rules, named)
        blind = self._all_in and self._unread and self.rules.contacts != "none"
        if blind and isinstance(found, Open) and found.otherwise.outcome == "no_resume":
            return Ends("failed", f"contacts that may name the chat: {self._unread}")
        return found

    def _begin(self, case: Case) -> None:
        case.at_work = True
        self.open[case.application is not None] += 1

    def _work(self, case: Case, moves: Moves) -> None:
        self._begin(case)
        self._advance(case, moves)

    def _advance(self, case: Case, moves: Moves) -> None:
        """Ask what the case lacks; when it lacks nothing, finish or keep it."""
        while True:
            wanted = [ask for ask in self._wants(case) if ask not in case.replies]
            known = [ask for ask in wanted if ask in self._known]
            for ask in known:
                case.replies[ask] = self._known[ask]
            if not known:
                break
        for ask in wanted:
            there = self._waiting.get(ask)
            if there is None:
                self._waiting[ask] = [case]
                moves.asks.append(ask)
            elif case not in there:
                there.append(case)
        if not wanted:
            self._settle(case, moves)

    def _wants(self, case: Case) -> list[Ask]:
        found = self._way(case)
        if isinstance(found, Ask):
            return [found]
        talk = [Ask("messages", case.chat.chat_id)] if self.rules.messages else []
        end = found.otherwise if isinstance(found, Open) else found
        if isinstance(end, Ends):
            return talk if end.outcome == "no_resume" else []
        asks = [*talk, Ask("resumes", end.resume_id)]
        resume, contacts = case.reply("resumes", end.resume_id), Ask("contacts", end.resume_id)
        wanted = isinstance(resume, ResumeFacts) and wants_contacts(end, case, resume, self.rules)
        # What an application tells is enough: with what happens to be known from another chat, a
        # line would depend on which of them was first.
        if wanted or (end.match != "application" and contacts in self._known):
            asks.append(contacts)
        return asks

    def _settle(self, case: Case, moves: Moves) -> None:
        case.at_work = False
        self.open[case.application is not None] -= 1
        found = self._way(case)
        if isinstance(found, Open) and not self._all_in:
            self._unsolved[case.chat.chat_id] = case
        elif (
            isinstance(found, Leads)
            and not self._all_in  # nothing is bought any more
            and may_be_bought(found, case, self.rules)
        ):
            self._for_sale.setdefault(found.resume_id, []).append(case)
        else:
            moves.lines.append(self._finish(case))

    def _finish(self, case: Case) -> ChatResume:
        found = self._way(case)
        assert not isinstance(found, Ask), "a case is finished when nothing more is asked"
        line = record(case, found.otherwise if isinstance(found, Open) else found, self.rules)
        line.chat_status = heard(line, case.reply("messages", line.chat_id))
        return line
