"""Which sessions were ended a moment ago, for the nodes that have sockets of them."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

Id = sa.String(36).with_variant(sa.UUID(as_uuid=False), "postgresql")


def upgrade() -> None:
    op.create_table(
        "ended_sessions",
        sa.Column("at", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("id", Id, primary_key=True),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("ended_sessions")
