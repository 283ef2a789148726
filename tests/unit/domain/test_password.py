"""A password is long, and not one of those that everybody tries first."""

import time

import pytest

from domain.errors import InvalidField
from domain.password import checked_password, normal_password


@pytest.mark.parametrize(
    "password", ["garden12", "x y z w v", "пароль для сада", "🌳🌲🌴🌵🌷🌹🌺🌻", "ab" * 64]
)
def test_a_long_password_is_taken(password: str) -> None:
    assert checked_password(password, username="alice") == password


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("", "password_too_short"),
        ("1234567", "password_too_short"),
        ("ab" * 64 + "c", "password_too_long"),
        ("password", "password_too_common"),
        ("PassWord123", "password_too_common"),
        ("йцукен123", "password_too_common"),
        ("aaaaaaaaaaaa", "password_too_common"),
        ("Alice.Liddell", "password_too_common"),
        ("password\ud800", "password_invalid"),
    ],
)
def test_another_password_is_refused_by_a_code_of_its_own(password: str, code: str) -> None:
    with pytest.raises(InvalidField) as refusal:
        checked_password(password, username="alice.liddell")

    assert (refusal.value.field, refusal.value.code) == ("password", code)


def test_a_mebibyte_of_password_is_refused_at_once() -> None:
    started = time.perf_counter()
    with pytest.raises(InvalidField):
        checked_password("é" * 2**20)

    assert time.perf_counter() - started < 0.05


def test_one_password_has_one_form_whatever_the_keyboard_sent() -> None:
    assert normal_password("e\u0301cole ﬁn") == normal_password("école fin")


def test_a_reason_does_not_repeat_the_password() -> None:
    with pytest.raises(InvalidField) as refusal:
        checked_password("football")

    assert "football" not in str(refusal.value)
