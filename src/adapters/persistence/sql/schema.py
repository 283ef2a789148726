"""The tables, for SQLite and PostgreSQL alike.

Times are milliseconds since 1970 in UTC. Folded names compare and sort by code point everywhere:
SQLite does so by itself, PostgreSQL with the collation "C". A change here needs a new migration;
a test holds the migrations against this file. Only they say `postgresql_where`: here, it would
load a whole dialect into every start on SQLite.
"""

from sqlalchemy import (
    UUID,
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
    literal_column,
    true,
)

from adapters.persistence.sql.time import MILLISECONDS_OF_A_DAY

metadata = MetaData()

Id = String(36).with_variant(UUID(as_uuid=False), "postgresql")
Name = Text().with_variant(Text(collation="C"), "postgresql")
Time = BigInteger()
Seq = BigInteger()

users = Table(
    "users",
    metadata,
    Column("id", Id, primary_key=True),
    Column("username", Text, nullable=False),
    Column("folded", Name, nullable=False),
    Column("display_name", Text, nullable=False),
    Column("email", Text),
    Column("site_role", Text, nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("created_at", Time, nullable=False),
    Column("disabled_at", Time),
    UniqueConstraint("folded", name="users_folded"),
)

# One row: what is true of the whole store.
site = Table(
    "site",
    metadata,
    Column("id", SmallInteger, primary_key=True, autoincrement=False),
    Column("epoch", Text, nullable=False),
    Column("owner_id", Id, ForeignKey("users.id")),
)

# One row while a copy from another store is under way: from where, and the last place that was
# written, as JSON. Then there is no `site`, so that nobody takes it for a store.
unfinished_copy = Table(
    "unfinished_copy",
    metadata,
    Column("id", SmallInteger, primary_key=True, autoincrement=False),
    Column("source_epoch", Text, nullable=False),
    Column("place", Text),
)

rooms = Table(
    "rooms",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", Text),
    Column("folded", Name),
    Column("visibility", Text, nullable=False),
    Column("topic", Text, nullable=False),
    Column("head", Seq, nullable=False),
    Column("floor", Seq, nullable=False),
    Column("members", Integer, nullable=False),
    Column("tells_presence", Boolean, nullable=False),
    Column("direct_key", Text),
    Column("created_at", Time, nullable=False),
    Column("archived_at", Time),
)

# An archived room gives its name free.
_IN_USE = rooms.c.archived_at.is_(None)
ADDRESSES = {"rooms_folded": "folded", "rooms_direct_key": "direct_key"}
for _name, _column in ADDRESSES.items():
    Index(_name, rooms.c[_column], unique=True, sqlite_where=_IN_USE)

memberships = Table(
    "memberships",
    metadata,
    Column("room_id", Id, ForeignKey("rooms.id"), primary_key=True),
    Column("user_id", Id, ForeignKey("users.id"), primary_key=True),
    Column("role", Text, nullable=False),
    Column("joined_at", Time, nullable=False),
    Column("read", Seq, nullable=False),
    Column("present", Boolean, nullable=False),
    Index("memberships_user", "user_id"),
    sqlite_with_rowid=False,
)
PRESENT = memberships.c.present == true()
Index("memberships_present", memberships.c.room_id, sqlite_where=PRESENT)

messages = Table(
    "messages",
    metadata,
    Column("room_id", Id, ForeignKey("rooms.id"), primary_key=True),
    Column("seq", Seq, primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),
    Column("author_id", Id, ForeignKey("users.id")),
    Column("subject_id", Id, ForeignKey("users.id")),
    Column("text", Text, nullable=False),
    Column("key", Text),
    Column("target", Seq),
    Column("upto", Seq),
    Column("reply_to", Seq),
    Column("mentions", Text),
    Column("at", Time, nullable=False),
    Column("edited_at", Time),
    Column("deleted", Boolean, nullable=False),
)

_HAS_KEY = messages.c.key.is_not(None)
Index("messages_key", messages.c.author_id, messages.c.key, unique=True, sqlite_where=_HAS_KEY)

# Scrubbing finds the entries that changed a message.
_IS_CHANGE = messages.c.target.is_not(None)
Index("messages_target", messages.c.room_id, messages.c.target, sqlite_where=_IS_CHANGE)

# Searching finds by it where in the log a day stands. Queries have to say it in the same words.
DAY = messages.c.at.op("/")(literal_column(str(MILLISECONDS_OF_A_DAY), Time))
Index("messages_day", messages.c.room_id, DAY, messages.c.seq)

mentions = Table(
    "mentions",
    metadata,
    Column("room_id", Id, primary_key=True),
    Column("user_id", Id, primary_key=True),
    Column("seq", Seq, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)
# Editing, scrubbing and clearing go by the message.
Index("mentions_seq", mentions.c.room_id, mentions.c.seq)

# Sessions may live elsewhere than people, so nothing ties them together here. Those that have a
# name are tokens.
sessions = Table(
    "sessions",
    metadata,
    Column("id", Id, primary_key=True),
    Column("digest", Text, nullable=False),
    Column("user_id", Id, nullable=False),
    Column("device", Text, nullable=False),
    Column("created_at", Time, nullable=False),
    Column("seen_at", Time, nullable=False),
    Column("expires_at", Time),
    Column("name", Text),
    UniqueConstraint("digest", name="sessions_digest"),
    Index("sessions_user", "user_id"),
)

# Which sessions were ended, and when: for a while, so that nodes notice whose sockets are to close.
ended_sessions = Table(
    "ended_sessions",
    metadata,
    Column("at", Time, primary_key=True, autoincrement=False),
    Column("id", Id, primary_key=True),
    sqlite_with_rowid=False,
)

# A star that a deletion overtook may remain, so nothing ties it to its message.
stars = Table(
    "stars",
    metadata,
    Column("user_id", Id, primary_key=True),
    Column("room_id", Id, primary_key=True),
    Column("seq", Seq, primary_key=True, autoincrement=False),
    Column("starred_at", Time, nullable=False),
    # The latest first.
    Index("stars_starred", "user_id", "starred_at", "room_id", "seq"),
    # Scrubbing and clearing go by the message.
    Index("stars_message", "room_id", "seq"),
    sqlite_with_rowid=False,
)
