"""What outlives a run: runs, tokens, outcomes, purchases, notes with their history. No Scrapy.

One file of SQLite, or PostgreSQL. ``open_store`` is the way in.
"""

from avito_scrapy.store.errors import StoreProblem
from avito_scrapy.store.main import Store, open_store
from avito_scrapy.store.notes import NoteChanged, NoteVersion
from avito_scrapy.store.purchases import Purchase
from avito_scrapy.store.runs import Run
from avito_scrapy.store.taken import Taken
from avito_scrapy.store.tokens import StoredToken

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
