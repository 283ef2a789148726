"""What people keep for themselves."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

Id = sa.String(36).with_variant(sa.UUID(as_uuid=False), "postgresql")


def upgrade() -> None:
    op.create_table(
        "stars",
        sa.Column("user_id", Id, primary_key=True),
        sa.Column("room_id", Id, primary_key=True),
        sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("starred_at", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("stars_starred", "stars", ["user_id", "starred_at", "room_id", "seq"])
    op.create_index("stars_message", "stars", ["room_id", "seq"])


def downgrade() -> None:
    op.drop_table("stars")
