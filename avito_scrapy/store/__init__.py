"""What outlives a run: runs, tokens, outcomes, purchases, notes with their history. No Scrapy.

One file of SQLite, or PostgreSQL. ``open_store`` is the way in.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy.engine import URL

from avito_scrapy.errors import describe
from avito_scrapy.files import private_file
from avito_scrapy.store.applications import StoredApplications
from avito_scrapy.store.database import Database, StoreProblem, parse_url
from avito_scrapy.store.migrations import migrate
from avito_scrapy.store.notes import NoteChanged, Notes, NoteVersion, Taken, TakenPeople
from avito_scrapy.store.outcomes import Outcomes
from avito_scrapy.store.people import People
from avito_scrapy.store.runs import Purchase, Purchases, Run, Runs, StoredToken, Tokens

__all__ = [
    "NoteChanged",
    "NoteVersion",
    "Purchase",
    "Run",
    "Store",
    "StoreProblem",
    "StoredToken",
    "Taken",
    "open_store",
]


class Store:
    """What is known across runs, one attribute a kind. Every method may raise StoreProblem.

    What a method has written is committed when it returns: a killed process loses nothing of it.
    """

    def __init__(self, database: Database) -> None:
        self.database = database
        self.runs = Runs(database)
        self.tokens = Tokens(database)
        self.outcomes = Outcomes(database, self.runs)
        self.purchases = Purchases(database)
        self.applications = StoredApplications(database)
        self.notes = Notes(database)
        self.taken = TakenPeople(database)
        self.people = People(database)

    def close(self) -> None:
        """End the connections; may be called twice."""
        self.database.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open_store(url: str) -> Store:
    """Open the store at ``url``, making or migrating what is needed.

    Args:
        url: ``sqlite:///PATH`` (the file is made 0600, a folder that is missing 0700) or
            ``postgresql://USER:PASSWORD@HOST/DATABASE``.

    Raises:
        StoreProblem: a wrong address, a folder that cannot be written, a file that is no
            database, a store of a newer version, a full disk, a server that cannot be reached.
    """
    parsed = parse_url(url)
    if parsed.get_backend_name() == "sqlite":
        _make_file(parsed)
    database = Database(parsed)
    try:
        migrate(database)
    except BaseException:
        database.close()
        raise
    return Store(database)


def _make_file(url: URL) -> None:
    path = Path(str(url.database))
    try:
        if path.exists() and not (path.is_file() or path.is_dir()):
            raise StoreProblem(f"AVITO_STORE_URL: {path} is no regular file")
        private_file(path)
    except OSError as error:
        raise StoreProblem(
            f"AVITO_STORE_URL: {path} cannot be written ({describe(error)})"
        ) from None
