"""The baseline: a Scrapy spider that fetches the recorded requests and parses nothing.

Run by ``benchmarks.resumes`` as ``scrapy runspider``; ``-a requests=FILE`` holds a JSON array
``[verb, url, body]`` a line, ``-a token=...`` the access token.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from time import monotonic
from typing import Any

from scrapy import Request, Spider
from scrapy.http import Response


class Bare(Spider):
    """Scrapy's defaults but for the concurrency, which is the product's. Prints its figures."""

    name = "bare"
    custom_settings = {  # noqa: RUF012 - Scrapy's own name and kind
        "CONCURRENT_REQUESTS": 20,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 20,
        "DOWNLOAD_DELAY": 0,
        "AUTOTHROTTLE_ENABLED": False,
        "HTTPERROR_ALLOW_ALL": True,
        "LOG_LEVEL": "WARNING",
        "TELNETCONSOLE_ENABLED": False,
        "REMOTE_CONTROL_ENABLED": False,
    }
    requests: str
    token: str
    done = 0

    async def start(self) -> AsyncIterator[Any]:
        self.began = monotonic()
        headers = {
            "Authorization": f"Bearer {self.token}",
            "Accept": "application/json",
            "Content-Type": "application/json",
        }
        with open(self.requests, encoding="utf-8") as lines:
            asked = [json.loads(line) for line in lines]
        for verb, url, body in asked:
            yield Request(url, method=verb, headers=headers, body=body, dont_filter=True)

    def parse(self, response: Response) -> None:
        self.done += 1

    def closed(self, reason: str) -> None:
        figures = {"requests": self.done, "seconds": monotonic() - self.began}
        print(json.dumps(figures))
