"""The word index that search goes by, filled with what was said so far."""

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

from adapters.persistence.sql.word_indexes import word_index
from domain.search import words_of

revision = "0002"
down_revision = "0001"

BATCH = 2000


def upgrade() -> None:
    for statement in _SQLITE if _dialect() == "sqlite" else _POSTGRESQL:
        op.execute(statement)
    index = word_index(_dialect())
    for posts in _living_posts():
        op.get_bind().execute(
            index.add,
            index.added(
                [
                    (
                        post.room_id,
                        post.seq,
                        index.written({*words_of(post.text), *_author(post.author_id)}),
                    )
                    for post in posts
                ]
            ),
        )


def downgrade() -> None:
    if _dialect() == "sqlite":
        op.execute("DROP TRIGGER message_words_room")
        op.execute("DROP TABLE message_words_rooms")
    op.execute("DROP TABLE message_words")


def _dialect() -> str:
    return op.get_bind().dialect.name


def _author(author_id: str | None) -> list[str]:
    return [f"@{author_id.replace('-', '')}"] if author_id else []


def _living_posts() -> Iterator[Sequence[sa.Row[Any]]]:
    """In the order of rooms and seqs, some at a time."""
    here = sa.tuple_(_posts.c.room_id, _posts.c.seq)
    living = (
        sa.select(_posts)
        .where(_posts.c.kind == "posted", ~_posts.c.deleted)
        .order_by(_posts.c.room_id, _posts.c.seq)
        .limit(BATCH)
    )
    posts = op.get_bind().execute(living).all()
    while posts:
        yield posts
        last = sa.tuple_(
            sa.literal(posts[-1].room_id, _Id), sa.literal(posts[-1].seq, sa.BigInteger)
        )
        posts = op.get_bind().execute(living.where(here > last)).all()


_Id = sa.String(36).with_variant(sa.UUID(as_uuid=False), "postgresql")
_posts = sa.table(
    "messages",
    sa.column("room_id", _Id),
    sa.column("seq", sa.BigInteger),
    sa.column("kind", sa.Text),
    sa.column("author_id", _Id),
    sa.column("text", sa.Text),
    sa.column("deleted", sa.Boolean),
)

# The words come folded and separated by blanks: nothing is left to the tokenizer. No positions
# are kept, because whoever asks for a phrase looks at the text.
_SQLITE = (
    """
    CREATE VIRTUAL TABLE message_words USING fts5(
        words, tokenize = "ascii tokenchars '@.'", detail = none, columnsize = 0
    )
    """,
    "CREATE TABLE message_words_rooms (number INTEGER PRIMARY KEY, room_id TEXT NOT NULL UNIQUE)",
    """
    CREATE TRIGGER message_words_room AFTER INSERT ON rooms BEGIN
        INSERT INTO message_words_rooms (room_id) VALUES (new.id);
    END
    """,
    "INSERT INTO message_words_rooms (room_id) SELECT id FROM rooms ORDER BY id",
)
_POSTGRESQL = (
    """
    CREATE TABLE message_words (
        room_id UUID NOT NULL,
        seq BIGINT NOT NULL,
        words TSVECTOR NOT NULL,
        PRIMARY KEY (room_id, seq)
    )
    """,
    "CREATE INDEX message_words_words ON message_words USING gin (words)",
)
