"""The probe with a store."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

from avito_scrapy.extensions.storage import StoreExtension
from tests.integration.health.probe import ProbeSpider
from tests.integration.store.records import ACCOUNT, record


class KeeperSpider(ProbeSpider):
    """Needs the store before anything else; ``-a drop=ADDRESS`` removes the database at the end.

    ``-a end=odd``: what was found behind one of the chats cannot be stored.
    """

    uses_store = True

    def __init__(self, drop: str = "", **given: Any) -> None:
        super().__init__(**given)
        self.drop = drop

    async def start(self) -> AsyncIterator[Any]:
        if self.end != "odd":
            async for made in super().start():
                yield made
            return
        extension = self.crawler.get_extension(StoreExtension)
        assert extension is not None
        extension.store.runs.set_account(extension.run_id, ACCOUNT, self.chats)
        for number in range(self.chats):
            # A set is a line of a file and nothing that the store's JSON takes.
            odd: Any = {"title": {"driver"}} if number == 1 else {}
            yield replace(record(number), **odd)

    def closed(self, reason: str) -> None:
        if self.drop:
            name = make_url(self.crawler.settings["AVITO_STORE_URL"]).database
            with psycopg.connect(self.drop, autocommit=True) as connection:
                gone = sql.SQL("DROP DATABASE {} WITH (FORCE)")
                connection.execute(gone.format(sql.Identifier(str(name))))
