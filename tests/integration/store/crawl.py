"""A crawl of nothing but items, for the tests of extension and pipeline; run as a program.

Arguments: data folder, how many outcomes, length of a title, limit on the size of a file in bytes
(0: none). Prints the finish reason.
"""

from __future__ import annotations

import resource
import sys
from collections.abc import AsyncIterator, Iterator
from typing import Any

from scrapy import Request, Spider
from scrapy.crawler import CrawlerProcess
from scrapy.http import Response

from avito_scrapy.closing import EngineClosing
from avito_scrapy.extensions.storage import StoreExtension
from avito_scrapy.items import Chat
from tests.integration.store.records import ACCOUNT, record


class Items(Spider):
    name = "resumes"
    uses_store = True
    count: int
    title: int

    async def start(self) -> AsyncIterator[Any]:
        yield Request("data:,", callback=self.items)

    def items(self, response: Response) -> Iterator[Any]:
        extension = self.crawler.get_extension(StoreExtension)
        assert extension is not None
        extension.store.runs.set_account(extension.run_id, ACCOUNT, self.count)
        yield Chat("u2i-chat-only")
        closing = EngineClosing(self.crawler)
        for number in range(1, self.count + 1):
            if closing():
                return
            yield record(number, title="x" * self.title)


def main(folder: str, count: str, title: str, limit: str) -> None:
    if int(limit):
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit), int(limit)))
    from avito_scrapy import settings as project

    own = {name: getattr(project, name) for name in dir(project) if name.startswith("AVITO_")}
    process = CrawlerProcess(
        {
            **own,
            "AVITO_DATA_DIR": folder,
            "AVITO_STORE_URL": "sqlite:///.avito/store.db",
            "EXTENSIONS": {"avito_scrapy.extensions.storage.StoreExtension": 10},
            "ITEM_PIPELINES": {"avito_scrapy.pipelines.StorePipeline": 200},
            "LOG_FORMATTER": project.LOG_FORMATTER,
            "LOG_LEVEL": "INFO",
            "TELNETCONSOLE_ENABLED": False,
            "REMOTE_CONTROL_ENABLED": False,
        }
    )
    crawler = process.create_crawler(Items)
    process.crawl(crawler, count=int(count), title=int(title))
    process.start()
    print(crawler.stats.get_value("finish_reason"))


if __name__ == "__main__":
    main(*sys.argv[1:])
