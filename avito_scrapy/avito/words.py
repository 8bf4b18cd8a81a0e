"""Words for values that some of Avito's methods give as codes and others as words.

The words are those of resumes (``GET /job/v2/resumes``): they stand in ``resumes.jl`` and the
workbook. What is not known stays as it came.
"""

from __future__ import annotations

from collections.abc import Mapping


def _by_name(words: Mapping[str, str]) -> dict[str, str]:
    """Every way of writing, in lower case, and the word for it."""
    ways: dict[str, str] = {}
    for word, others in words.items():
        for way in (word, *others.split(", ")):
            ways[_plain(way)] = word
    return ways


def _plain(text: str) -> str:
    return " ".join(text.replace("_", "-").split()).casefold().replace("ё", "е")


_GENDER = _by_name(
    {
        "Мужской": "male, m, м, муж, муж., мужчина",
        "Женский": "female, f, ж, жен, жен., женщина",
    }
)
_EDUCATION = _by_name(
    {
        "Высшее": "higher, высшее образование",
        "Незаконченное высшее": "unfinished-higher, неоконченное высшее, неполное высшее",
        "Среднее": "secondary, среднее образование, среднее общее",
        "Среднее специальное": "special-secondary, secondary-special, среднее-специальное, "
        "среднее профессиональное",
    }
)
# Codes of ISO 3166-1, as applications write them, and other names in use.
_CITIZENSHIP = _by_name(
    {
        "Россия": "rus, ru, рф, российская федерация, russia",
        "Абхазия": "abh, республика абхазия",
        "Азербайджан": "aze, az",
        "Армения": "arm, am",
        "Афганистан": "afg, af",
        "Беларусь": "blr, by, белоруссия, республика беларусь",
        "Вьетнам": "vnm, vn",
        "Германия": "deu, de",
        "Грузия": "geo, ge",
        "Египет": "egy, eg",
        "Израиль": "isr, il",
        "Индия": "ind, in",
        "Иран": "irn, ir",
        "Казахстан": "kaz, kz, республика казахстан",
        "Киргизия": "kgz, kg, кыргызстан, киргизстан",
        "Китай": "chn, cn, кнр",
        "Куба": "cub, cu",
        "Латвия": "lva, lv",
        "Литва": "ltu, lt",
        "Молдавия": "mda, md, молдова, республика молдова",
        "Монголия": "mng, mn",
        "Нигерия": "nga, ng",
        "Пакистан": "pak, pk",
        "Сербия": "srb, rs",
        "Сирия": "syr, sy",
        "Таджикистан": "tjk, tj",
        "Туркмения": "tkm, tm, туркменистан",
        "Турция": "tur, tr",
        "Узбекистан": "uzb, uz",
        "Украина": "ukr, ua",
        "Филиппины": "phl, ph",
        "Шри-Ланка": "lka, lk",
        "Эстония": "est, ee",
        "Южная Осетия": "ost",
    }
)


def gender_in_words(told: str | None) -> str | None:
    """«Мужской», «Женский»."""
    return _word(told, _GENDER)


def education_in_words(told: str | None) -> str | None:
    """«Высшее», «Незаконченное высшее», «Среднее», «Среднее специальное»."""
    return _word(told, _EDUCATION)


def citizenship_in_words(told: str | None) -> str | None:
    """The country's name."""
    return _word(told, _CITIZENSHIP)


def _word(told: str | None, words: Mapping[str, str]) -> str | None:
    stripped = (told or "").strip()
    return words.get(_plain(stripped), stripped) or None
