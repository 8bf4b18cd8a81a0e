"""The probe with a store."""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

from tests.integration.health.probe import ProbeSpider


class KeeperSpider(ProbeSpider):
    """Needs the store before anything else; ``-a drop=ADDRESS`` removes the database at the end."""

    uses_store = True

    def __init__(self, drop: str = "", **given: Any) -> None:
        super().__init__(**given)
        self.drop = drop

    def closed(self, reason: str) -> None:
        if self.drop:
            name = make_url(self.crawler.settings["AVITO_STORE_URL"]).database
            with psycopg.connect(self.drop, autocommit=True) as connection:
                gone = sql.SQL("DROP DATABASE {} WITH (FORCE)")
                connection.execute(gone.format(sql.Identifier(str(name))))
