"""Applications: the one method that names the chat, the resume, the person and the phone."""

from __future__ import annotations

import random

from avito_sandbox.data.hostile import HOSTILE
from avito_sandbox.data.ids import Ids
from avito_sandbox.data.people import name_parts, written
from avito_sandbox.dates import moscow, zulu
from avito_sandbox.model import JSON, Application, Item, Person, Resume
from avito_sandbox.options_data import DataOptions

_STATES = ("new", "in_progress", "invited", "rejected", "hired")
_IN_WORDS = {
    "higher": "Высшее",
    "unfinished-higher": "Незаконченное высшее",
    "secondary": "Среднее",
    "special-secondary": "Среднее специальное",
}
_CODES = {"Россия": "rus", "Беларусь": "blr", "Казахстан": "kaz", "Узбекистан": "uzb"}
_EDUCATION = ("higher", "unfinished-higher", "secondary", "special-secondary")


class ApplicationFactory:
    def __init__(self, rng: random.Random, ids: Ids, options: DataOptions) -> None:
        self._rng = rng
        self._ids = ids
        self._options = options
        self._loose = options.loose_types

    def make(
        self,
        person: Person,
        vacancy: Item,
        created: int,
        chat_id: str | None,
        resume: Resume | None,
        now: int,
    ) -> Application:
        """An application made at `created` (Unix seconds), touched again by `now` at the latest."""
        rng = self._rng
        data, name = self._data(person)
        phones, phone = self._phones(person)
        updated = min(now, created + rng.choice((0, 60, 3_600, 86_400 * rng.randrange(1, 20))))
        contacts: JSON = {"phones": phones}
        if chat_id is not None:
            contacts["chat"] = {"value": chat_id}
        elif rng.random() < 0.5:
            contacts["chat"] = None
        resume_id: str | int | None = str(resume.id) if resume else None
        if resume and self._loose and rng.random() < 0.15:
            resume_id = resume.id
        applicant: JSON = {"id": self._uuid(), "resume_id": resume_id}
        if data is not None:
            applicant["data"] = data
        if resume is None and rng.random() < 0.2:
            del applicant["resume_id"]
        body: JSON = {
            "id": self._ids.hexadecimal(),
            "applicant": applicant,
            "contacts": contacts,
            "created_at": moscow(created),
            "updated_at": zulu(updated),
            "is_viewed": rng.random() < 0.8,
            "state": rng.choice(_STATES),
            "type": "by_phone" if chat_id is None else "by_chat",
            "vacancy_id": vacancy.id,
            "employee_id": None,
            "negotiation_id": None,
        }
        if rng.random() < 0.1:
            body["prevalidation"] = {"status": "success", "summary": None}
        if self._options.half_characters:
            body["prevalidation"] = {"status": "success", "summary": "Подходит \ud83d"}
        if self._options.field_applications:
            name = self._as_captured(body, person, created)
        return Application(
            body["id"], created, updated, body, chat_id, resume, vacancy, name, phone
        )

    def _as_captured(self, body: JSON, person: Person, created: int) -> str | None:
        """Change an application into the forms seen in the field; gives the name it tells."""
        applicant = body["applicant"]
        if applicant.get("resume_id", "") is None:
            del applicant["resume_id"]
        body["created_at"] = moscow(created).replace("+", f".{created % 90_000 + 10_000}+")
        body["enriched_properties"] = None
        body["type"] = "by_phone"
        data = applicant.get("data")
        if data is None:
            return None
        data.pop("full_name", None)
        ways = (f"{person.first} {person.last}", person.full_name.upper(), person.full_name.lower())
        data["name"] = ways[created % 3]
        if data["gender"]:
            data["gender"] = {"male": "Мужской", "female": "Женский"}[person.gender]
        if data["education"]:
            data["education"] = _IN_WORDS[data["education"]]
        if data["citizenship"]:
            data["citizenship"] = _CODES.get(person.citizenship, person.citizenship)
        return str(data["name"])

    def _uuid(self) -> str:
        raw = self._ids.hexadecimal(32)
        return "-".join((raw[:8], raw[8:12], raw[12:16], raw[16:20], raw[20:]))

    def _data(self, person: Person) -> tuple[JSON | None, str | None]:
        """What the candidate told of themselves, and the name that can be read out of it."""
        rng = self._rng
        if rng.random() < 0.01:
            return None, None
        data: JSON = {
            "birthday": person.birthday if rng.random() < 0.7 else None,
            "citizenship": person.citizenship if rng.random() < 0.8 else None,
            "education": rng.choice(_EDUCATION) if rng.random() < 0.6 else None,
            "gender": person.gender if rng.random() < 0.9 else None,
        }
        chance = rng.random()
        if chance < 0.8:
            data.update(name=person.full_name, full_name=name_parts(person))
            return data, person.full_name
        if chance < 0.95:
            name = rng.choice(HOSTILE) if rng.random() < 0.3 else person.full_name
            data.update(name=name, full_name=None)
            return data, name
        if chance < 0.98:
            data.update(name=None, full_name=name_parts(person))
            return data, person.full_name
        data.update(name=None, full_name=None)
        return data, None

    def _phones(self, person: Person) -> tuple[list[JSON], str | None]:
        rng = self._rng
        chance = rng.random()
        if chance < 0.03:
            return [], None
        good: JSON = {"value": written(rng, person.phone, self._loose), "status": "received"}
        if rng.random() < 0.1:
            good["status"] = None
        if chance < 0.05:
            return [{"value": "", "status": None}, good], person.phone
        if chance < 0.06:
            return [{"value": "номер скрыт", "status": "hidden"}], None
        return [good], person.phone
