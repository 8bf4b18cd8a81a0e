"""Resumes and their contacts, with every field that may be missing missing somewhere."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from avito_sandbox.data import words
from avito_sandbox.data.hostile import HOSTILE
from avito_sandbox.data.people import name_parts, written
from avito_sandbox.dates import day, zulu
from avito_sandbox.model import DEEP, JSON, Contacts, Item, Person, Resume
from avito_sandbox.options_data import DataOptions


class ResumeFactory:
    """Makes resumes. `now`: Unix seconds."""

    def __init__(self, rng: random.Random, now: int, options: DataOptions) -> None:
        self._rng = rng
        self._now = now
        self._options = options
        self._loose = options.loose_types

    def make(self, item_id: int, person: Person, purchased: bool) -> tuple[Resume, Item]:
        """A resume and the advertisement by which chats show it."""
        rng = self._rng
        job, slug = rng.choice(words.JOBS)
        city, city_slug = rng.choice(words.CITIES)
        title = rng.choice(HOSTILE) if rng.random() < 0.02 else job
        url = f"/{city_slug}/rezume/{slug}_{item_id}"
        started = self._now - rng.randrange(86_400, 500 * 86_400)
        body: JSON = {
            "id": item_id,
            "title": title,
            "description": rng.choice((f"{job}, опыт есть", "", rng.choice(HOSTILE))),
            "is_active": rng.random() < 0.9,
            "start_time": zulu(started),
            "update_time": zulu(rng.randrange(started, self._now)),
            "url": url,
            "params": self._params(person, city),
        }
        self._maybe(body, "salary", lambda: rng.randrange(30, 250) * 1000)
        self._maybe(body, "address_details", lambda: self._address(city))
        self._oddities(body)
        price = f"{body['salary']} ₽" if body.get("salary") else None
        item = Item(item_id, title, f"https://avito.ru{url}", person.user_id, price)
        return Resume(item_id, person, body, self.contacts(person), purchased), item

    def _oddities(self, body: JSON) -> None:
        number = body["id"]
        if self._options.half_characters:
            body["description"] += "\ud83d"
            body["title"] += "\ude00"
        if self._options.odd_numbers and number % 3 == 0:
            body["salary"] = body["params"]["age"] = 10**30
        if self._options.deep_values and number % 3 == 1:
            body["params"]["portfolio"] = DEEP

    def contacts(self, person: Person) -> Contacts:
        """Contacts without a chat: `Builder` adds the chats that they name."""
        rng = self._rng
        entries: list[JSON] = []
        has_phone = rng.random() < 0.97
        if has_phone:
            entries.append({"type": "phone", "value": written(rng, person.phone, self._loose)})
        if person.email:
            entries.insert(
                rng.randrange(len(entries) + 1), {"type": "e-mail", "value": person.email}
            )
        name = f"{person.last} {person.first}"
        body: JSON = {"contacts": entries, "name": name}
        told: str | None = name
        if rng.random() < 0.85:
            body["full_name"] = name_parts(person)
            told = person.full_name
        elif rng.random() < 0.5:
            body["full_name"] = None
        if rng.random() < 0.02 and "full_name" not in body:
            told = rng.choice(HOSTILE)
            body["name"] = told
        return Contacts(body, told, person.phone if has_phone else None, person.email)

    def _maybe(self, body: JSON, key: str, make: Callable[[], Any], there: float = 0.7) -> None:
        """Put a value, or null, or nothing at all."""
        chance = self._rng.random()
        if chance < there:
            body[key] = make()
        elif chance < there + (1 - there) / 2:
            body[key] = None

    def _address(self, city: str) -> JSON:
        body: JSON = {"location": city}
        self._maybe(body, "address", lambda: f"{city}, Лесная улица, {self._rng.randrange(1, 90)}")
        self._maybe(body, "metro", lambda: "Белорусская")
        self._maybe(body, "district", lambda: "Тверской")
        self._maybe(body, "coordinates", lambda: {"latitude": 55.75, "longitude": 37.61})
        return body

    def _params(self, person: Person, city: str) -> JSON:
        rng = self._rng
        params: JSON = {}
        age = self._now // 31_557_600 + 1970 - int(person.birthday[:4])
        self._maybe(params, "age", lambda: age, 0.85)
        self._maybe(
            params, "pol", lambda: {"male": "Мужской", "female": "Женский"}[person.gender], 0.9
        )
        self._maybe(params, "nationality", lambda: person.citizenship)
        self._maybe(
            params,
            "address",
            lambda: rng.choice((city, f"{city}, Лесная ул., 7", rng.choice(HOSTILE))),
        )
        self._maybe(params, "schedule", lambda: rng.choice(words.SCHEDULES))
        self._maybe(params, "moving", lambda: rng.choice(("Невозможен", "Возможен")))
        self._maybe(params, "education", lambda: rng.choice(words.EDUCATION))
        self._maybe(params, "business_area", lambda: "Без опыта, студенты", 0.4)
        self._maybe(
            params, "ability_to_business_trip", lambda: rng.choice(("Не готов", "Готов", "Иногда"))
        )
        self._maybe(
            params, "razreshenie_na_rabotu_v_rossii", lambda: rng.choice(("Да", "Нет")), 0.4
        )
        self._maybe(
            params, "driver_licence_category", lambda: rng.sample(("a", "b", "be", "c"), 2), 0.3
        )
        self._maybe(params, "experience_list", self._experience)
        self._maybe(params, "education_list", self._studies)
        self._maybe(params, "language_list", self._languages, 0.5)
        return params

    def _experience(self) -> list[JSON]:
        entries: list[JSON] = []
        at = self._now
        for number in range(self._rng.randrange(0, 4)):
            start = at - self._rng.randrange(60, 900) * 86_400
            entry: JSON = {"position": self._rng.choice(words.JOBS)[0]}
            self._maybe(entry, "company", lambda: self._rng.choice(words.COMPANIES), 0.8)
            self._maybe(entry, "responsibilities", lambda: self._rng.choice(("Всё", *HOSTILE)), 0.5)
            entry["work_start"] = day(start) if self._rng.random() < 0.95 else None
            if number or self._rng.random() < 0.5:
                entry["work_finish"] = day(at)
            entries.append(entry)
            at = start - self._rng.randrange(1, 200) * 86_400
        return entries

    def _studies(self) -> list[JSON]:
        entry: JSON = {"institution": "Институт образцов"}
        self._maybe(entry, "education_stop", lambda: str(self._rng.randrange(1985, 2026)), 0.8)
        self._maybe(entry, "specialty", lambda: "Черновое дело")
        return [entry] * self._rng.randrange(0, 2)

    def _languages(self) -> list[JSON]:
        entry: JSON = {"language": self._rng.choice(words.LANGUAGES)}
        self._maybe(entry, "language_level", lambda: self._rng.choice(words.LEVELS), 0.8)
        return [entry]
