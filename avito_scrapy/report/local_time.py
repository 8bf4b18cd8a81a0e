"""The candidate's city, and what time it is there."""

from __future__ import annotations

import re
from datetime import datetime, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

import phonenumbers
from phonenumbers.timezone import time_zones_for_number

EARLY, LATE = 9, 21
"""Hours of the day before and from which nobody should be called."""
# Cities of more than 300,000 people and capitals of regions, by the zones of Federal Law 107-FZ
# "On the calculation of time", article 5, as amended to 2020 (Volgograd).
_CITIES = {
    "Europe/Kaliningrad": "Калининград",
    "Europe/Moscow": (
        "Москва, Санкт-Петербург, Нижний Новгород, Казань, Ростов-на-Дону, Краснодар, Воронеж,"
        " Волгоград, Ярославль, Махачкала, Рязань, Набережные Челны, Пенза, Липецк, Киров,"
        " Чебоксары, Тула, Севастополь, Симферополь, Курск, Ставрополь, Сочи, Тверь, Иваново,"
        " Брянск, Белгород, Владимир, Калуга, Смоленск, Архангельск, Мурманск, Вологда,"
        " Череповец, Балашиха, Подольск, Химки, Мытищи, Люберцы, Королёв, Орёл, Тамбов, Кострома,"
        " Великий Новгород, Псков, Петрозаводск, Саранск, Йошкар-Ола, Сыктывкар, Грозный,"
        " Владикавказ, Нальчик, Майкоп, Черкесск, Элиста, Новороссийск, Таганрог"
    ),
    "Europe/Samara": "Самара, Тольятти, Ижевск, Саратов, Ульяновск, Астрахань",
    "Asia/Yekaterinburg": (
        "Екатеринбург, Челябинск, Уфа, Пермь, Тюмень, Оренбург, Магнитогорск, Сургут, Курган,"
        " Нижний Тагил, Стерлитамак, Нижневартовск, Ханты-Мансийск, Салехард, Новый Уренгой"
    ),
    "Asia/Omsk": "Омск",
    "Asia/Krasnoyarsk": (
        "Новосибирск, Красноярск, Барнаул, Томск, Кемерово, Новокузнецк, Абакан, Кызыл,"
        " Горно-Алтайск, Норильск"
    ),
    "Asia/Irkutsk": "Иркутск, Улан-Удэ, Братск, Ангарск",
    "Asia/Yakutsk": "Якутск, Чита, Благовещенск",
    "Asia/Vladivostok": "Владивосток, Хабаровск, Комсомольск-на-Амуре, Биробиджан",
    "Asia/Magadan": "Магадан, Южно-Сахалинск",
    "Asia/Kamchatka": "Петропавловск-Камчатский, Анадырь",
}


def _plain(name: str) -> str:
    return name.casefold().replace("ё", "е")


_ZONES = {
    _plain(city): ZoneInfo(zone) for zone, cities in _CITIES.items() for city in cities.split(", ")
}
_TOWN = re.compile(r"^(?:г|гор|город|пгт|п|пос|с|д|дер|ст-ца)\.?\s+(?=[А-ЯЁ])")
_NO_CITY = re.compile(
    r"\b(?:обл|область|край|респ|республика|р-н|район|ао|округ|россия|ул|улица|пр-т|проспект|пер|ш"
    r"|шоссе|дом|метро|м)\b|\d",
    re.IGNORECASE,
)


@lru_cache(maxsize=4096)
def city(address: str | None) -> str | None:
    """The city or village of an address; None when it names none."""
    for part in (address or "").split(","):
        name = _TOWN.sub("", part.strip())
        if _plain(name) in _ZONES or (name[:1].isupper() and not _NO_CITY.search(name)):
            return name
    return None


@lru_cache(maxsize=4096)
def zone(city: str | None, phone: str | None) -> tzinfo | None:
    """The zone of a city, else of a phone whose code belongs to one; None when neither tells.

    A Russian mobile number is used everywhere: its code tells nothing.
    """
    if city is not None and _plain(city) in _ZONES:
        return _ZONES[_plain(city)]
    # What Russian numbers begin with "+79", Kazakh ones "+77": each is used in many zones.
    if phone is None or phone.startswith("+79"):
        return None
    try:
        zones = time_zones_for_number(phonenumbers.parse(phone))
    except phonenumbers.NumberParseException:
        return None
    known = [ZoneInfo(name) for name in zones if "/" in name and not name.startswith("Etc")]
    return known[0] if len(known) == 1 else None


def is_late(there: datetime) -> bool:
    """Whether it is no hour to call."""
    return not EARLY <= there.hour < LATE


def readable_phone(phone: str | None) -> str | None:
    """An E.164 number as people write it: +7 900 123-45-67."""
    if phone is None:
        return None
    if len(phone) == 12 and phone.startswith("+7") and phone[1:].isdecimal():
        return f"+7 {phone[2:5]} {phone[5:8]}-{phone[8:10]}-{phone[10:]}"
    try:
        number = phonenumbers.parse(phone)
    except phonenumbers.NumberParseException:
        return phone
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
