"""A session ends when it was idle for too long, and at its end in any case."""

from datetime import timedelta

import pytest

from tests.cast import a_session, a_token, alice, at

IDLE = timedelta(seconds=600)


@pytest.mark.parametrize(
    ("now", "over"), [(0, False), (599.999, False), (600, True), (601, True), (4000, True)]
)
def test_an_idle_session_is_over(now: float, *, over: bool) -> None:
    session = a_session(alice())

    assert session.is_over(at(now), idle=IDLE) is over


@pytest.mark.parametrize(("now", "over"), [(3599.999, False), (3600, True)])
def test_an_old_session_is_over_however_busy(now: float, *, over: bool) -> None:
    session = a_session(alice()).seen(at(now - 1))

    assert session.is_over(at(now), idle=IDLE) is over


@pytest.mark.parametrize(("expires_at", "over"), [(None, False), (3600, True), (3601, False)])
def test_a_token_ends_when_it_expires_however_idle(expires_at: float | None, *, over: bool) -> None:
    token = a_token(alice(), expires_at=None if expires_at is None else at(expires_at))

    assert token.is_over(at(3600), idle=IDLE) is over


def test_what_has_a_name_is_a_token() -> None:
    assert a_token(alice()).is_token
    assert not a_session(alice()).is_token


def test_being_seen_changes_nothing_else() -> None:
    session = a_session(alice())

    seen = session.seen(at(9))

    assert seen == a_session(alice(), seen_at=at(9))
    assert session.seen_at == at(0)
