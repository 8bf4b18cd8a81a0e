"""Access tokens, so that the next run need not ask for one."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import delete, insert, select

from avito_scrapy.store.database import Database
from avito_scrapy.store.schema import tokens


@dataclass(frozen=True)
class StoredToken:
    """An access token (kept out of ``repr``) and when it ends, in Unix seconds."""

    value: str = field(repr=False)
    expires_at: float


class Tokens:
    """The table of tokens. ``key`` says for whom: a hash of the API's address and the client id."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, key: str) -> StoredToken | None:
        """The token kept for ``key``, also one that has ended; None when there is none."""
        with self._database.read() as connection:
            row = connection.execute(select(tokens).where(tokens.c.key == key)).first()
        return None if row is None else StoredToken(row.value, row.expires_at)

    def put(self, key: str, token: StoredToken) -> None:
        """Keep ``token`` for ``key`` in place of the one before."""
        with self._database.write() as connection:
            connection.execute(delete(tokens).where(tokens.c.key == key))
            connection.execute(
                insert(tokens).values(key=key, value=token.value, expires_at=token.expires_at)
            )

    def drop(self, key: str) -> None:
        """Forget the token of ``key``; nothing happens when there is none."""
        with self._database.write() as connection:
            connection.execute(delete(tokens).where(tokens.c.key == key))
