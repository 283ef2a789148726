"""`besedka user disable` and `besedka user enable`, with a store in a file."""

import pytest

from domain.errors import WrongCredentials
from tests.integration.cli.invoking import invoke, with_chat
from tests.kit import PASSWORD

pytestmark = pytest.mark.usefixtures("elsewhere")


@pytest.fixture(autouse=True)
def _alice_who_owns_and_bob(elsewhere: object) -> None:
    for name in ("alice", "bob"):
        invoke("user", "create", name)


def test_somebody_is_shut_out_and_let_in_again() -> None:
    with_chat(lambda chat: chat.sign_in(username="bob", password=PASSWORD))

    disabled = invoke("user", "disable", "Bob")
    with pytest.raises(WrongCredentials):
        with_chat(lambda chat: chat.sign_in(username="bob", password=PASSWORD))
    enabled = invoke("user", "enable", "bob")

    assert disabled.stdout == "bob is disabled. Sessions and tokens that ended: 1.\n"
    assert enabled.stdout == "bob can sign in.\n"
    assert (disabled.exit_code, enabled.exit_code) == (0, 0)
    with_chat(lambda chat: chat.sign_in(username="bob", password=PASSWORD))


def test_the_owner_is_refused_in_a_line_that_says_what_to_do() -> None:
    refused = invoke("user", "disable", "alice")

    assert refused.exit_code == 1
    expected = "Error: alice owns this server. Make somebody else its owner first.\n"
    assert refused.stderr == expected
    with_chat(lambda chat: chat.sign_in(username="alice", password=PASSWORD))


@pytest.mark.parametrize("command", ["disable", "enable"])
def test_somebody_who_has_no_account_is_one_line(command: str) -> None:
    refused = invoke("user", command, "carol")

    assert (refused.exit_code, refused.stderr) == (1, "Error: There is nobody called carol.\n")
