"""Besedka as it is, started so that it counts the statements that SQLite executes for it.

    counted_server.py FILE serve

SIGUSR1 writes to the file how many there were since it was last asked, as JSON: by what they do to
which table; where columns are selected, that of the first. Begins and ends of transactions are no
statements here.
"""

import json
import re
import signal
import sqlite3
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from bootstrap import main

VERB = re.compile(r"\s*(WITH|SELECT|INSERT|UPDATE|DELETE)\b\s*(?:([a-z_]+)\.)?", re.IGNORECASE)
TABLE = re.compile(r"\b(?:FROM|INTO|UPDATE)\s+\"?([a-z_]+)", re.IGNORECASE)

counted: Counter[str] = Counter()
connect = sqlite3.connect


def count(statement: str) -> None:
    if verb := VERB.match(statement):
        table = verb[2] or (found[1] if (found := TABLE.search(statement)) else "")
        counted[f"{verb[1].upper()} {table}"] += 1


def watched(*arguments: Any, **options: Any) -> sqlite3.Connection:
    """Whoever connects is watched by the library itself, however a statement comes to it."""
    connection: sqlite3.Connection = connect(*arguments, **options)
    connection.set_trace_callback(count)
    return connection


def tell(*_signal: object) -> None:
    said = json.dumps(counted)
    counted.clear()
    # In one step, or the one who waits for it could read the half of it.
    written = file.with_suffix(".new")
    written.write_text(said)
    written.replace(file)


file = Path(sys.argv.pop(1))
sqlite3.connect = watched  # type: ignore[assignment]  # It has the same arguments.
signal.signal(signal.SIGUSR1, tell)
main()
