"""The first schema."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

Id = sa.String(36).with_variant(sa.UUID(as_uuid=False), "postgresql")
Name = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    _people()
    _rooms()
    _messages()
    _sessions()


def _people() -> None:
    op.create_table(
        "users",
        sa.Column("id", Id, primary_key=True),
        sa.Column("username", sa.Text, nullable=False),
        sa.Column("folded", Name, nullable=False),
        sa.Column("display_name", sa.Text, nullable=False),
        sa.Column("email", sa.Text),
        sa.Column("site_role", sa.Text, nullable=False),
        sa.Column("password_hash", sa.Text, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("disabled_at", sa.BigInteger),
        sa.UniqueConstraint("folded", name="users_folded"),
    )
    op.create_table(
        "site",
        sa.Column("id", sa.SmallInteger, primary_key=True, autoincrement=False),
        sa.Column("epoch", sa.Text, nullable=False),
        sa.Column("owner_id", Id, sa.ForeignKey("users.id")),
    )


def _rooms() -> None:
    op.create_table(
        "rooms",
        sa.Column("id", Id, primary_key=True),
        sa.Column("name", sa.Text),
        sa.Column("folded", Name),
        sa.Column("visibility", sa.Text, nullable=False),
        sa.Column("topic", sa.Text, nullable=False),
        sa.Column("head", sa.BigInteger, nullable=False),
        sa.Column("floor", sa.BigInteger, nullable=False),
        sa.Column("members", sa.Integer, nullable=False),
        sa.Column("tells_presence", sa.Boolean, nullable=False),
        sa.Column("direct_key", sa.Text),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("archived_at", sa.BigInteger),
    )
    in_use = sa.column("archived_at").is_(None)
    _index("rooms_folded", "rooms", "folded", unique=True, where=in_use)
    _index("rooms_direct_key", "rooms", "direct_key", unique=True, where=in_use)
    op.create_table(
        "memberships",
        sa.Column("room_id", Id, sa.ForeignKey("rooms.id"), primary_key=True),
        sa.Column("user_id", Id, sa.ForeignKey("users.id"), primary_key=True),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("joined_at", sa.BigInteger, nullable=False),
        sa.Column("read", sa.BigInteger, nullable=False),
        sa.Column("present", sa.Boolean, nullable=False),
        sqlite_with_rowid=False,
    )
    _index("memberships_user", "memberships", "user_id")
    _index("memberships_present", "memberships", "room_id", where=sa.column("present") == sa.true())


def _messages() -> None:
    op.create_table(
        "messages",
        sa.Column("room_id", Id, sa.ForeignKey("rooms.id"), primary_key=True),
        sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("author_id", Id, sa.ForeignKey("users.id")),
        sa.Column("subject_id", Id, sa.ForeignKey("users.id")),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("key", sa.Text),
        sa.Column("target", sa.BigInteger),
        sa.Column("upto", sa.BigInteger),
        sa.Column("reply_to", sa.BigInteger),
        sa.Column("mentions", sa.Text),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("edited_at", sa.BigInteger),
        sa.Column("deleted", sa.Boolean, nullable=False),
    )
    has_key = sa.column("key").is_not(None)
    _index("messages_key", "messages", "author_id", "key", unique=True, where=has_key)
    is_change = sa.column("target").is_not(None)
    _index("messages_target", "messages", "room_id", "target", where=is_change)
    op.create_table(
        "mentions",
        sa.Column("room_id", Id, primary_key=True),
        sa.Column("user_id", Id, primary_key=True),
        sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
        sqlite_with_rowid=False,
    )
    _index("mentions_seq", "mentions", "room_id", "seq")


def _sessions() -> None:
    op.create_table(
        "sessions",
        sa.Column("id", Id, primary_key=True),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("user_id", Id, nullable=False),
        sa.Column("device", sa.Text, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("seen_at", sa.BigInteger, nullable=False),
        sa.Column("expires_at", sa.BigInteger, nullable=False),
        sa.UniqueConstraint("digest", name="sessions_digest"),
    )
    _index("sessions_user", "sessions", "user_id")


def _index(
    name: str,
    table: str,
    *columns: str,
    unique: bool = False,
    where: sa.ColumnElement[bool] | None = None,
) -> None:
    # As an expression, because each database has to see in it the words of the queries.
    op.create_index(
        name, table, list(columns), unique=unique, sqlite_where=where, postgresql_where=where
    )
