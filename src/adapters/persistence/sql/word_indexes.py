"""Which word index goes with which database."""

from functools import cache

from adapters.persistence.sql.word_index import WordIndex


@cache
def word_index(dialect: str) -> WordIndex:
    """Imported late: a server on SQLite starts faster without what PostgreSQL needs."""
    if dialect == "sqlite":
        from adapters.persistence.sql.sqlite_words import INDEX
    else:
        from adapters.persistence.sql.postgres_words import INDEX
    return INDEX
