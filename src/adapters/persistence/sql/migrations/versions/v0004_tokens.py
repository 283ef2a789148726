"""Personal access tokens: sessions that have a name, and need not expire."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    # SQLite cannot change a column: there the table is written anew.
    with op.batch_alter_table("sessions") as sessions:
        sessions.alter_column("expires_at", existing_type=sa.BigInteger, nullable=True)
        sessions.add_column(sa.Column("name", sa.Text))


def downgrade() -> None:
    """Tokens are forgotten: without a name they would pass for browsers."""
    op.execute("DELETE FROM sessions WHERE name IS NOT NULL")
    with op.batch_alter_table("sessions") as sessions:
        sessions.drop_column("name")
        sessions.alter_column("expires_at", existing_type=sa.BigInteger, nullable=False)
