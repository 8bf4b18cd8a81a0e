"""Made-up people and the many ways in which their phones are written."""

from __future__ import annotations

import random

from avito_sandbox.data import words
from avito_sandbox.data.ids import Ids
from avito_sandbox.dates import day
from avito_sandbox.model import JSON, Person


class PersonFactory:
    """Makes people; phones are of one block, +7 999 0…, and are not given twice."""

    def __init__(self, rng: random.Random, ids: Ids) -> None:
        self._rng = rng
        self._ids = ids

    def make(self, phone: str | None = None) -> Person:
        """A new person, with `phone` (E.164) if it is to be shared with somebody."""
        rng = self._rng
        female = rng.random() < 0.5
        last = rng.choice(words.SURNAMES) + ("а" if female else "")
        patronymic = None
        if rng.random() < 0.6:
            patronymic = rng.choice(words.PATRONYMICS) + ("на" if female else "ич")
        number = self._ids.number(79_990_000_000, 79_991_000_000)
        return Person(
            user_id=self._ids.user(),
            first=rng.choice(words.FEMALE if female else words.MALE),
            last=last,
            patronymic=patronymic,
            gender="female" if female else "male",
            phone=phone or f"+{number}",
            email=f"sandbox{number % 1_000_000:06d}@example.com" if rng.random() < 0.6 else None,
            birthday=day(rng.randrange(-315_000_000, 1_170_000_000)),  # 1960 to 2007
            citizenship=rng.choice(words.COUNTRIES),
        )


def written(rng: random.Random, phone: str, loose: bool) -> str | int:
    """One way of writing a phone (E.164); a bare integer now and then if `loose`."""
    digits = phone.lstrip("+")
    if loose and rng.random() < 0.2:
        return int(digits)
    area, a, b, c = digits[1:4], digits[4:7], digits[7:9], digits[9:]
    return rng.choice(
        (
            digits,
            digits,
            phone,
            f"+7 ({area}) {a}-{b}-{c}",
            f"8 {area} {a} {b} {c}",
            f"8{digits[1:]}",
            f"7\u00a0{area}\u00a0{a}\u2011{b}\u2011{c}",
        )
    )


def name_parts(person: Person) -> JSON:
    """The name in parts, as `full_name` of the documents has it."""
    parts: JSON = {"first_name": person.first, "last_name": person.last}
    if person.patronymic or person.user_id % 2:
        parts["patronymic"] = person.patronymic
    return parts
