"""Where in a room's log each day stands, for searches that ask for days."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

DAY = sa.column("at").op("/")(sa.literal_column("86400000"))


def upgrade() -> None:
    op.create_index("messages_day", "messages", ["room_id", DAY, "seq"])


def downgrade() -> None:
    op.drop_index("messages_day", "messages")
