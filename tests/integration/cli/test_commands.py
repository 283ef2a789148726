"""The `besedka` command with a program that only notes what it is told."""

import errno
import os
import socket
import sys
import tomllib
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from adapters.cli.main import build_cli
from adapters.cli.program import Operator, Program
from adapters.configuration.errors import ConfigurationError
from adapters.configuration.names import PREFIX, USUAL
from adapters.configuration.settings import Settings
from application.chat import Chat
from application.ports.store import StoreMisaddressed, StoreUnusable
from domain.errors import StoreUnavailable

VERBS = [
    [],
    ["serve"],
    ["user"],
    ["user", "create"],
    ["demo"],
    ["version"],
    ["config"],
    ["config", "show"],
    ["config", "check"],
]


class NotingProgram(Program):
    """Serves until it has announced itself. `fails` is raised instead of that."""

    version = "1.2.3"

    def __init__(self) -> None:
        self.served: list[Settings] = []
        self.setup_path: str | None = None
        self.misaddressed: StoreMisaddressed | None = None
        self.refusal: ConfigurationError | None = None
        self.fails: Exception | None = None

    def check(self, settings: Settings) -> None:
        if self.refusal:
            raise self.refusal

    def check_urls(self, settings: Settings) -> None:
        if self.misaddressed:
            raise self.misaddressed

    async def serve(self, settings: Settings, operator: Operator) -> None:
        if self.fails:
            raise self.fails
        self.served.append(settings)
        operator.ready("http://127.0.0.1:8080", setup_path=self.setup_path)

    def open_chat(self, settings: Settings) -> AbstractAsyncContextManager[Chat]:
        raise self.fails or StoreUnusable("There is no chat here.")


@pytest.fixture
def program() -> NotingProgram:
    return NotingProgram()


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is no `.env`, and with nothing set in the environment."""
    monkeypatch.chdir(tmp_path)
    for name in os.environ:
        if name in USUAL or name.startswith(PREFIX):
            monkeypatch.delenv(name)


def besedka(program: Program, *arguments: str, **environ: str) -> Result:
    result = CliRunner().invoke(build_cli(program), arguments, env=environ, prog_name="besedka")
    assert "Traceback" not in result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result


@pytest.mark.parametrize("option", ["-h", "--help"])
@pytest.mark.parametrize("verb", VERBS, ids=" ".join)
def test_there_is_help_everywhere(program: NotingProgram, verb: list[str], option: str) -> None:
    result = besedka(program, *verb, option)

    assert result.exit_code == 0
    assert result.output.startswith(" ".join(["Usage: besedka", *verb]))


def test_the_version_is_told_in_two_ways(program: NotingProgram) -> None:
    assert besedka(program, "version").output == "1.2.3\n"
    assert besedka(program, "--version").output == "besedka 1.2.3\n"


def test_serve_says_where_it_is_and_where_everything_is_kept(
    program: NotingProgram, tmp_path: Path
) -> None:
    result = besedka(program, "serve", BESEDKA_LOG_FORMAT="text")

    assert result.exit_code == 0
    assert result.stdout == (
        "Besedka is ready at http://127.0.0.1:8080  (Ctrl+C stops it)\n"
        f"Everything is kept in {tmp_path / 'var' / 'besedka.db'}\n"
    )


def test_serve_says_that_others_can_reach_it(program: NotingProgram) -> None:
    result = besedka(program, "serve", HOST="0.0.0.0", DATABASE_URL="memory://", PORT="0")

    assert "on all addresses of this machine" in result.stdout


@pytest.mark.parametrize("log_format", ["text", "json"])
def test_the_first_start_says_who_will_own_the_server_and_where(
    program: NotingProgram, log_format: str
) -> None:
    program.setup_path = "/register?setup=5e7"

    result = besedka(program, "serve", "--log-format", log_format, BESEDKA_LOG_LEVEL="error")

    ready, *_, hint = result.stdout.splitlines()
    assert "Besedka is ready at http://127.0.0.1:8080" in ready
    assert "The first one owns this server" in hint
    assert "make it here: http://127.0.0.1:8080/register?setup=5e7" in hint


def test_options_win_over_the_environment(program: NotingProgram, tmp_path: Path) -> None:
    file = tmp_path / "besedka.toml"
    file.write_text('port = 1\nhost = "a"\n[limits]\npage = 50\n')

    besedka(program, "serve", "--config", str(file), "--port", "3", PORT="2", HOST="b")

    (settings,) = program.served
    assert (settings.port, settings.host, settings.limits.page) == (3, "b", 50)


@pytest.mark.parametrize("verb", [["serve"], ["demo"], ["config", "show"], ["config", "check"]])
def test_what_is_wrong_is_one_line_each_and_exit_code_2(
    program: NotingProgram, verb: list[str]
) -> None:
    result = besedka(program, *verb, BESEDKA_PROT="1", PORT="http")

    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.splitlines() == [
        "Error: BESEDKA_PROT in the environment is not a setting. Did you mean BESEDKA_PORT?",
        "  port must be a whole number from 0 to 65535, not 'http' (PORT in the environment).",
    ]
    assert program.served == []


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (OSError(errno.EADDRINUSE, "x"), "something else does already. Stop it, or choose another"),
        (OSError(errno.EACCES, "x"), "not permitted. Choose a --port or PORT from 1024"),
        (OSError(errno.EADDRNOTAVAIL, "x"), "it is not an address of this machine. Choose another"),
        (socket.gaierror(socket.EAI_NONAME, "x"), "there is no such host. Choose another"),
        (OSError(errno.EMFILE, "Too many open files"), "Too many open files."),
    ],
    ids=["in use", "not permitted", "not ours", "no host", "else"],
)
def test_an_address_that_is_refused_is_named(
    program: NotingProgram, error: OSError, line: str
) -> None:
    program.fails = error

    result = besedka(program, "serve", HOST="::1", PORT="80")

    assert result.exit_code == 1
    assert result.stderr.startswith(f"Error: Cannot listen on [::1]:80: {line}")
    assert result.stderr.count("\n") == 1


FAILURES = {
    "store": (StoreUnusable("The file is in use."), "The file is in use."),
    "refusal": (StoreUnavailable(), "The store does not answer. Try again in a moment."),
    "detail": (StoreUnavailable("It is locked."), "The store does not answer. Try again in a"),
    "file": (PermissionError(errno.EACCES, "Permission denied", "/x"), "/x: Permission denied."),
    "extra": (
        ModuleNotFoundError("No module named 'asyncpg'", name="asyncpg"),
        "This needs asyncpg, which is not installed: pip install 'besedka[postgres]'.",
    ),
    "extra of Redis": (
        ModuleNotFoundError("No module named 'redis'", name="redis"),
        "This needs redis, which is not installed: pip install 'besedka[redis]'.",
    ),
    "tasks": (ExceptionGroup("tasks", [StoreUnusable("It is in use.")]), "It is in use."),
    "password": (StoreUnusable("redis://:hunter2@a does not answer."), "redis://:***@a does not"),
}


@pytest.mark.parametrize("name", FAILURES)
def test_what_fails_is_one_line(program: NotingProgram, name: str) -> None:
    program.fails, line = FAILURES[name]

    result = besedka(program, "serve")

    assert result.exit_code == 1
    assert result.stderr.startswith(f"Error: {line}")
    assert result.stderr.count("\n") == 1


def test_settings_that_cannot_work_together_are_exit_code_2(program: NotingProgram) -> None:
    program.fails = ConfigurationError("REDIS_URL: not here")

    result = besedka(program, "serve")

    assert result.exit_code == 2
    assert result.stderr == "Error: REDIS_URL: not here\n"


def test_what_nobody_foresaw_is_in_the_log(program: NotingProgram) -> None:
    program.fails = ZeroDivisionError("hunter2 is not the point")

    result = besedka(program, "serve", "--log-format", "json")

    assert result.exit_code == 1
    assert result.stderr == "Error: Something unforeseen went wrong; the log says where.\n"
    assert '"exc_type": "ZeroDivisionError"' in result.stdout


def test_show_is_toml_of_what_is_in_effect_and_says_where_it_was_set(
    program: NotingProgram,
) -> None:
    result = besedka(
        program, "config", "show", "--port", "0", BESEDKA_TRUSTED_PROXIES="::1,10.0.0.1"
    )

    shown = tomllib.loads(result.stdout)
    assert shown["port"] == 0
    assert shown["public_url"] == ""
    assert shown["trusted_proxies"] == ["::1/128", "10.0.0.1/32"]
    assert shown["limits"] == Settings().limits.model_dump()
    assert "# the option --port" in result.stdout
    assert "# BESEDKA_TRUSTED_PROXIES in the environment" in result.stdout


def test_show_can_be_read_again(program: NotingProgram, tmp_path: Path) -> None:
    shown = besedka(program, "config", "show", "--port", "7", BESEDKA_WELCOME_ROOM="сад").stdout
    file = tmp_path / "shown.toml"
    file.write_text(shown, encoding="utf-8")

    besedka(program, "serve", "--config", str(file))

    (settings,) = program.served
    assert settings == Settings(port=7, welcome_room="сад")


def test_a_token_is_not_shown(program: NotingProgram) -> None:
    token = "a-key-to-the-garden-gate"

    result = besedka(program, "config", "show", BESEDKA_METRICS__TOKEN=token)

    assert token not in result.output
    assert tomllib.loads(result.stdout)["metrics"]["token"] == "***"


@pytest.mark.parametrize("verb", ["show", "check"])
def test_passwords_are_not_shown(program: NotingProgram, verb: str) -> None:
    url = "postgresql://me:hunter2@db/chat"

    result = besedka(program, "config", verb, DATABASE_URL=url, REDIS_URL="redis://:hunter2@cache")

    assert result.exit_code == 0
    assert "hunter2" not in result.output


def test_check_also_asks_the_program(program: NotingProgram) -> None:
    assert besedka(program, "config", "check").exit_code == 0
    program.refusal = ConfigurationError("REDIS_URL: not here")

    result = besedka(program, "config", "check")

    assert result.exit_code == 2
    assert result.stderr == "Error: REDIS_URL: not here\n"


def test_check_also_looks_at_urls(program: NotingProgram) -> None:
    program.misaddressed = StoreMisaddressed("DATABASE_URL names no file.")

    result = besedka(program, "config", "check")

    assert result.exit_code == 2
    assert result.stderr == "Error: DATABASE_URL names no file.\n"


def test_demo_refuses_a_store_that_forgets(program: NotingProgram) -> None:
    result = besedka(program, "demo", "--database-url", "memory://")

    assert result.exit_code == 2
    assert "memory://" in result.stderr


def test_demo_without_its_extra_says_what_to_install(
    program: NotingProgram, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "faker", None)
    for name in ("cast", "fill", "run"):
        monkeypatch.delitem(sys.modules, f"adapters.cli.demo.{name}", raising=False)

    result = besedka(program, "demo")

    assert result.exit_code == 1
    assert "pip install 'besedka[demo]'" in result.stderr
