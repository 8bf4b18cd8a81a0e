"""The tables as the code of today knows them; ``migrations`` is the way there from any version.

Times are Unix seconds. Names start with ``avito_``, so that a PostgreSQL database may be shared
with something else.
"""

from __future__ import annotations

from sqlalchemy import Column, Double, ForeignKey, Index, Integer, MetaData, Table, Text
from sqlalchemy.dialects.postgresql import insert as postgresql
from sqlalchemy.dialects.sqlite import insert as sqlite
from sqlalchemy.sql.dml import Insert
from sqlalchemy.types import BigInteger

# SQLite numbers rows by itself only for INTEGER, which holds 64 bits there.
Id = BigInteger().with_variant(Integer(), "sqlite")

metadata = MetaData()

runs = Table(
    "avito_runs",
    metadata,
    Column("id", Id, primary_key=True),
    Column("spider", Text, nullable=False),
    Column("account_id", BigInteger),
    Column("inputs", Integer),
    Column("started_at", Double, nullable=False),
    Column("finished_at", Double),
    Column("reason", Text),
    Column("figures", Text, nullable=False, server_default="{}"),
)

tokens = Table(
    "avito_tokens",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),
    Column("expires_at", Double, nullable=False),
)

outcomes = Table(
    "avito_outcomes",
    metadata,
    Column("account_id", BigInteger, primary_key=True, autoincrement=False),
    Column("chat_id", Text, primary_key=True),
    Column("run_id", Id, ForeignKey("avito_runs.id"), nullable=False),
    Column("position", Integer),
    Column("outcome", Text),
    Column("resume_id", Text),
    Column("phone", Text),
    Column("last_message_at", Double),
    Column("fetched_at", Double),
    Column("record", Text, nullable=False),
    Index("avito_outcomes_run", "run_id", "position"),
    Index("avito_outcomes_resume", "resume_id"),
    Index("avito_outcomes_phone", "phone"),
)

purchases = Table(
    "avito_purchases",
    metadata,
    Column("id", Id, primary_key=True),
    Column("run_id", Id, ForeignKey("avito_runs.id"), nullable=False),
    Column("account_id", BigInteger, nullable=False),
    Column("resume_id", Text),
    Column("chat_id", Text),
    Column("state", Text, nullable=False),
    Column("intended_at", Double, nullable=False),
    Column("settled_at", Double),
    Index("avito_purchases_account", "account_id", "run_id"),
)

notes = Table(
    "avito_notes",
    metadata,
    Column("account_id", BigInteger, primary_key=True, autoincrement=False),
    Column("person_key", Text, primary_key=True),
    Column("outcome", Text),
    Column("comment", Text),
    Column("next_call", Text),
    Column("updated_at", Double, nullable=False),
    Column("author", Text),
    Column("seen_at", Double),
)

note_history = Table(
    "avito_note_history",
    metadata,
    Column("id", Id, primary_key=True),
    Column("account_id", BigInteger, nullable=False),
    Column("person_key", Text, nullable=False),
    Column("outcome", Text),
    Column("comment", Text),
    Column("next_call", Text),
    Column("author", Text),
    Column("source", Text, nullable=False),
    Column("made_at", Double, nullable=False),
    Index("avito_note_history_person", "account_id", "person_key"),
)

taken = Table(
    "avito_taken",
    metadata,
    Column("account_id", BigInteger, primary_key=True, autoincrement=False),
    Column("person_key", Text, primary_key=True),
    Column("author", Text, nullable=False),
    Column("taken_at", Double, nullable=False),
)

applications = Table(
    "avito_applications",
    metadata,
    Column("account_id", BigInteger, primary_key=True, autoincrement=False),
    Column("id", Text, primary_key=True),
    Column("read_at", Double, nullable=False),
    Column("record", Text, nullable=False),
)

application_index = Table(
    "avito_application_index",
    metadata,
    Column("account_id", BigInteger, primary_key=True, autoincrement=False),
    Column("since", Text, nullable=False),
    Column("whole_at", Double, nullable=False),
    Column("polled_at", Double, nullable=False),
    Column("changed_to", Double),
)


def upserts(table: Table) -> dict[str, Insert]:
    """INSERT ... ON CONFLICT DO UPDATE for each dialect, which SQLAlchemy has for each apart.

    Call once for a table: building the statement costs more than running it.
    """
    return {
        dialect: (statement := insert(table)).on_conflict_do_update(
            index_elements=list(table.primary_key.columns),
            set_={c.name: statement.excluded[c.name] for c in table.columns if not c.primary_key},
        )
        for dialect, insert in (("sqlite", sqlite), ("postgresql", postgresql))
    }


def inserts_if_new(table: Table) -> dict[str, Insert]:
    """INSERT ... ON CONFLICT DO NOTHING for each dialect."""
    return {
        "sqlite": sqlite(table).on_conflict_do_nothing(),
        "postgresql": postgresql(table).on_conflict_do_nothing(),
    }
