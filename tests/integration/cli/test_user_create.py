"""`besedka user create`, with a store in a file."""

import asyncio
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from adapters.cli.main import build_cli
from adapters.configuration.settings import Settings
from application.use_cases.open_session import SignedIn
from bootstrap import Besedka
from tests.integration.cli.processes import ROOT
from tests.kit import PASSWORD

pytestmark = pytest.mark.usefixtures("elsewhere")


def create(*arguments: str, password: str = PASSWORD, **environ: str) -> Result:
    cli = build_cli(Besedka())
    return CliRunner().invoke(
        cli, ["user", "create", *arguments], input=f"{password}\n", env=environ
    )


def sign_in(username: str) -> SignedIn:
    async def enter() -> SignedIn:
        async with Besedka().open_chat(Settings()) as chat:
            return await chat.sign_in(username=username, password=PASSWORD)

    return asyncio.run(enter())


def test_the_first_account_owns_the_server_and_the_next_does_not() -> None:
    first = create("alice", "--display-name", "Alice", "--email", "alice@example.org")
    second = create("bob")

    assert first.stdout == "There is an account for alice now, who owns the server.\n"
    assert second.stdout == "There is an account for bob now.\n"
    assert (first.exit_code, second.exit_code) == (0, 0)
    alice = sign_in("alice").user
    assert (alice.display_name, alice.email) == ("Alice", "alice@example.org")
    assert not sign_in("bob").user.is_site_owner


def test_a_name_that_is_taken_is_one_line() -> None:
    create("alice")

    again = create("Alice")

    assert again.exit_code == 1
    assert again.stderr == "Error: Somebody is already called Alice.\n"


def test_a_store_that_forgets_is_refused() -> None:
    refused = create("alice", DATABASE_URL="memory://")

    assert refused.exit_code == 2
    assert "memory://" in refused.stderr


def test_where_there_is_nothing_to_read_a_password_from_it_says_so(tmp_path: Path) -> None:
    command = shlex.join([sys.executable, "-m", "bootstrap", "user", "create", "alice"])
    environ = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT / "src")}

    done = subprocess.run(
        ["/bin/sh", "-c", f"exec {command} <&-"],
        cwd=tmp_path,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 2
    assert done.stderr == "Error: There is no standard input to read the password from.\n"
