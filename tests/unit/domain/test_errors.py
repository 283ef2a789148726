"""The tree of errors: programs may rely on the codes."""

from collections.abc import Iterator

import pytest

from domain import errors
from domain.errors import Category, DomainError, InvalidField, RateLimited

LEAVES = {
    "already_a_member": Category.CONFLICT,
    "key_reused": Category.CONFLICT,
    "last_owner": Category.CONFLICT,
    "message_not_found": Category.NOT_FOUND,
    "not_a_member": Category.FORBIDDEN,
    "not_by_token": Category.FORBIDDEN,
    "not_in_direct": Category.FORBIDDEN,
    "not_signed_in": Category.UNAUTHENTICATED,
    "not_yourself": Category.FORBIDDEN,
    "outranked": Category.FORBIDDEN,
    "overloaded": Category.UNAVAILABLE,
    "permission_denied": Category.FORBIDDEN,
    "rate_limited": Category.TOO_MANY_REQUESTS,
    "registration_closed": Category.FORBIDDEN,
    "room_name_taken": Category.CONFLICT,
    "room_not_found": Category.NOT_FOUND,
    "session_not_found": Category.NOT_FOUND,
    "site_needs_owner": Category.CONFLICT,
    "setup_link_required": Category.FORBIDDEN,
    "shutting_down": Category.UNAVAILABLE,
    "store_unavailable": Category.UNAVAILABLE,
    "token_not_found": Category.NOT_FOUND,
    "too_many_tokens": Category.CONFLICT,
    "unknown_command": Category.INVALID,
    "user_disabled": Category.CONFLICT,
    "user_not_found": Category.NOT_FOUND,
    "username_taken": Category.CONFLICT,
    "wrong_arguments": Category.INVALID,
    "wrong_credentials": Category.UNAUTHENTICATED,
}


def leaves(root: type[DomainError] = DomainError) -> Iterator[type[DomainError]]:
    below = root.__subclasses__()
    if not below and root.__module__ == errors.__name__:
        yield root
    for each in below:
        yield from leaves(each)


def test_every_leaf_has_a_code_of_its_own_in_its_category() -> None:
    coded = [leaf for leaf in leaves() if leaf is not InvalidField]

    assert sorted(leaf.code for leaf in coded) == sorted(LEAVES)
    assert {leaf.code: leaf.category for leaf in coded} == LEAVES


def test_every_category_is_one_branch() -> None:
    branches = [branch.category for branch in DomainError.__subclasses__()]

    assert sorted(branches) == sorted(Category)


def test_a_wrong_field_is_named_in_its_code() -> None:
    error = InvalidField("topic", "is longer than 250 characters")

    assert (error.field, error.code) == ("topic", "topic_invalid")
    assert str(error) == error.message == "topic: is longer than 250 characters"
    assert (
        InvalidField("password", "is short", code="password_too_short").code == "password_too_short"
    )


@pytest.mark.parametrize(("wait", "told"), [(0.2, 1), (1.4, 1), (59.6, 60)])
def test_who_is_too_fast_is_told_when(wait: float, told: int) -> None:
    error = RateLimited(wait)

    assert error.retry_after == wait
    assert f"{told} s" in error.message


def test_what_may_be_repeated_says_when() -> None:
    temporary = [leaf for leaf in leaves() if leaf.temporary]

    assert {leaf.code for leaf in temporary} == {
        "overloaded",
        "rate_limited",
        "shutting_down",
        "store_unavailable",
    }
    assert all(leaf.retry_after for leaf in temporary if leaf is not RateLimited)
