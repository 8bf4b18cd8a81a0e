"""Keeps each API method at the rate that Avito states in its answers."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from scrapy import Request, signals
from scrapy.core.downloader import Slot
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.http import Response

FIRST_PAUSE_S = 1.0
LONGEST_PAUSE_S = 60.0
# Below this a delay costs more than it spares: timers are not that fine.
_NO_DELAY_S = 0.001
# Requests do not arrive as evenly as they leave. Each slot is slower than its limit by a share
# that begins with the first figure and grows by it with each 429, up to the second.
_MARGIN = 0.01
_LARGEST_MARGIN = 0.08
# When a window is used up the next request keeps this share of an interval more distance.
_USED_UP = 0.05


@dataclass
class Pace:
    """What is known of a slot. Times: ``time.monotonic()``."""

    paused_until: float = 0.0
    pause: float = 0.0
    margin: float = _MARGIN
    delay: float | None = None


class RateLimitThrottle:
    """Sets the delay of each API method's download slot; works beside Scrapy's AutoThrottle.

    ``X-RateLimit-Limit`` (requests a minute) is followed up and down; where AutoThrottle has raised
    the delay above its own floor, because the server is slow, the larger one holds. ``X-RateLimit-
    Remaining`` 0: the next request keeps a little more distance. A 429 pauses the slot: a second,
    and twice as long each time the window has not turned by then, up to a minute; afterwards it
    is a little slower.

    Switched on by ``EXTENSIONS`` for spiders with ``uses_api``; looks at requests with
    ``meta["avito_method"]`` only.
    Stats: ``avito/throttle/429/<method>``, ``avito/throttle/pauses``,
    ``avito/throttle/paused_seconds``, ``avito/throttle/delay_ms/<method>``.
    """

    def __init__(self, crawler: Crawler) -> None:
        if not getattr(crawler.spidercls, "uses_api", False):
            raise NotConfigured
        self._crawler = crawler
        auto = crawler.settings.getbool("AUTOTHROTTLE_ENABLED")
        self._floor = crawler.settings.getfloat("DOWNLOAD_DELAY")
        aim = crawler.settings.getfloat("AUTOTHROTTLE_TARGET_CONCURRENCY")
        self._concurrency = aim if auto and aim > 0 else None
        self._paces: dict[str, Pace] = {}
        # AutoThrottle was made first (its place in EXTENSIONS_BASE), so that it is called first.
        crawler.signals.connect(self._downloaded, signal=signals.response_downloaded)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RateLimitThrottle:
        """Scrapy's way to make it."""
        return cls(crawler)

    def _downloaded(self, response: Response, request: Request, spider: Any) -> None:
        method = request.meta.get("avito_method")
        if method is None:
            return
        name: str = request.meta["download_slot"]
        downloader = self._crawler.engine.downloader
        slot = downloader.slots.get(name)
        if slot is None:
            return
        pace = self._paces.setdefault(name, Pace())
        latency = request.meta.get("download_latency", 0.0)
        now = time.monotonic()
        limit = _number(response.headers.get("X-RateLimit-Limit"))
        if limit:
            stated = 60.0 / limit * (1 + pace.margin)
            self._follow(name, slot, pace, max(stated, self._for_slow_server(latency)))
        if response.status == 429:
            self._crawler.stats.inc_value(f"avito/throttle/429/{name}")
            self._pause(pace, now, now - latency)
        elif now - latency >= pace.paused_until:
            pace.pause = 0.0
            if limit and _number(response.headers.get("X-RateLimit-Remaining")) == 0:
                slot.lastseen += _USED_UP * slot.delay
        if pace.paused_until > now:
            # The downloader sends the next request `delay` after `lastseen`, at once without one.
            slot.delay = max(slot.delay, _NO_DELAY_S)
            slot.lastseen = pace.paused_until - slot.delay

    def _for_slow_server(self, latency: float) -> float:
        """AutoThrottle's delay for that latency, where it is above AutoThrottle's floor."""
        wanted = latency / self._concurrency if self._concurrency else 0.0
        return wanted if wanted > self._floor else 0.0

    def _follow(self, name: str, slot: Slot, pace: Pace, delay: float) -> None:
        """Set a slot's delay, in seconds, for as long as the run lasts."""
        slot.delay = delay if delay >= _NO_DELAY_S else 0.0
        if pace.delay != slot.delay:
            pace.delay = slot.delay
            # A slot that has been idle for a minute is made anew, from these.
            kept = self._crawler.engine.downloader.per_slot_settings
            kept.setdefault(name, {})["delay"] = slot.delay
            self._crawler.stats.set_value(
                f"avito/throttle/delay_ms/{name}", round(slot.delay * 1000, 1)
            )

    def _pause(self, pace: Pace, now: float, sent_at: float) -> None:
        """Begin a pause; 429s of requests sent before the last one ended belong to it."""
        if sent_at < pace.paused_until:
            return
        pace.margin = min(_LARGEST_MARGIN, pace.margin + _MARGIN)
        pace.pause = min(LONGEST_PAUSE_S, pace.pause * 2 or FIRST_PAUSE_S)
        pace.paused_until = now + pace.pause
        self._crawler.stats.inc_value("avito/throttle/pauses")
        self._crawler.stats.inc_value("avito/throttle/paused_seconds", round(pace.pause))


def _number(header: bytes | None) -> int | None:
    try:
        value = int(header) if header else None
    except ValueError:
        return None
    return value if value is not None and value >= 0 else None
