"""What may stand in DATABASE_URL for MongoDB."""

from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from application.ports.store import StoreMisaddressed

SCHEMES = frozenset({"mongodb", "mongodb+srv"})
_DEFAULT_DATABASE = "besedka"
_OF_THE_SERVER = frozenset({"admin", "config", "local"})
_NOT_IN_NAMES = frozenset('/\\. "$*<>:|?\0')


@dataclass(frozen=True, slots=True)
class Address:
    """Where a database is: the whole URL, which holds a password; the database's name; and the
    URL as an operator may read it."""

    url: str
    database: str
    masked: str


def address_of(url: str) -> Address:
    """`mongodb://host:27017/besedka` or `mongodb+srv://…`; without a name after the last slash,
    the database is called besedka. Raises `StoreMisaddressed`."""
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise _malformed() from error
    if parts.scheme not in SCHEMES or not parts.netloc:
        raise _malformed()
    database = unquote(parts.path.removeprefix("/")) or _DEFAULT_DATABASE
    if not _NOT_IN_NAMES.isdisjoint(database) or len(database.encode()) > 63:
        raise _malformed()
    if database in _OF_THE_SERVER:
        raise StoreMisaddressed(
            f"The database {database} is the server's own. Name another one in the URL, as in "
            f"mongodb://host/besedka; users of {database} sign in with ?authSource={database}."
        )
    # A slash or an @ in a password should be written as %2F or %40. Where it is not, it ends up
    # in the host's or the database's name: whatever stands before the last @ is hidden.
    user, at, hosts = parts.netloc.rpartition("@")
    hidden = f"{user.partition(':')[0]}:***@" if ":" in user else f"{user}{at}"
    return Address(url, database, f"{parts.scheme}://{hidden}{hosts}/{database}")


def _malformed() -> StoreMisaddressed:
    # Without what was found: it may be a piece of the password.
    return StoreMisaddressed(
        "The URL of the database is not one of MongoDB's. It should read like "
        "mongodb://user:password@host:27017/besedka, with @, :, / and % in the password written "
        "as %40, %3A, %2F and %25."
    )
