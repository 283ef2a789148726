"""Who knows the old password gets a new one, and all other devices are signed out."""

import pytest

from domain.errors import InvalidField, NotSignedIn, RateLimited, WrongCredentials
from domain.events import SessionsEnded
from tests.kit import PASSWORD, memory_chat
from tests.unit.application.scene import Scene

NEW = "an orchard with a bench"


async def test_the_new_password_counts_and_the_old_does_not(scene: Scene) -> None:
    here = await scene.chat.open_session(scene.alice)

    await scene.chat.change_password(
        scene.alice, current=PASSWORD, new=NEW, session_id=here.session.id
    )

    await scene.chat.sign_in(username="alice", password=NEW)
    with pytest.raises(WrongCredentials):
        await scene.chat.sign_in(username="alice", password=PASSWORD)


async def test_other_sessions_end_and_this_one_stays(scene: Scene) -> None:
    here = await scene.chat.open_session(scene.alice)
    elsewhere = await scene.chat.open_session(scene.alice)

    await scene.chat.change_password(
        scene.alice, current=PASSWORD, new=NEW, session_id=here.session.id
    )

    assert scene.told(SessionsEnded) == [SessionsEnded(scene.alice.id, (elsewhere.session.id,))]
    await scene.chat.authenticate(here.secret)
    with pytest.raises(NotSignedIn):
        await scene.chat.authenticate(elsewhere.secret)


@pytest.mark.parametrize(
    ("current", "new", "error"),
    [
        ("wrong password", NEW, WrongCredentials),
        (PASSWORD * 1000, NEW, WrongCredentials),
        (PASSWORD, "short", InvalidField),
        (PASSWORD, "password123", InvalidField),
        (PASSWORD, "x" * 2**20, InvalidField),
        ("\ud800", NEW, InvalidField),
    ],
)
async def test_nothing_changes_without_the_old_one_or_a_good_new_one(
    scene: Scene, current: str, new: str, error: type[Exception]
) -> None:
    here = await scene.chat.open_session(scene.alice)
    elsewhere = await scene.chat.open_session(scene.alice)

    with pytest.raises(error):
        await scene.chat.change_password(
            scene.alice, current=current, new=new, session_id=here.session.id
        )

    await scene.chat.sign_in(username="alice", password=PASSWORD)
    await scene.chat.authenticate(elsewhere.secret)


async def test_guessing_the_old_password_is_slowed_down() -> None:
    async with memory_chat(limits={"sign_ins_per_minute": 2}) as kit:
        alice = await kit.person("alice")
        here = await kit.chat.open_session(alice)

        async def guess(current: str) -> None:
            await kit.chat.change_password(
                alice, current=current, new=NEW, session_id=here.session.id
            )

        for _ in range(2):
            with pytest.raises(WrongCredentials):
                await guess("a wrong one")
        with pytest.raises(RateLimited):
            await guess(PASSWORD)
