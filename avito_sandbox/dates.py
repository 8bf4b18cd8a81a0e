"""Times as Avito writes them. All arguments are Unix seconds."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

MOSCOW = timezone(timedelta(hours=3))  # no summer time since 2014


def zulu(at: int) -> str:
    """``2026-11-03T09:53:06Z``."""
    return datetime.fromtimestamp(at, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def moscow(at: int) -> str:
    """``2026-11-03T12:53:06+03:00``."""
    return datetime.fromtimestamp(at, MOSCOW).isoformat()


def day(at: int) -> str:
    """``2026-11-03``, in UTC."""
    return datetime.fromtimestamp(at, timezone.utc).date().isoformat()


def iso_ns(ns: int) -> str:
    """ISO 8601 in UTC with microseconds, from nanoseconds, without a float on the way."""
    whole = datetime.fromtimestamp(ns // 1_000_000_000, timezone.utc)
    return whole.replace(microsecond=ns % 1_000_000_000 // 1000).isoformat(timespec="microseconds")
