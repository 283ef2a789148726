"""Anybody may try a name and a password, some times a minute."""

import pytest

from domain.errors import RateLimited, WrongCredentials
from tests.kit import PASSWORD, memory_chat
from tests.unit.application.scene import Scene


@pytest.mark.parametrize("name", ["alice", "ALICE", "Alice"])
async def test_the_right_password_opens_a_session(scene: Scene, name: str) -> None:
    signed_in = await scene.chat.sign_in(username=name, password=PASSWORD, device="Firefox")

    assert signed_in.user.id == scene.alice.id
    assert signed_in.session.device == "Firefox"
    assert (await scene.chat.authenticate(signed_in.secret)).user.id == scene.alice.id


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("alice", "wrong password"),
        ("nobody", PASSWORD),
        ("alice", ""),
        ("", ""),
        ("alice\0", PASSWORD),
        ("alice\ud800", PASSWORD),
        ("alice", "\ud800"),
        ("alice", PASSWORD * 100_000),
        ("a" * 1_000_000, PASSWORD),
        ("a" + "\u0301\u0316" * 100_000, PASSWORD),
    ],
)
async def test_whatever_is_wrong_the_answer_is_the_same(
    scene: Scene, name: str, password: str
) -> None:
    with pytest.raises(WrongCredentials) as refusal:
        await scene.chat.sign_in(username=name, password=password)

    assert str(refusal.value) == "The name or the password is wrong."


@pytest.mark.parametrize("name", ["alice", "nobody"])
async def test_a_password_is_verified_whether_or_not_the_name_exists(
    scene: Scene, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hasher = scene.kit.container.hasher()
    verified: list[str | None] = []

    async def verify(password: str, against: str | None) -> bool:
        verified.append(against)
        return False

    monkeypatch.setattr(hasher, "verify", verify)
    with pytest.raises(WrongCredentials):
        await scene.chat.sign_in(username=name, password=PASSWORD)

    assert len(verified) == 1
    assert (verified[0] is None) == (name == "nobody")


async def test_a_disabled_account_cannot_sign_in(scene: Scene) -> None:
    async with scene.kit.container.store().unit() as unit:
        await unit.users.disable(scene.bob.id, scene.kit.clock.now())

    with pytest.raises(WrongCredentials):
        await scene.chat.sign_in(username="bob", password=PASSWORD)


async def test_each_sign_in_has_a_secret_of_its_own_and_none_is_stored(scene: Scene) -> None:
    one = await scene.chat.sign_in(username="alice", password=PASSWORD)
    other = await scene.chat.sign_in(username="alice", password=PASSWORD)

    sessions = await scene.chat.list_sessions(scene.alice)

    assert one.secret != other.secret
    assert {one.secret, other.secret}.isdisjoint(session.digest for session in sessions)
    assert all(len(session.digest) == 64 for session in sessions)


async def test_guessing_slows_the_guesser_down_and_keeps_nobody_else_out() -> None:
    async with memory_chat(
        limits={"sign_ins_per_minute": 3, "sign_ins_per_minute_and_address": 0}
    ) as kit:
        await kit.person("alice")
        await kit.person("bob")
        for _ in range(3):
            with pytest.raises(WrongCredentials):
                await kit.chat.sign_in(username="alice", password="guess", address="192.0.2.1")

        with pytest.raises(RateLimited):
            await kit.chat.sign_in(username="ALICE", password=PASSWORD, address="192.0.2.1")

        await kit.chat.sign_in(username="alice", password=PASSWORD, address="192.0.2.2")
        await kit.chat.sign_in(username="bob", password=PASSWORD, address="192.0.2.1")
        await kit.clock.advance(20)  # Never a lock-out: a try is free again in a while.
        await kit.chat.sign_in(username="alice", password=PASSWORD, address="192.0.2.1")


async def test_guessing_at_one_account_from_many_addresses_slows_down_too() -> None:
    async with memory_chat(
        limits={"sign_ins_per_minute": 3, "sign_ins_per_minute_and_address": 0}
    ) as kit:
        await kit.person("alice")
        for number in range(30):
            with pytest.raises(WrongCredentials):
                await kit.chat.sign_in(
                    username="alice", password="guess", address=f"192.0.2.{number}"
                )

        with pytest.raises(RateLimited):
            await kit.chat.sign_in(username="alice", password=PASSWORD, address="192.0.2.99")


async def test_the_old_password_is_worth_nothing_once_the_new_one_is_set() -> None:
    """Not even to somebody whose sign-in was being checked at that moment."""
    async with memory_chat() as kit:
        alice = await kit.person("alice")
        hasher = kit.container.hasher()
        verify = hasher.verify

        async def verify_slowly(password: str, against: str | None) -> bool:
            matches = await verify(password, against)
            async with kit.container.store().unit() as unit:
                await unit.users.set_password_hash(alice.id, "another hash")
            return matches

        hasher.verify = verify_slowly
        with pytest.raises(WrongCredentials):
            await kit.chat.sign_in(username="alice", password=PASSWORD)

        assert await kit.chat.list_sessions(alice) == []


async def test_an_address_that_tries_many_accounts_is_slowed_down() -> None:
    async with memory_chat(
        limits={"sign_ins_per_minute": 0, "sign_ins_per_minute_and_address": 2}
    ) as kit:
        await kit.person("alice")
        for name in ("one", "two"):
            with pytest.raises(WrongCredentials):
                await kit.chat.sign_in(username=name, password=PASSWORD, address="192.0.2.1")

        with pytest.raises(RateLimited):
            await kit.chat.sign_in(username="alice", password=PASSWORD, address="192.0.2.1")

        await kit.chat.sign_in(username="alice", password=PASSWORD, address="192.0.2.2")
