"""What an operator reads when something is wrong: one line that says what, and what to do."""

import errno
import logging
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import click

from adapters.configuration.errors import ConfigurationError
from adapters.configuration.masking import masked
from application.ports.store import StoreMisaddressed, StoreUnusable
from domain.errors import DomainError, Invalid, StoreUnavailable

# Modules that come with an extra, by the name under which pip installs it.
EXTRAS = {"asyncpg": "postgres", "motor": "mongo", "pymongo": "mongo", "redis": "redis"}
EXTRAS |= {"faker": "demo"}

_log = logging.getLogger(__name__)


class Failure(click.ClickException):
    """Ends the command: it was tried, and did not work this time. Passwords in URLs are masked."""

    exit_code = 1

    def __init__(self, message: str) -> None:
        super().__init__(masked(message))


class Misconfigured(Failure):
    """As it is asked for or configured it can never work."""

    exit_code = 2


@contextmanager
def explained(listening_on: str = "") -> Iterator[None]:
    """Turns what the program raises into a `Failure`. `listening_on` is the address that it may
    be refused."""
    try:
        yield
    except (click.ClickException, BrokenPipeError):
        # Who closes the pipe, as `| head` does, has read enough: click ends the command for that.
        raise
    except Exception as error:
        failure = _failure(error, listening_on)
        if failure is None:
            # Nobody foresaw it: where it comes from is all that helps.
            _log.exception("The command failed.")
            failure = Failure("Something unforeseen went wrong; the log says where.")
        raise failure from error


def _failure(error: Exception, listening_on: str) -> Failure | None:
    match error:
        case ExceptionGroup():  # One task failed, and the others were stopped for it.
            return _failure(error.exceptions[0], listening_on)
        case ConfigurationError():
            return Misconfigured("\n  ".join(error.problems))
        case StoreMisaddressed() | Invalid():  # Invalid: a name or password nobody can have.
            return Misconfigured(str(error))
        case StoreUnavailable(detail=str(detail)) if detail:
            return Failure(f"{error.message} {detail}")
        case StoreUnusable() | DomainError():
            return Failure(str(error))
        case ModuleNotFoundError(name=str(name)) if name.partition(".")[0] in EXTRAS:
            module = name.partition(".")[0]
            extra = EXTRAS[module]
            message = (
                f"This needs {module}, which is not installed: pip install 'besedka[{extra}]'."
            )
            return Failure(message)
        case OSError() if listening_on and error.filename is None:
            return Failure(f"Cannot listen on {listening_on}: {_why_not(error)}")
        case OSError(filename=str(name)):
            return Failure(f"{name}: {error.strerror}.")
        case _:
            return None


def _why_not(error: OSError) -> str:
    if isinstance(error, socket.gaierror):
        return "there is no such host. Choose another with --host or HOST."
    match error.errno:
        case errno.EADDRINUSE:
            return "something else does already. Stop it, or choose another --port or PORT."
        case errno.EACCES:
            return "not permitted. Choose a --port or PORT from 1024, behind a proxy if need be."
        case errno.EADDRNOTAVAIL:
            return "it is not an address of this machine. Choose another --host or HOST."
        case _:
            return f"{error.strerror or error}."
