"""How far a copy from another store got."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "unfinished_copy",
        sa.Column("id", sa.SmallInteger, primary_key=True, autoincrement=False),
        sa.Column("source_epoch", sa.Text, nullable=False),
        sa.Column("place", sa.Text),
    )


def downgrade() -> None:
    op.drop_table("unfinished_copy")
