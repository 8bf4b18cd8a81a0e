"""Brings a store of any earlier version to that of the code, keeping its data (Alembic).

The revisions are ordinary modules of the package ``migrations``, ``vNNNN_name.py``, found through
the import system and not as files: they are there in a zipped egg too. Their order is that of
their ``down_revision``; the last one's number is the version of the code.
"""

from __future__ import annotations

import pkgutil
import re
from collections.abc import Iterator
from importlib import import_module
from typing import Any

from sqlalchemy import Column, Connection, MetaData, Table, Text, inspect, select, text

from avito_scrapy.store import migrations
from avito_scrapy.store.database import Database
from avito_scrapy.store.errors import StoreProblem
from avito_scrapy.store.schema import VERSION_TABLE

_NAME = re.compile(r"v(\d{4})_\w+")
_LOCK = 0x6176_6974  # any number that nobody else locks: "avit"
_version = Table(VERSION_TABLE, MetaData(), Column("version_num", Text))


def known_versions() -> dict[str, str]:
    """Versions the code knows, oldest first, each with the name of its module."""
    names = sorted(module.name for module in pkgutil.iter_modules(migrations.__path__))
    return {match[1]: name for name in names if (match := _NAME.fullmatch(name))}


def migrate(database: Database, to: str | None = None) -> None:
    """Bring the store to version ``to`` (default: the newest), in one transaction.

    Raises:
        StoreProblem: the store is of a version the code does not know: a newer one.
    """
    known = list(known_versions())
    target = to or known[-1]
    with database.read() as connection:
        found = _found(connection)
    if found == target:
        return
    if found is not None and found not in known:
        raise StoreProblem(
            f"store: {database.place} was written by a newer version of this program "
            f"({found}; this one knows {known[-1]}): update it"
        )
    with database.write() as connection:
        if connection.dialect.name == "postgresql":
            # Two that start together: the second waits, then finds nothing to do.
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        _upgrade(connection, target)


def _found(connection: Connection) -> str | None:
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    version: str | None = connection.execute(select(_version.c.version_num)).scalar()
    return version


def _upgrade(connection: Connection, target: str) -> None:
    # A tenth of a second, and most runs find the store as it should be.
    from alembic.operations import Operations
    from alembic.runtime.migration import MigrationContext, MigrationStep
    from alembic.script.base import Script
    from alembic.script.revision import RevisionMap

    def scripts() -> Iterator[Script]:
        for version, name in known_versions().items():
            module = import_module(f"{migrations.__name__}.{name}")
            yield Script(module, version, str(module.__file__))

    revisions = RevisionMap(scripts)

    def steps(heads: tuple[str, ...], _context: MigrationContext) -> list[Any]:
        way = [s for s in revisions.iterate_revisions(target, heads) if isinstance(s, Script)]
        return [MigrationStep.upgrade_from_script(revisions, s) for s in reversed(way)]

    context = MigrationContext.configure(
        connection, opts={"fn": steps, "version_table": VERSION_TABLE}
    )
    with Operations.context(context):
        context.run_migrations()
