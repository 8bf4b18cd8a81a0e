"""INSERT ... ON CONFLICT DO UPDATE, which SQLAlchemy has for each database apart."""

from __future__ import annotations

from sqlalchemy import Table
from sqlalchemy.dialects.postgresql import insert as postgresql
from sqlalchemy.dialects.sqlite import insert as sqlite
from sqlalchemy.sql.dml import Insert


def upserts(table: Table) -> dict[str, Insert]:
    """For each dialect the statement that puts a row in place of the one with its primary key.

    Made once for a table: building it costs more than running it.
    """
    return {
        dialect: (statement := insert(table)).on_conflict_do_update(
            index_elements=list(table.primary_key.columns),
            set_={c.name: statement.excluded[c.name] for c in table.columns if not c.primary_key},
        )
        for dialect, insert in (("sqlite", sqlite), ("postgresql", postgresql))
    }
