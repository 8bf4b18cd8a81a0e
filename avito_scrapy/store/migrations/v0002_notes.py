"""The recruiter's notes."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "avito_notes",
        sa.Column("account_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("person_key", sa.Text, primary_key=True),
        sa.Column("outcome", sa.Text),
        sa.Column("comment", sa.Text),
        sa.Column("next_call", sa.Text),
        sa.Column("updated_at", sa.Double, nullable=False),
    )
