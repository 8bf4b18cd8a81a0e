"""A crawl of made-up outcomes through the project's own store, feed and workbook; a program.

Arguments: data folder, first and last number of the chats, then NAME=VALUE of the spider, or
people=mixed (``helpers.mixed``, up to the last number), or full=BYTES: once the chats are through,
no file can grow beyond that. Prints the stats as JSON.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from scrapy import Spider
from scrapy.crawler import CrawlerProcess
from scrapy.settings import BaseSettings
from scrapy.utils.project import get_project_settings

from avito_scrapy.arguments import ResumesArguments, parse
from avito_scrapy.config import Config
from avito_scrapy.extensions.outputs import feed_key
from avito_scrapy.extensions.storage import StoreExtension
from avito_scrapy.items import RESUME_FIELDS
from tests.unit.report.helpers import chat, mixed

ACCOUNT = 4_000_000_123


class ReportSpider(Spider):
    """Yields chats ``first`` to ``last``; everybody waits for our answer."""

    name = "resumes"
    output_name = "resumes"
    uses_store = True

    def __init__(
        self, first: int, last: int, full: str = "", people: str = "", **given: str
    ) -> None:
        super().__init__()
        self.mixed = people == "mixed"
        self.full = full
        self.numbers = range(first, last + 1)
        self.arguments = parse(ResumesArguments, given)

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        super().update_settings(settings)
        folder = Config.from_settings(settings).data_dir
        feed = {"format": "jsonlines", "overwrite": True, "fields": RESUME_FIELDS}
        settings.set("FEEDS", {feed_key(folder / "resumes.partial.jl"): feed}, priority="spider")

    async def start(self) -> AsyncIterator[Any]:
        extension = self.crawler.get_extension(StoreExtension)
        assert extension is not None
        extension.store.runs.set_account(extension.run_id, ACCOUNT, len(self.numbers))
        chats = mixed(self.numbers[-1]) if self.mixed else map(chat, self.numbers)
        for record in chats:
            yield record
        if self.full:
            resource.setrlimit(resource.RLIMIT_FSIZE, (int(self.full), int(self.full)))


def main(folder: str, first: str, last: str, *arguments: str) -> None:
    """Crawl and print."""
    settings = get_project_settings()
    settings.set("AVITO_DATA_DIR", str(Path(folder)))
    process = CrawlerProcess(settings)
    crawler = process.create_crawler(ReportSpider)
    given = dict(argument.split("=", 1) for argument in arguments)
    process.crawl(crawler, first=int(first), last=int(last), **given)
    process.start()
    print(json.dumps(crawler.stats.get_stats(), default=str))


if __name__ == "__main__":
    main(*sys.argv[1:])
