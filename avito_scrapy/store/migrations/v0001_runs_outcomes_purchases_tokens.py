"""Runs, tokens, outcomes, purchases."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables."""
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
