"""The peers of a full room: who they are, how they are started, and what Besedka is to reach."""

import importlib.metadata
import importlib.util
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bench.compiled import WITHOUT, compiled, compiler, compiler_version
from bench.dialects import BESEDKA, SOCKET_IO, Dialect

HERE = Path(__file__).parent / "peers"
MODULES = HERE / "node_modules"


@dataclass(frozen=True)
class Peer:
    """`command` starts it on a port, with a folder for what it stores. `goal`: how many deliveries
    of Besedka for each of it. `lacks` says why it cannot be measured here, if it cannot."""

    name: str
    goal: float
    command: Callable[[int, Path], list[str]]
    version: Callable[[], str]
    lacks: Callable[[], str | None]
    dialect: Dialect = BESEDKA


@cache
def found_peers() -> list[Peer]:
    """Those that can be measured on this machine; of the others it is said loudly."""
    for peer in PEERS:
        if missing := peer.lacks():
            print(missing)
    return [peer for peer in PEERS if not peer.lacks()]


def _no_compiler() -> str | None:
    return None if compiler() else WITHOUT + "send_each.c"


def _no_node() -> str | None:
    if shutil.which("node") is None:
        return "NOT MEASURED: there is no Node.js on this machine: ws, Socket.IO"
    return None if MODULES.is_dir() else "NOT MEASURED: `npm ci` in bench/peers: ws, Socket.IO"


def _no_websockets() -> str | None:
    found = importlib.util.find_spec("websockets")
    return None if found else "NOT MEASURED: websockets is not installed"


def _in_node(program: str) -> Callable[[int, Path], list[str]]:
    return lambda port, _: ["node", str(HERE / program), str(port)]


def _of_node(package: str) -> Callable[[], str]:
    def version() -> str:
        said = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True)
        found = json.loads((MODULES / package / "package.json").read_text())["version"]
        return f"{package} {found} on Node.js {said.stdout.strip()}"

    return version


def _of_python(*packages: str) -> Callable[[], str]:
    return lambda: " and ".join(f"{each} {importlib.metadata.version(each)}" for each in packages)


C = Peer(
    "C, a send() for each",
    goal=3,
    command=lambda port, _: [str(compiled("peers/send_each.c")), str(port)],
    version=compiler_version,
    lacks=_no_compiler,
)
PEERS = (
    C,
    Peer("ws", 5, _in_node("ws_broadcast.mjs"), _of_node("ws"), _no_node),
    Peer(
        "Socket.IO",
        6,
        _in_node("socketio_broadcast.mjs"),
        _of_node("socket.io"),
        _no_node,
        SOCKET_IO,
    ),
    Peer(
        "websockets",
        5,
        lambda port, _: [sys.executable, str(HERE / "websockets_broadcast.py"), str(port)],
        _of_python("websockets"),
        _no_websockets,
    ),
    Peer(
        "INSERT and send_str",
        10,
        lambda port, at: [sys.executable, str(HERE / "plain_loop.py"), str(port), str(at / "db")],
        _of_python("aiohttp", "aiosqlite"),
        lambda: None,
    ),
)
