"""`besedka user list`, with a store in a file."""

import asyncio
import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from adapters.persistence.sql.store import SqlStore
from besedka_contracts.cast import a_user, at
from domain.user import User
from tests.integration.cli.invoking import invoke
from tests.integration.cli.processes import ROOT

pytestmark = pytest.mark.usefixtures("elsewhere")


def people(*users: User) -> None:
    """Accounts that nobody signs in to: a real hash for each would take a while."""

    async def add() -> None:
        store = SqlStore("sqlite:///var/besedka.db")
        await store.open("a life")
        async with store.unit() as unit:
            for user in users:
                await unit.users.add(user, "hash")
        await store.close()

    asyncio.run(add())


def test_each_account_is_a_line_with_what_an_operator_asks_for() -> None:
    invoke("user", "create", "Zoe", "--display-name", "Zoë ♪")
    people(a_user("bob", disabled_at=at(86_400)), a_user("марія"))

    listed = invoke("user", "list")

    heading, bob, zoe, maria = (line.split(maxsplit=4) for line in listed.stdout.splitlines())
    assert heading == ["username", "role", "made", "disabled", "display name"]
    assert bob == ["bob", "member", "2026-03-01", "2026-03-02", "Bob"]
    assert (zoe[0], zoe[1], zoe[3:]) == ("Zoe", "owner", ["-", "Zoë ♪"])
    assert maria == ["марія", "member", "2026-03-01", "-", "Марія"]
    assert (listed.exit_code, listed.stderr) == (0, "")


def test_for_programs_each_is_an_object() -> None:
    people(a_user("bob", disabled_at=at(1)), a_user("марія", display_name='M "\\'))

    listed = invoke("user", "list", "--json")

    assert [json.loads(line) for line in listed.stdout.splitlines()] == [
        {
            "username": "bob",
            "display_name": "Bob",
            "role": "member",
            "created_at": "2026-03-01T12:00:00.123Z",
            "disabled_at": "2026-03-01T12:00:01.123Z",
        },
        {
            "username": "марія",
            "display_name": 'M "\\',
            "role": "member",
            "created_at": "2026-03-01T12:00:00.123Z",
            "disabled_at": None,
        },
    ]


def test_nobody_is_no_line() -> None:
    for arguments in (["user", "list"], ["user", "list", "--json"]):
        listed = invoke(*arguments)
        assert (listed.exit_code, listed.stdout) == (0, "")


def test_more_than_a_page_is_listed_to_the_end() -> None:
    names = [f"user{number:04}" for number in range(1_234)]
    people(*(a_user(name) for name in names))

    listed = invoke("user", "list", "--json")

    assert [json.loads(line)["username"] for line in listed.stdout.splitlines()] == names


def test_who_reads_the_first_lines_only_sees_no_error(elsewhere: Path) -> None:
    people(*(a_user(f"user{number:04}", display_name="x" * 64) for number in range(2_000)))
    command = shlex.join([sys.executable, "-m", "bootstrap", "user", "list", "--json"])
    environ = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT / "src")}

    done = subprocess.run(
        ["/bin/sh", "-c", f"{command} | head -n 1"],
        cwd=elsewhere,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )

    assert json.loads(done.stdout)["username"] == "user0000"
    assert done.stderr == ""
