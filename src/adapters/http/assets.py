"""Where the web client's build put its files: their names change with their content."""

import json
import logging
from pathlib import Path

_log = logging.getLogger(__name__)


class Assets:
    """Addresses by the names of the sources, from Vite's manifest, which is read once."""

    def __init__(self, manifest: Path) -> None:
        self._chunks: dict[str, dict[str, object]] = {}
        if manifest.exists():
            self._chunks = json.loads(manifest.read_text("utf-8"))
        else:
            _log.warning("there is no %s: run `make frontend`", manifest)

    def script(self, entry: str) -> str:
        """An address that answers 404, for all to see, where nothing was built."""
        return _address(str(self._chunks.get(entry, {}).get("file", entry)))

    def styles(self, entry: str) -> list[str]:
        """The style sheets of the entry and of what it imports, those of imports first."""
        return [_address(name) for name in self._styles(entry, set())]

    def _styles(self, entry: str, seen: set[str]) -> list[str]:
        if entry in seen or entry not in self._chunks:
            return []
        seen.add(entry)
        chunk = self._chunks[entry]
        names = [name for each in _names(chunk, "imports") for name in self._styles(each, seen)]
        return list(dict.fromkeys(names + _names(chunk, "css")))


def _names(chunk: dict[str, object], key: str) -> list[str]:
    names = chunk.get(key, [])
    return [str(name) for name in names] if isinstance(names, list) else []


def _address(name: str) -> str:
    return f"/static/app/{name}"
