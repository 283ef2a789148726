"""Accounts: what others see of them, and what they may be called."""

from dataclasses import fields

import pytest

from domain.errors import InvalidField
from domain.user import SiteRole, User, checked_display_name, checked_email
from tests.cast import a_user, at


def test_others_see_a_name_and_how_it_is_shown() -> None:
    person = a_user("bob", display_name="Bob the Gardener").person

    assert (person.username, person.display_name) == ("bob", "Bob the Gardener")


def test_an_account_carries_no_password() -> None:
    assert not [
        field.name for field in fields(User) if "pass" in field.name or "hash" in field.name
    ]


def test_the_owner_of_the_site_and_a_disabled_account_know_it() -> None:
    assert a_user("alice", site_role=SiteRole.OWNER).is_site_owner
    assert not a_user("bob").is_site_owner
    assert a_user("bob", disabled_at=at(1)).is_disabled
    assert not a_user("bob").is_disabled


def test_people_call_themselves_what_they_like() -> None:
    bob = a_user("bob")

    bob.call_themselves("  Bob 🌳  ")

    assert bob.display_name == "Bob 🌳"


@pytest.mark.parametrize("name", ["", "  ", "\u200b", "x" * 65, "a\nb", "evil\u202egnp.exe"])
def test_but_it_is_one_visible_line(name: str) -> None:
    with pytest.raises(InvalidField) as refusal:
        checked_display_name(name)

    assert refusal.value.field == "display_name"


@pytest.mark.parametrize("email", ["a@b.c", "alice.liddell+chat@mail.example.org", "юзер@почта.рф"])
def test_an_address_that_could_be_one_is_taken(email: str) -> None:
    assert checked_email(f" {email} ") == email


def test_no_address_is_none() -> None:
    assert checked_email("  ") is None


@pytest.mark.parametrize(
    "email",
    ["alice", "a@b", "@b.c", "a@@b.c", "a b@c.d", "a@b..c", "a@b.c\n.d", "a@" + "b" * 260 + ".c"],
)
def test_what_cannot_be_an_address_is_refused(email: str) -> None:
    with pytest.raises(InvalidField) as refusal:
        checked_email(email)

    assert refusal.value.code == "email_invalid"
