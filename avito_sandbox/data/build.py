"""Builds the account: who wrote to whom about what, in a real account's proportions."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from avito_sandbox.data import words
from avito_sandbox.data.applications import ApplicationFactory
from avito_sandbox.data.cast import Cast
from avito_sandbox.data.hostile import HOSTILE
from avito_sandbox.data.ids import Ids
from avito_sandbox.data.quota import quota
from avito_sandbox.data.talk import STATUSES, WEIGHTS, Line, Talk
from avito_sandbox.data.timeline import DAY, NS, Timeline
from avito_sandbox.model import Application, Chat, ChatKind, Item, Person, Resume
from avito_sandbox.scenario import Scenario


@dataclass
class Account:
    """Everything that `build` made. `chats` in no order."""

    id: int
    chats: list[Chat] = field(default_factory=list)
    resumes: dict[int, Resume] = field(default_factory=dict)
    applications: list[Application] = field(default_factory=list)
    vacancies: list[Item] = field(default_factory=list)


class Builder:
    """Makes an `Account`. `now`: Unix seconds; everything happened before."""

    def __init__(self, scenario: Scenario, now: int) -> None:
        self.scenario = scenario
        self.now = now
        self.rng = random.Random(f"avito-sandbox-{scenario.seed}")
        self.ids = Ids(self.rng)
        self.talk = Talk(self.rng, scenario.field_words, scenario.half_characters)
        self.applications = ApplicationFactory(self.rng, self.ids, scenario)
        self.account = Account(scenario.account_id)
        self.cast = Cast(self.rng, self.ids, now, scenario, self.account.resumes)
        self.timeline = Timeline(self.rng, self.ids, now, scenario.account_id)

    def build(self) -> Account:
        """The whole account."""
        self.account.vacancies = [self._vacancy(n) for n in range(14)]
        plan = quota(self.scenario.chats, self.scenario.unpurchased_share)
        for kind, count in plan.items():
            for number in range(count):
                self._chat(kind, number)
        for _ in range(plan["application"] // 20):
            self._phone_application()
        self.cast.take_down(self.scenario.removed_share)
        self.account.applications.sort(key=lambda one: (one.created, one.id), reverse=True)
        return self.account

    def _vacancy(self, number: int) -> Item:
        title, slug = words.VACANCIES[number % len(words.VACANCIES)]
        city = self.rng.choice(words.CITIES)[1]
        item = self.ids.item()
        url = f"https://avito.ru/{city}/vakansii/{slug}_{item}"
        return Item(item, title, url, self.scenario.account_id, "80 000 ₽ за месяц")

    def _chat(self, kind: ChatKind, number: int) -> None:
        rng, account = self.rng, self.scenario.account_id
        stranger = self.cast.anybody()
        if kind == "avito":
            assistant = self.ids.user()
            chat = self._new(kind, f"a2u-{assistant}-{account}", assistant, "Авито", None)
            self._say(chat, self.talk.avito())
        elif kind == "private_user":
            person = self.cast.person()
            chat_id = self.ids.chat("u2u", person.user_id, account, stranger)
            chat = self._new(kind, chat_id, person.user_id, person.first, None)
            self._say(chat, self.talk.private())
        elif kind == "private_item":
            person = self.cast.person()
            title, slug = rng.choice(words.THINGS)
            item = self.ids.item()
            url = f"https://avito.ru/moskva/{slug}_{item}"
            thing = Item(item, title, url, person.user_id, "500 ₽")
            chat_id = self.ids.chat("u2i", item, person.user_id, stranger)
            chat = self._new(kind, chat_id, person.user_id, person.first, thing)
            self._say(chat, self.talk.private())
        elif kind in ("application", "own_vacancy"):
            self._applied(kind, number, stranger)
        else:
            self._about_resume(kind, number, stranger)

    def _applied(self, kind: ChatKind, number: int, stranger: int) -> None:
        """A candidate wrote about our vacancy, with an application or without."""
        vacancy = self.rng.choice(self.account.vacancies)
        resume: Resume | None = None
        if kind == "application" and number % 5:
            resume, _ = self.cast.applicant(number)
        person = resume.person if resume else self.cast.person()
        chat_id = self.ids.chat("u2i", vacancy.id, person.user_id, stranger)
        context: Item | None = vacancy
        if kind == "application" and resume and number % 60 == 2:
            # Another resume is in the context and its contacts name the chat: the application wins.
            other, context = self.cast.bought()
            self.cast.name_chat(other, chat_id)
        chat = self._new(kind, chat_id, person.user_id, person.first, context)
        chat.resume = resume
        self._say(chat, self._lines(False, number))
        if kind == "application":
            self._apply(chat, person, vacancy, resume)
            if resume and number % 97 == 1:  # applied twice through the same chat
                self._apply(chat, person, vacancy, resume, later=True)

    def _apply(
        self, chat: Chat, person: Person, vacancy: Item, resume: Resume | None, later: bool = False
    ) -> None:
        earliest = self.now - self.scenario.application_days * DAY
        created = max(chat.created_ns // NS - 5, earliest + 60)
        if self.rng.random() < self.scenario.old_applications_share:
            created = self.now - self.rng.randrange(370, 700) * DAY
        if later:
            created = min(self.now - 1, created + self.rng.randrange(600, 5 * DAY))
        made = self.applications.make(person, vacancy, created, chat.id, resume, self.now)
        if chat.application is None or made.created >= chat.application.created:
            chat.application = made
        self.account.applications.append(made)

    def _phone_application(self) -> None:
        """An application by telephone: no chat belongs to it."""
        created = self.now - self.rng.randrange(self.scenario.application_days * DAY)
        vacancy = self.rng.choice(self.account.vacancies)
        made = self.applications.make(self.cast.person(), vacancy, created, None, None, self.now)
        self.account.applications.append(made)

    def _about_resume(self, kind: ChatKind, number: int, stranger: int) -> None:
        """We wrote to somebody about their resume."""
        context: Item | None
        if kind == "by_contacts":
            resume = self.cast.shown_purchased(number)
            context = None if number % 2 else self.rng.choice(self.account.vacancies)
        else:
            resume, context = self.cast.found(number, purchased=kind == "purchased")
        person = resume.person
        item_id = context.id if context else self.ids.item()
        chat_id = self.ids.chat("u2i", item_id, person.user_id, stranger)
        chat = self._new(kind, chat_id, person.user_id, person.first, context)
        chat.resume = resume
        if kind != "purchased" or number % 10 != 3:  # now and then contacts name no chat
            self.cast.name_chat(resume, chat_id)
        self._say(chat, self._lines(True, number))

    def _new(self, kind: ChatKind, chat_id: str, user: int, name: str, item: Item | None) -> Chat:
        chance = self.rng.random()
        if chance < 0.02 and kind != "avito":
            name = self.rng.choice(HOSTILE)
        elif chance < 0.03:
            name = ""
        chat = Chat(chat_id, kind, user, name, 0, item)
        self.account.chats.append(chat)
        return chat

    def _say(self, chat: Chat, lines: list[Line]) -> None:
        every = self.scenario.notices_every
        number = len(self.account.chats)
        if every and number % every == 0:
            lines = [*lines, self.talk.notice(number // every, chat.user_name)]
        applied = chat.kind == "application"
        span = self.scenario.application_days if applied else self.scenario.chat_days
        self.timeline.say(chat, lines, span)

    def _lines(self, ours_first: bool, number: int) -> list[Line]:
        status = self.rng.choices(STATUSES, WEIGHTS)[0]
        pad = self.rng.randrange(100, 180) if number % 101 == 7 else 0
        if number % 199 == 11:
            return []  # nobody has said anything yet
        return self.talk.lines(status, ours_first, pad)
