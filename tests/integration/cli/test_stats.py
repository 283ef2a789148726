"""`besedka stats`, with a store in a file."""

import json
from pathlib import Path

import pytest

from tests.integration.cli.invoking import invoke, with_chat
from tests.kit import PASSWORD

pytestmark = pytest.mark.usefixtures("elsewhere")


def counted() -> dict[str, object]:
    stats = invoke("stats", "--json")
    assert (stats.exit_code, stats.stderr) == (0, "")
    found: dict[str, object] = json.loads(stats.stdout)
    return found


def test_for_programs_it_is_one_object(elsewhere: Path) -> None:
    for name in ("alice", "bob"):
        invoke("user", "create", name)
    alice = with_chat(lambda chat: chat.sign_in(username="alice", password=PASSWORD)).user
    before = counted()

    with_chat(lambda chat: chat.open_direct(alice, usernames=["bob"]))
    after = counted()

    assert before["rooms"] == {"public": 1, "private": 0, "direct": 0}
    assert after["rooms"] == {"public": 1, "private": 0, "direct": 1}
    assert (after["people"], after["sessions"]) == (2, 1)
    # Both are told to have joined it.
    assert after["messages"] == int(str(before["messages"])) + 2
    size = (elsewhere / "var" / "besedka.db").stat().st_size
    assert size <= int(str(after["size"])) <= size + 2**20


def test_for_people_it_is_a_line_each() -> None:
    invoke("user", "create", "alice")

    stats = invoke("stats")

    names = ["people", "public rooms", "private rooms", "direct rooms", "messages", "sessions"]
    lines = stats.stdout.splitlines()
    assert [line[:14].strip() for line in lines] == [*names, "size"]
    assert [line[14:].split()[0] for line in lines[:4]] == ["1", "1", "0", "0"]
    assert lines[-1].endswith(" MiB")


def test_a_database_that_is_not_there_is_not_made(elsewhere: Path) -> None:
    refused = invoke("stats", "--database-url", "sqlite:///nowhere.db")

    assert refused.exit_code == 1
    assert not (elsewhere / "nowhere.db").exists()
