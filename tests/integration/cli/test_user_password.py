"""`besedka user password`, with a store in a file."""

import pytest

from domain.errors import WrongCredentials
from tests.integration.cli.invoking import invoke, with_chat
from tests.kit import PASSWORD

NEW = "an orchard with a bench"

pytestmark = pytest.mark.usefixtures("elsewhere")


def test_the_new_password_is_the_one_that_was_typed() -> None:
    invoke("user", "create", "alice")
    with_chat(lambda chat: chat.sign_in(username="alice", password=PASSWORD))

    done = invoke("user", "password", "Alice", typed=f"{NEW}\n")

    assert done.stdout == "alice has a new password. Sessions and tokens that ended: 1.\n"
    assert done.exit_code == 0
    with_chat(lambda chat: chat.sign_in(username="alice", password=NEW))
    with pytest.raises(WrongCredentials):
        with_chat(lambda chat: chat.sign_in(username="alice", password=PASSWORD))


def test_a_password_that_nobody_can_have_is_one_line_and_changes_nothing() -> None:
    invoke("user", "create", "alice")

    refused = invoke("user", "password", "alice", typed="short\n")

    assert refused.exit_code == 2
    assert refused.stderr == "Error: password: must have at least 8 characters\n"
    with_chat(lambda chat: chat.sign_in(username="alice", password=PASSWORD))


def test_somebody_who_has_no_account_is_one_line() -> None:
    refused = invoke("user", "password", "bob")

    assert refused.exit_code == 1
    assert refused.stderr == "Error: There is nobody called bob.\n"
