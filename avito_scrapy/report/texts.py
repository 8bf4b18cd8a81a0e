"""The workbook's words, by language.

They stand in ``texts.csv``: a key, its words in Russian, its words in English.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Literal

from avito_scrapy.reasons import Reason

Lang = Literal["ru", "en"]
_TABLE = (resources.files("avito_scrapy.report") / "texts.csv").read_text(encoding="utf-8")
_ROWS = list(csv.reader(_TABLE.splitlines()[1:], delimiter=";"))
LANGUAGES: Mapping[Lang, Mapping[str, str]] = {
    "ru": {key: words for key, words, _ in _ROWS},
    "en": {key: words for key, _, words in _ROWS},
}
# Reasons by their codes; those in English are in ``avito_scrapy.reasons``.
RUSSIAN: Mapping[str, str] = {
    # what the chat is
    "avito_chat": "служебный чат Авито или его бота",
    "unknown_chat_form": "номер чата незнакомого вида",
    "private_chat": "личный чат: ни отклика, ни объявления",
    "private_chat_gone": "личный чат, на Авито его больше нет",
    "other_item": "чат о чужом объявлении, и это не резюме",
    "applied_without_resume": "кандидат откликнулся без резюме",
    "resume_removed": "кандидат снял резюме с Авито",
    "no_application": "отклика с {since} нет; {about}",
    "no_application_of_those_received": (
        "среди полученных нет отклика с {since} (не показано Авито: {missing}); {about}"
    ),
    "no_item": "объявление в чате не названо",
    "no_item_owner": "Авито не сообщает, чьё это объявление",
    "own_vacancy": "чат о нашей вакансии",
    "item_of_unknown_kind": "неизвестно, связан ли чат с резюме",
    # what could not be read
    "chat_unreadable": "чат не прочитан: {cause}",
    "chat_not_found": "в этом аккаунте такого чата нет (404)",
    "resume_unreadable": "резюме не прочитано: {cause}",
    "contacts_unreadable": "контакты не прочитаны: {cause}",
    "naming_contacts_unreadable": "не прочитаны контакты, по которым чат мог бы найтись: {cause}",
    "item_unreadable": "неизвестно, связан ли чат с резюме: {cause}",
    "applications_unreadable": "отклики не прочитаны: {cause}",
    "applications_too_soon": "новые отклики ещё не известны: их запросит следующий запуск",
    "applications_missing": "Авито прислал номера откликов, но не сами отклики",
    "applications_endless": "список откликов Авито не заканчивается",
    "application_ids_odd": "в ответе Авито нет номеров откликов",
    "application_chats_odd": "в части откликов номер чата незнакомого вида",
    "application_resume_odd": "в отклике номер резюме незнакомого вида",
    "not_showable": "значения, которые нельзя показать: {fields}",
    "chat_list_cut": "страница списка чатов Авито не получена",
    "chat_failed": "непредвиденная ошибка в этом чате ({kind})",
    "stored_unreadable": "запись этого чата в хранилище не читается; запустите с refresh=yes",
    # why an answer is none
    "status": "Авито ответил {status}",
    "gone": "на Авито их больше нет (404)",
    "no_route": "API Авито не знает этого адреса (404)",
    "other_chat": "Авито прислал другой чат",
    "other_resume": "Авито прислал другое резюме",
    "chat_odd": "из ответа Авито не понять, о чём этот чат",
    "no_resume_in_answer": "ответ Авито — не резюме",
    "no_contacts_in_answer": "в ответе Авито нет контактов",
    "no_messages_in_answer": "в ответе нет сообщений",
    "no_account_in_answer": "Авито не называет номер аккаунта",
    "answer_unreadable": "ответ не разобран ({kind})",
    "refused_to_all": "Авито не даёт их ни для одного резюме ({status})",
    # why no answer came
    "not_sent": "запрос не отправлен ({kind})",
    "unreachable": "Авито недоступен",
    "connection_lost": "связь прервалась",
    "silence": "нет ответа {seconds} с",
    "too_large": "ответ Авито не заканчивался",
    "no_json": "ответ Авито пришёл не целиком",
    "limited": "полчаса Авито не пропускал запросы (429)",
    "no_token": "вместо ключа доступа пришёл ответ {status}",
    "tries": "{cause} (попыток: {tries})",
    # written by version 0.1.0, which knew no codes
    "text": "{text}",
}
_DATE = re.compile(r"\b(\d{4})-(\d\d)-(\d\d)\b")


class Texts:
    """Looks words up: ``texts("col.name")``, ``texts("sum.waits_h", h=24)``."""

    def __init__(self, lang: Lang) -> None:
        self.lang = lang
        self._words = LANGUAGES[lang]

    def __call__(self, key: str, **values: object) -> str:
        """The words for ``key`` with ``values`` filled in."""
        words = self._words[key]
        return words.format(**values) if values else words

    def name(self, group: str, code: str | None) -> str | None:
        """The word for a code of Avito's (``group``.``code``); the code itself when unknown."""
        return None if code is None else self._words.get(f"{group}.{code}", code)

    def note(self, key: str) -> str | None:
        """What is said of the column ``key`` in a note on its heading, if anything."""
        return self._words.get(f"note.{key}")

    def yes_no(self, value: bool | int | None) -> str | None:
        """``да`` or ``нет``; None when not known."""
        return None if value is None else self("yes" if value else "no")

    def reason(self, reason: Reason) -> str:
        """A reason in this language; in Russian its dates as well."""
        if self.lang == "en":
            return str(reason)
        return _DATE.sub(r"\3.\2.\1", reason.render(RUSSIAN))

    def duration(self, seconds: float) -> str:
        """Time in words, two units at most."""
        minutes = int(max(seconds, 0) // 60)
        if minutes < 60:
            return self("time.minutes", m=minutes)
        hours, minutes = divmod(minutes, 60)
        if hours < 24:
            return self("time.hours" if minutes else "time.whole_hours", h=hours, m=minutes)
        days, hours = divmod(hours, 24)
        return self("time.days" if hours else "time.whole_days", d=days, h=hours)


_SHEETS = frozenset(word for key, *words in _ROWS if key.startswith("sheet.") for word in words)
# Headings, and a column with another heading, in workbooks that may still be read.
_FORMER = ("Чат", "Chat", "Время у кандидата")
_NAMES_OF = {"last_message": ("last_message", "candidate_message")}


def headings(key: str) -> set[str]:
    """How the heading ``key`` is written in any language: a workbook may be read in another."""
    return {
        words[f"col.{now}"] for now in _NAMES_OF.get(key, (key,)) for words in LANGUAGES.values()
    }


@cache
def all_headings() -> frozenset[str]:
    """Every heading in any language, those of earlier versions too."""
    now = (word for key, *words in _ROWS if key.startswith("col.") for word in words)
    return frozenset([*now, *_FORMER])


def sheet_titles(kind: str) -> set[str]:
    """What the sheets of a ``kind`` are called in any language."""
    return {words[f"sheet.{kind}"] for words in LANGUAGES.values()}


def is_ours(title: str) -> bool:
    """Whether a sheet is called as one of this tool's, in any language."""
    return re.sub(r"_\d+$", "", title) in _SHEETS
