"""`besedka user owner`, with a store in a file."""

import json

import pytest

from tests.integration.cli.invoking import invoke

pytestmark = pytest.mark.usefixtures("elsewhere")


@pytest.fixture(autouse=True)
def _alice_who_owns_and_bob(elsewhere: object) -> None:
    for name in ("alice", "bob"):
        invoke("user", "create", name)


def owners() -> list[str]:
    listed = map(json.loads, invoke("user", "list", "--json").stdout.splitlines())
    return [user["username"] for user in listed if user["role"] == "owner"]


def test_the_server_has_another_owner() -> None:
    passed = invoke("user", "owner", "Bob")

    assert (passed.exit_code, passed.stdout) == (0, "bob owns this server now.\n")
    assert owners() == ["bob"]


def test_somebody_disabled_is_refused_in_a_line() -> None:
    invoke("user", "disable", "bob")

    refused = invoke("user", "owner", "bob")

    assert (refused.exit_code, refused.stderr) == (1, "Error: The account of bob is disabled.\n")
    assert owners() == ["alice"]


def test_somebody_who_has_no_account_is_one_line() -> None:
    refused = invoke("user", "owner", "carol")

    assert (refused.exit_code, refused.stderr) == (1, "Error: There is nobody called carol.\n")
