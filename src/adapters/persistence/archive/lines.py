"""The lines of an archive. Each begins with a checksum of itself, so that a damaged one is named:

    {"sum":"b1946ac9","archive":"besedka","version":1,"epoch":"…"}
    {"sum":"591785b7","record":"account","id":"…","username":"alice",…}
    …
    {"sum":"0a4d55a8","end":{"records":1234,"sha256":"…"}}

The end counts the records and hashes all lines before it, so that nothing can be missing.
"""

import json
import zlib
from typing import Any

from application.moving.line_reading import InvalidLine
from domain.text import is_storable

VERSION = 1

_OPENING, _AFTER_SUM = '{"sum":"', '",'
_SUM_LENGTH = 8
Fields = dict[str, Any]  # What JSON has.


def summed(line: str) -> bytes:
    """A line of the archive, its end included, from a JSON object."""
    rest = line[1:].encode()
    return f"{_OPENING}{zlib.crc32(rest):08x}{_AFTER_SUM}".encode() + rest + b"\n"


def fields_of(line: bytes) -> Fields:
    """What stands in a line. Raises `InvalidLine`."""
    if not line.endswith(b"\n"):
        raise InvalidLine("it is cut off")
    start = len(_OPENING) + _SUM_LENGTH
    head, rest = line[:start], line[start + len(_AFTER_SUM) : -1]
    if not head.startswith(_OPENING.encode()):
        raise InvalidLine("it is not a line of an archive")
    if head[len(_OPENING) :] != f"{zlib.crc32(rest):08x}".encode():
        raise InvalidLine("it is damaged: its checksum is another")
    try:
        fields = _decode("{" + rest.decode())
    except (ValueError, RecursionError) as error:
        raise InvalidLine(f"it is not JSON: {error}") from error
    if not isinstance(fields, dict):
        raise InvalidLine("it is not a JSON object")
    return fields


def manifest_line(epoch: str) -> bytes:
    return summed(json.dumps({"archive": "besedka", "version": VERSION, "epoch": epoch}))


def epoch_of(manifest: bytes) -> str:
    """The life of the store that the archive was made of. Raises `InvalidLine`."""
    fields = fields_of(manifest)
    if fields.get("archive") != "besedka":
        raise InvalidLine("it is not the manifest of an archive of Besedka")
    if fields.get("version") != VERSION:
        raise InvalidLine(
            f"the archive has version {fields.get('version')}, this program reads {VERSION}"
        )
    epoch = fields.get("epoch")
    if not isinstance(epoch, str) or not epoch or not is_storable(epoch):
        raise InvalidLine("the manifest has no epoch")
    return epoch


def end_line(records: int, sha256: str) -> bytes:
    return summed(json.dumps({"end": {"records": records, "sha256": sha256}}))


def _each_once(fields: list[tuple[str, Any]]) -> Fields:
    found = dict(fields)
    if len(found) < len(fields):
        raise ValueError("a field stands there twice")
    return found


_decode = json.JSONDecoder(object_pairs_hook=_each_once).decode
