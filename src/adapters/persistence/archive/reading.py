"""Reading the lines of an archive, and believing none of them."""

import gzip
import hashlib
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

from adapters.persistence.archive.lines import Fields, epoch_of, fields_of
from application.moving.coherence import Coherence
from application.moving.line_reading import InvalidLine, record_of
from application.ports.store import StoreUnusable
from application.ports.transfer import Record, place_of

# No record is longer: a text of 1,000,000 characters, each written as six, and what is around it.
LONGEST_LINE = 16 * 1024 * 1024


class Lines:
    """An archive from its beginning; one that is not finished ends without an end. Everything
    raises `StoreUnusable`, which names the file and the line."""

    def __init__(self, path: Path, *, is_finished: bool = True) -> None:
        self._path = path
        self._is_finished = is_finished
        self._number = 0
        self._hash = hashlib.sha256()
        self._file = _opened(path)

    def close(self) -> None:
        self._file.close()

    def epoch(self) -> str:
        try:
            return epoch_of(self._next())
        except InvalidLine as error:
            raise self._unusable(error) from error

    def records(self) -> Iterator[Record]:
        """Everything after the manifest, in ascending places."""
        last, coherence = None, Coherence()
        for fields in self.fields():
            try:
                record = record_of(fields)
                place = place_of(record)
                if last is not None and place <= last:
                    raise InvalidLine("it stands in the wrong place")
                coherence.require(record)
            except InvalidLine as error:
                raise self._unusable(error) from error
            last = place
            yield record

    def fields(self) -> Iterator[Fields]:
        """The records as they stand there. After the last, what the end says has turned out to
        be true."""
        self.epoch()
        count = 0
        while True:
            so_far = self._hash.hexdigest()
            line = self._next()
            if not line:
                return
            try:
                fields = fields_of(line)
                if "end" in fields:
                    self._require_end(fields["end"], count, so_far)
                    return
            except InvalidLine as error:
                raise self._unusable(error) from error
            count += 1
            yield fields

    def _require_end(self, end: object, count: int, sha256: str) -> None:
        if not isinstance(end, dict) or end.get("records") != count:
            raise InvalidLine(f"there are {count} records before the end, which says otherwise")
        if end.get("sha256") != sha256:
            raise InvalidLine("the lines before the end are not those that were written")
        if self._read():
            raise InvalidLine("something follows after the end")

    def _next(self) -> bytes:
        line = self._read()
        self._number += 1
        if not line and self._is_finished:
            raise self._unusable("the archive is cut off here")
        self._hash.update(line)
        return line

    def _read(self) -> bytes:
        try:
            return self._file.readline(LONGEST_LINE)
        except EOFError:  # gzip misses its own end.
            if self._is_finished:
                raise self._unusable("the archive is cut off here") from None
            return b""
        except (OSError, zlib.error) as error:
            raise self._unusable(f"it cannot be read: {error}") from error

    def _unusable(self, reason: object) -> StoreUnusable:
        return StoreUnusable(f"{self._path}, line {max(1, self._number)}: {reason}.")


def _opened(path: Path) -> BinaryIO:
    try:
        if path.suffix == ".gz":
            return cast(BinaryIO, gzip.open(path, "rb"))
        return path.open("rb")
    except OSError as error:
        raise StoreUnusable(f"{path} cannot be read: {error.strerror}.") from error
