"""Keeps each API method at the rate that Avito states in its answers."""

from __future__ import annotations

import logging
import time
from typing import Any

from scrapy import Request, signals
from scrapy.core.downloader import Slot
from scrapy.crawler import Crawler
from scrapy.http import Response

from avito_scrapy.avito.endpoints import ENDPOINTS
from avito_scrapy.component import Component
from avito_scrapy.resumes.rate_limit import NO_DELAY_S, USED_UP, MethodRate

logger = logging.getLogger(__name__)
LONG_PAUSE_S = 3.0
"""A pause of this length is said when it begins."""


class RateLimitThrottle(Component):
    """Sets the delay of each API method's download slot; works beside Scrapy's AutoThrottle.

    ``X-RateLimit-Limit`` (requests a minute) is followed up and down; where AutoThrottle wants a
    delay above its own floor, because the server is slow, the larger one holds, and never
    less than the method's ``least_delay``. ``X-RateLimit-Remaining`` 0: the next request keeps a
    little more distance. A 429 pauses the slot until its
    window turns: when that is tell the requests of the last second, else it is a second, and twice
    as long each time it was too short, up to a minute; afterwards the slot is a little slower.

    Switched on by ``EXTENSIONS`` for spiders with ``uses_api``; looks at requests with
    ``meta["avito_method"]`` only.
    Stats: ``avito/throttle/429/<method>``, ``avito/throttle/pauses``,
    ``avito/throttle/paused_ms``, ``avito/throttle/delay_ms/<method>``.
    """

    needs = "uses_api"

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        auto = crawler.settings.getbool("AUTOTHROTTLE_ENABLED")
        self._floor = crawler.settings.getfloat("DOWNLOAD_DELAY")
        aim = crawler.settings.getfloat("AUTOTHROTTLE_TARGET_CONCURRENCY")
        self._concurrency = aim if auto and aim > 0 else None
        self._rates: dict[str, MethodRate] = {}
        self._told: dict[str, float] = {}
        # AutoThrottle was made first (its place in EXTENSIONS_BASE), so that it is called first.
        crawler.signals.connect(self._downloaded, signal=signals.response_downloaded)

    def _downloaded(self, response: Response, request: Request, spider: Any) -> None:
        if "avito_method" not in request.meta:
            return
        name: str = request.meta["download_slot"]
        slot = self.crawler.engine.downloader.slots.get(name)
        if slot is None:
            return
        rate = self._rates.setdefault(name, MethodRate())
        latency = request.meta.get("download_latency", 0.0)
        now = time.monotonic()
        limit = _number(response.headers.get("X-RateLimit-Limit"))
        if rate.answered(response.status, limit, now - latency, now):
            self.stats.inc_value("avito/throttle/pauses")
            self.stats.inc_value("avito/throttle/paused_ms", round(rate.pause * 1000))
            if rate.pause >= LONG_PAUSE_S:
                logger.warning(
                    "Avito lets no more %s through at the moment (429): pausing for %.0f s",
                    name, rate.pause,
                )  # fmt: skip
        if response.status == 429:
            self.stats.inc_value(f"avito/throttle/429/{name}")
        least = ENDPOINTS[name].least_delay if name in ENDPOINTS else 0.0
        stated = rate.spacing if limit else None
        if stated is not None or least:
            slow = self._for_slow_server(latency)
            self._set_delay(name, slot, max(stated or 0.0, least, slow))
            if _number(response.headers.get("X-RateLimit-Remaining")) == 0:
                slot.lastseen += USED_UP * slot.delay
        if rate.held(now):
            # The downloader sends the next request `delay` after `lastseen`, at once without one.
            slot.delay = max(slot.delay, NO_DELAY_S)
            slot.lastseen = rate.paused_until - slot.delay

    def _for_slow_server(self, latency: float) -> float:
        """AutoThrottle's delay for that latency, where it is above AutoThrottle's floor."""
        wanted = latency / self._concurrency if self._concurrency else 0.0
        return wanted if wanted > self._floor else 0.0

    def _set_delay(self, name: str, slot: Slot, delay: float) -> None:
        """Set a slot's delay, in seconds, for as long as the run lasts."""
        slot.delay = delay
        if self._told.get(name) == delay:
            return
        self._told[name] = delay
        # A slot that has been idle for a minute is made anew, from these.
        self.crawler.engine.downloader.per_slot_settings.setdefault(name, {})["delay"] = delay
        self.stats.set_value(f"avito/throttle/delay_ms/{name}", round(delay * 1000, 1))


def _number(header: bytes | None) -> int | None:
    try:
        value = int(header) if header else None
    except ValueError:
        return None
    return value if value is not None and value >= 0 else None
