"""Brings a store of any earlier version to that of the code, keeping its data (with Alembic).

A published step is never changed: the next one changes what it has made.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import sqlalchemy as sa

from avito_scrapy.store.database import Database, StoreProblem

if TYPE_CHECKING:
    from alembic.operations import Operations

VERSION_TABLE = "avito_schema"
_LOCK = 0x6176_6974  # any number that nobody else locks: "avit"
_version = sa.Table(
    VERSION_TABLE, sa.MetaData(), sa.Column("version_num", sa.Text, primary_key=True)
)
_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def migrate(database: Database, to: str | None = None) -> None:
    """Bring the store to version ``to`` (default: the newest), in one transaction.

    Raises:
        StoreProblem: the store is of a version the code does not know: a newer one.
    """
    target = to or max(_STEPS)
    with database.read() as connection:
        if _found(database, connection) == target:
            return
    # A tenth of a second, and most runs find the store as it should be.
    from alembic.operations import Operations
    from alembic.runtime.migration import MigrationContext

    with database.write() as connection:
        if connection.dialect.name == "postgresql":
            # Two that start together: the second waits, then finds nothing to do.
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        found = _found(database, connection)
        op = Operations(MigrationContext.configure(connection))
        for version, step in _STEPS.items():
            if found < version <= target:
                step(op)
        _version.create(connection, checkfirst=True)
        connection.execute(sa.delete(_version))
        connection.execute(sa.insert(_version).values(version_num=max(found, target)))


def _found(database: Database, connection: sa.Connection) -> str:
    """The store's version; empty: it has none yet."""
    if not sa.inspect(connection).has_table(VERSION_TABLE):
        return ""
    found = str(connection.execute(sa.select(_version.c.version_num)).scalar() or "")
    if found and found not in _STEPS:
        raise StoreProblem(
            f"store: {database.place} was written by a newer version of this program "
            f"({found}; this one knows {max(_STEPS)}): update it"
        )
    return found


def _runs_tokens_outcomes_purchases(op: Operations) -> None:
    op.create_table(
        "avito_runs",
        sa.Column("id", _id, primary_key=True),
        sa.Column("spider", sa.Text, nullable=False),
        sa.Column("account_id", sa.BigInteger),
        sa.Column("inputs", sa.Integer),
        sa.Column("started_at", sa.Double, nullable=False),
        sa.Column("finished_at", sa.Double),
        sa.Column("reason", sa.Text),
        sa.Column("figures", sa.Text, nullable=False, server_default="{}"),
    )
    op.create_table(
        "avito_tokens",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("expires_at", sa.Double, nullable=False),
    )
    op.create_table(
        "avito_outcomes",
        sa.Column("account_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("chat_id", sa.Text, primary_key=True),
        sa.Column("run_id", _id, sa.ForeignKey("avito_runs.id"), nullable=False),
        sa.Column("position", sa.Integer),
        sa.Column("outcome", sa.Text),
        sa.Column("resume_id", sa.Text),
        sa.Column("phone", sa.Text),
        sa.Column("last_message_at", sa.Double),
        sa.Column("fetched_at", sa.Double),
        sa.Column("record", sa.Text, nullable=False),
    )
    op.create_index("avito_outcomes_run", "avito_outcomes", ["run_id", "position"])
    op.create_index("avito_outcomes_resume", "avito_outcomes", ["resume_id"])
    op.create_index("avito_outcomes_phone", "avito_outcomes", ["phone"])
    op.create_table(
        "avito_purchases",
        sa.Column("id", _id, primary_key=True),
        sa.Column("run_id", _id, sa.ForeignKey("avito_runs.id"), nullable=False),
        sa.Column("account_id", sa.BigInteger, nullable=False),
        sa.Column("resume_id", sa.Text),
        sa.Column("chat_id", sa.Text),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("intended_at", sa.Double, nullable=False),
        sa.Column("settled_at", sa.Double),
    )
    op.create_index("avito_purchases_account", "avito_purchases", ["account_id", "run_id"])


def _notes(op: Operations) -> None:
    op.create_table(
        "avito_notes",
        sa.Column("account_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("person_key", sa.Text, primary_key=True),
        sa.Column("outcome", sa.Text),
        sa.Column("comment", sa.Text),
        sa.Column("next_call", sa.Text),
        sa.Column("updated_at", sa.Double, nullable=False),
    )


def _applications(op: Operations) -> None:
    op.create_table(
        "avito_applications",
        sa.Column("account_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("read_at", sa.Double, nullable=False),
        sa.Column("record", sa.Text, nullable=False),
    )
    op.create_table(
        "avito_application_index",
        sa.Column("account_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("since", sa.Text, nullable=False),
        sa.Column("whole_at", sa.Double, nullable=False),
        sa.Column("polled_at", sa.Double, nullable=False),
        sa.Column("changed_to", sa.Double),
    )


def _note_history(op: Operations) -> None:
    # A note of before is the first entry of its history.
    for column in (sa.Column("author", sa.Text), sa.Column("seen_at", sa.Double)):
        op.add_column("avito_notes", column)
    op.create_table(
        "avito_note_history",
        sa.Column("id", _id, primary_key=True),
        sa.Column("account_id", sa.BigInteger, nullable=False),
        sa.Column("person_key", sa.Text, nullable=False),
        sa.Column("outcome", sa.Text),
        sa.Column("comment", sa.Text),
        sa.Column("next_call", sa.Text),
        sa.Column("author", sa.Text),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("made_at", sa.Double, nullable=False),
    )
    op.create_index("avito_note_history_person", "avito_note_history", ["account_id", "person_key"])
    op.execute(
        "INSERT INTO avito_note_history"
        " (account_id, person_key, outcome, comment, next_call, source, made_at)"
        " SELECT account_id, person_key, outcome, comment, next_call, 'workbook', updated_at"
        " FROM avito_notes ORDER BY updated_at, account_id, person_key"
    )
    op.create_table(
        "avito_taken",
        sa.Column("account_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("person_key", sa.Text, primary_key=True),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("taken_at", sa.Double, nullable=False),
    )


_STEPS: dict[str, Callable[[Operations], None]] = {
    "0001": _runs_tokens_outcomes_purchases,
    "0002": _notes,
    "0003": _applications,
    "0004": _note_history,
}
"""From each version's predecessor to it, the oldest first."""


def known_versions() -> list[str]:
    """Versions the code knows, the oldest first."""
    return list(_STEPS)
