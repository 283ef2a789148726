"""The file of an archive that is being written. Others may write beside it, or stand in its way:
nobody's file is emptied, replaced or followed elsewhere."""

import errno
import fcntl
import os
import stat
from pathlib import Path
from typing import IO

from application.ports.store import StoreUnusable

_NO_HARD_LINKS = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS}


def opened(part: Path) -> IO[bytes]:
    """An empty file, ours as long as it is open. Raises `StoreUnusable` if it is another's, and
    `OSError`."""
    while True:
        descriptor = os.open(part, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        try:
            if _is_ours(descriptor, part):
                os.fchmod(descriptor, 0o600)
                os.ftruncate(descriptor, 0)
                return os.fdopen(descriptor, "wb")
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)


def publish(part: Path, path: Path) -> None:
    """Give it its name, durably. Raises `StoreUnusable` if somebody else has that by now, and
    `OSError`."""
    try:
        os.link(part, path)
    except FileExistsError as error:
        raise _taken(path) from error
    except OSError as error:
        if error.errno not in _NO_HARD_LINKS:
            raise
        require_free(path)
        part.rename(path)
    else:
        part.unlink()
    directory = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def require_free(path: Path) -> None:
    """Raises `StoreUnusable`."""
    if os.path.lexists(path):
        raise _taken(path)


def _taken(path: Path) -> StoreUnusable:
    return StoreUnusable(f"{path} is there already: choose another name.")


def _is_ours(descriptor: int, part: Path) -> bool:
    """Whether it is still the one of that name, now that nobody else may write to it."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise StoreUnusable(f"{part} is being written by somebody else.") from error
    found = os.fstat(descriptor)
    if not stat.S_ISREG(found.st_mode):
        raise StoreUnusable(f"{part} cannot be written: it is not a file.")
    if found.st_nlink > 1:
        # It was finished, and its writer killed before this name was taken away. By now the
        # archive may be called something else: it must not be emptied.
        part.unlink()
        return False
    try:
        now = os.stat(part, follow_symlinks=False)
    except FileNotFoundError:
        return False  # Finished meanwhile, or deleted.
    return os.path.samestat(found, now)
