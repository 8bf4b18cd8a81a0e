"""Who wrote a note and when, what it said before, and who is working on whom."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables; a note of before is the first entry of its history."""
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
