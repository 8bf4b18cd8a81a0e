"""Makes people and resumes, and cases where one is easily taken for another."""

from __future__ import annotations

import random

from avito_sandbox.data.ids import Ids
from avito_sandbox.data.people import PersonFactory
from avito_sandbox.data.resumes import ResumeFactory
from avito_sandbox.model import Item, Person, Resume
from avito_sandbox.options_data import DataOptions


class Cast:
    """Hands out people and resumes, now and then a repeated one.

    Every 50th applicant applied with a resume that is known from another chat; every 83rd shares
    a phone with a stranger; every 89th is somebody known, with a second resume.
    """

    def __init__(
        self,
        rng: random.Random,
        ids: Ids,
        now: int,
        options: DataOptions,
        resumes: dict[int, Resume],
    ) -> None:
        self._rng = rng
        self._ids = ids
        self._people = PersonFactory(rng, ids)
        self._make = ResumeFactory(rng, now, options)
        self._all = resumes
        self._applied: list[tuple[Resume, Item]] = []
        self._shown: list[tuple[Resume, Item]] = []
        self._kept: set[int] = set()
        self._users: list[int] = []

    def person(self, phone: str | None = None) -> Person:
        """Somebody new."""
        made = self._people.make(phone)
        self._users.append(made.user_id)
        return made

    def anybody(self) -> int:
        """The id of another existing person, to mislead."""
        return self._rng.choice(self._users) if self._users else self._ids.user()

    def applicant(self, number: int) -> tuple[Resume, Item]:
        """Who stands behind the application of that number, and their resume."""
        if number % 50 == 3 and self._applied:
            return self._applied[len(self._applied) // 2]
        made = self._variant(number, self._applied, purchased=False)
        made[0].from_application = True
        self._applied.append(made)
        return made

    def found(self, number: int, purchased: bool) -> tuple[Resume, Item]:
        """A resume that we came upon ourselves."""
        if purchased and number % 50 == 4 and self._shown:
            return self._shown[len(self._shown) // 2]
        made = self._variant(number, self._shown, purchased)
        if purchased:
            self._shown.append(made)
        return made

    def _variant(
        self, number: int, known: list[tuple[Resume, Item]], purchased: bool
    ) -> tuple[Resume, Item]:
        if known and number % 83 == 6:
            person = self.person(self._rng.choice(known)[0].person.phone)
        elif known and number % 89 == 7:
            person = self._rng.choice(known)[0].person
        else:
            person = self.person()
        resume, item = self._make.make(self._ids.item(), person, purchased)
        self._all[resume.id] = resume
        return resume, item

    def shown_purchased(self, number: int) -> Resume:
        """A bought resume that another chat shows, for a chat that only its contacts name."""
        resume = self._shown[(number * 7 + 1) % len(self._shown)][0]
        self._kept.add(resume.id)
        return resume

    def bought(self) -> tuple[Resume, Item]:
        """A bought resume of somebody new."""
        resume, item = self._make.make(self._ids.item(), self.person(), True)
        self._all[resume.id] = resume
        return resume, item

    def name_chat(self, resume: Resume, chat_id: str) -> None:
        """Let the contacts of `resume` name the chat."""
        resume.contacts.body["contacts"].append({"type": "chat_id", "value": chat_id})

    def take_down(self, share: float) -> None:
        """Candidates take down that share of the resumes, but for those that chats hang on."""
        for resume in self._all.values():
            if resume.id not in self._kept and self._rng.random() < share:
                resume.removed = True
