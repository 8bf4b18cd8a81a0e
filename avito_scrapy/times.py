"""ISO 8601, the form that times have in files, store and items."""

from __future__ import annotations

import math
from datetime import datetime, timezone, tzinfo


def now_iso() -> str:
    """Return the present in UTC, to the second."""
    return to_iso(datetime.now(timezone.utc).replace(microsecond=0))


def to_iso(moment: datetime) -> str:
    """Format ``moment`` to the second, or to the millisecond when it has a fraction.

    A moment without a zone is taken as UTC, as Avito's Job API means it.
    """
    aware = moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)
    return aware.isoformat(timespec="milliseconds" if moment.microsecond else "seconds")


def parse_iso(text: object, zone: tzinfo | None = None) -> datetime | None:
    """Parse an ISO 8601 time.

    Args:
        text: the time; anything that is none gives None.
        zone: the zone of a time without one, and of the result. Without ``zone`` such a time
            gives None: it could be any moment of a day.
    """
    if not isinstance(text, str):
        return None
    try:
        # Python 3.10 does not know the Z.
        moment = datetime.fromisoformat(text[:-1] + "+00:00" if text.endswith("Z") else text)
        if zone is None:
            return moment if moment.tzinfo else None
        return moment.astimezone(zone) if moment.tzinfo else moment.replace(tzinfo=zone)
    except (ValueError, OverflowError):
        return None


def iso_to_seconds(text: object) -> float | None:
    """Return an ISO 8601 time as Unix seconds; None for what is none, or has no zone."""
    moment = parse_iso(text)
    return moment.timestamp() if moment else None


def same_moment(one: float, other: float) -> bool:
    """Whether two Unix times are the same, to a millisecond or to the second if one has no more."""
    if one.is_integer() or other.is_integer():
        return math.floor(one) == math.floor(other)
    return abs(one - other) < 0.0015
