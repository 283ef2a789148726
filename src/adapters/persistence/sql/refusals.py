"""Why a database cannot be opened, and what an operator has to do about it, in one line."""

import socket
import ssl
from collections.abc import Callable

from sqlalchemy.engine import URL

from adapters.persistence.sql.errors import origin, said, sqlstate

OLDEST_POSTGRES = 13


def what_to_do(error: BaseException, url: URL) -> str:
    """Sentences that follow "… cannot be opened: "; no password is in them."""
    if url.get_backend_name() == "postgresql":
        remedy = _by_sqlstate(error, url) or _by_system(origin(error), url)
        if remedy:
            return remedy
    return f"{_without_password(said(error), url)}. Repair that, or set DATABASE_URL to another."


def outdated(version: tuple[int | str, ...] | None, encoding: str) -> str | None:
    """What is wrong with a server, or a database, that lets us in."""
    if version and int(version[0]) < OLDEST_POSTGRES:
        return (
            f"it is PostgreSQL {version[0]}, and Besedka needs {OLDEST_POSTGRES} or newer. "
            "Upgrade it, or set DATABASE_URL to another."
        )
    if encoding != "UTF8":
        return (
            f"its encoding is {encoding}, which cannot hold what people write. "
            "Make another: createdb -T template0 -E UTF8 NAME."
        )
    return None


def _by_sqlstate(error: BaseException, url: URL) -> str | None:
    remedy = _REMEDIES.get(sqlstate(error))
    return f"{_without_password(said(error), url)}. {remedy(url)}" if remedy else None


def _by_system(cause: BaseException, url: URL) -> str | None:
    where = _where(url)
    match cause:
        case socket.gaierror():
            return f"the host name {url.host} is not known. Correct the host in DATABASE_URL."
        case ssl.SSLCertVerificationError():
            return (
                f"the certificate of {where} is not trusted ({cause.verify_message}). "
                "Name its authority in DATABASE_URL: ?sslmode=verify-full&sslrootcert=FILE."
            )
        case TimeoutError():
            return f"{where} does not answer. Check host and port, its firewall, and the server."
        case ConnectionRefusedError():
            return f"nothing listens at {where}. Start PostgreSQL there, or correct host and port."
        case ConnectionError() if "SSL" in str(cause):
            return (
                f"{where} does not speak TLS, which sslmode asks for. Turn it on there (ssl = on), "
                "or write sslmode=prefer."
            )
        case OSError() if "Connect call failed" in str(cause):  # Several addresses, all refused.
            return f"nothing listens at {where}. Start PostgreSQL there, or correct host and port."
    return None


def _where(url: URL) -> str:
    host = url.host or str(url.query.get("host", "the local socket"))
    return f"{host}:{url.port or 5432}"


def _without_password(text: str, url: URL) -> str:
    return text.replace(str(url.password), "***") if url.password else text


def _user(url: URL) -> str:
    return url.username or "USER"


_Remedy = Callable[[URL], str]

_REMEDIES: dict[str, _Remedy] = {
    "08P01": lambda url: "Name PostgreSQL itself in DATABASE_URL, not a PgBouncer before it.",
    "28P01": lambda url: "Correct the name or the password in DATABASE_URL.",
    "28000": lambda url: (
        "Correct the name in DATABASE_URL, ask for TLS there (?sslmode=require), "
        "or let it in: pg_hba.conf of the server."
    ),
    "3D000": lambda url: f"Make it: createdb -O {_user(url)} {url.database or 'NAME'}.",
    "42501": lambda url: (
        f"Allow it: ALTER DATABASE {url.database or 'NAME'} OWNER TO {_user(url)}, "
        f"or GRANT CREATE, USAGE ON SCHEMA public TO {_user(url)}."
    ),
    "3F000": lambda url: f"Make one: CREATE SCHEMA AUTHORIZATION {_user(url)}.",
    "25006": lambda url: "Name the server that can be written in DATABASE_URL, not its standby.",
    "53300": lambda url: "Raise max_connections there, or lower the pool_size of each node.",
    "57P03": lambda url: "It will be ready soon: try again.",
    "42704": lambda url: "Remove from DATABASE_URL what the server does not know.",
}
