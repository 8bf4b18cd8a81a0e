"""A spider that needs no Avito: it ends as it is told to."""

from __future__ import annotations

import resource
from collections.abc import AsyncIterator
from typing import Any

from scrapy import Request, Spider
from scrapy.exceptions import CloseSpider
from scrapy.http import Response
from scrapy.settings import BaseSettings

from avito_scrapy.arguments import ChatsArguments
from avito_scrapy.config import Config
from avito_scrapy.errors import UsageError
from avito_scrapy.extensions.outputs import feed_key
from avito_scrapy.items import CHAT_FIELDS, Chat


class ProbeSpider(Spider):
    """``-a chats=N``, ``-a end=REASON``, ``-a drift=N``; ``-a end=refuse`` is wrong usage.

    ``-a end=callback``: what is done with an answer fails; ``-a full=BYTES``: no file grows beyond.
    """

    name = "chats"
    output_name = "chats"
    uses_store = False

    def __init__(
        self, chats: str = "0", end: str = "finished", drift: str = "0", full: str = "", **_: Any
    ) -> None:
        super().__init__()
        self.arguments = ChatsArguments()
        self.chats, self.end, self.drift = int(chats), end, int(drift)
        if full:
            resource.setrlimit(resource.RLIMIT_FSIZE, (int(full), int(full)))

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        super().update_settings(settings)
        path = Config.from_settings(settings).data_dir / "chats.partial.jl"
        feed = {"format": "jsonlines", "overwrite": True, "fields": CHAT_FIELDS}
        settings.set("FEEDS", {feed_key(path): feed}, priority="spider")

    @classmethod
    def check(cls, config: Config, arguments: dict[str, str]) -> None:
        if arguments.get("end") == "refuse":
            raise UsageError("argument end: must be something else")

    async def start(self) -> AsyncIterator[Any]:
        self.crawler.stats.inc_value("avito/drift/probe/field", self.drift)
        for number in range(self.chats):
            yield Chat(f"u2i-{number}-1", user_name="Проба Пробная", last_message="secret words")
        if self.end == "callback":
            yield Request("data:,", callback=self.fail)
            return
        if self.end == "error":
            raise ValueError("of the spider's own making")
        if self.end != "finished":
            raise CloseSpider(self.end)

    def fail(self, response: Response) -> None:
        raise ValueError("of the spider's own making")
