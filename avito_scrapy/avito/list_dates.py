"""The messenger's date texts: «14:05», «сегодня», «вчера», «3 ноября», «3 ноября 2025».

As seen in the web messenger's list. They say a minute or a day; a day stands for its first
moment in the account's zone.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

# By their first letters, so that «3 нояб.» is read like «3 ноября».
_MONTHS = ("янв", "фев", "мар", "апр", "мая", "июн", "июл", "авг", "сен", "окт", "ноя", "дек")
_CLOCK = r"(?P<hour>\d{1,2}):(?P<minute>\d{2})"
_DAY = r"(?P<day>\d{1,2}) (?P<month>[а-я]{3,8})\.?(?: (?P<year>\d{4})(?: ?г(?:ода|\.)?)?)?"
_TEXT = re.compile(
    rf"(?:(?P<word>сегодня|вчера|позавчера)|{_DAY})?(?:,? ?(?:в )?{_CLOCK})?", re.IGNORECASE
)
_WORDS = {"сегодня": 0, "вчера": 1, "позавчера": 2}
# A page's clock and ours may differ by this much; more than that is a message of yesterday.
_CLOCKS_DIFFER = timedelta(minutes=5)


def resolve(text: str, now: datetime) -> datetime | None:
    """The moment that a date text of the list means, as seen at ``now``.

    Args:
        text: the text of ``channels/channel-datetime``.
        now: the present, with the zone the page shows its times in.

    Returns:
        A moment with ``now``'s zone and never later than ``now``: a clock time alone is the last
        one that was, a day without a year the last one that was. None when the text says nothing
        that is understood.
    """
    plain = " ".join(text.split()).lower()
    match = _TEXT.fullmatch(plain)
    if not plain or match is None:
        return None
    day = _day(match, now.date())
    clock = _clock(match)
    if day is None or clock is None:
        return None
    moment = datetime.combine(day, clock, tzinfo=now.tzinfo)
    if moment <= now:
        return moment
    if moment - now <= _CLOCKS_DIFFER:
        return now
    if match["word"] is None and match["day"] is None:
        return datetime.combine(day - timedelta(days=1), clock, tzinfo=now.tzinfo)
    return None


def _clock(match: re.Match[str]) -> time | None:
    if match["hour"] is None:
        return time()
    try:
        return time(int(match["hour"]), int(match["minute"]))
    except ValueError:
        return None


def _day(match: re.Match[str], today: date) -> date | None:
    if match["word"]:
        return today - timedelta(days=_WORDS[match["word"]])
    if match["day"] is None:
        return today
    month = next((i for i, m in enumerate(_MONTHS, 1) if match["month"].startswith(m)), None)
    if month is None and match["month"] == "май":
        month = 5
    if month is None:
        return None
    if match["year"]:
        return _date(int(match["year"]), month, int(match["day"]))
    # 29 February is up to eight years back.
    years = range(today.year, today.year - 9, -1)
    days = (_date(year, month, int(match["day"])) for year in years)
    return next((day for day in days if day is not None and day <= today), None)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
