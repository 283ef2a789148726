"""The operator gives somebody a new password."""

import pytest

from domain.errors import InvalidField, NotSignedIn, UserNotFound, WrongCredentials
from domain.events import SessionsEnded
from tests.kit import PASSWORD
from tests.unit.application.scene import Scene

NEW = "an orchard with a bench"


async def test_the_new_password_counts_and_the_old_does_not(scene: Scene) -> None:
    reset = await scene.chat.reset_password(username="ALICE", password=NEW)

    assert (reset.user.id, reset.ended) == (scene.alice.id, 0)
    await scene.chat.sign_in(username="alice", password=NEW)
    with pytest.raises(WrongCredentials):
        await scene.chat.sign_in(username="alice", password=PASSWORD)


async def test_all_sessions_and_tokens_of_that_person_end_and_nobody_elses(scene: Scene) -> None:
    one, other = [await scene.chat.open_session(scene.alice) for _ in range(2)]
    token = await scene.chat.create_token(scene.alice, session_id=one.session.id, name="robot")
    bobs = await scene.chat.open_session(scene.bob)

    reset = await scene.chat.reset_password(username="alice", password=NEW)

    assert reset.ended == 3
    for secret in (one.secret, other.secret, token.secret):
        with pytest.raises(NotSignedIn):
            await scene.chat.authenticate(secret)
    await scene.chat.authenticate(bobs.secret)
    (told,) = scene.told(SessionsEnded)
    assert (told.user_id, set(told.session_ids)) == (
        scene.alice.id,
        {one.session.id, other.session.id, token.token.id},
    )


@pytest.mark.parametrize(
    ("username", "password", "error"),
    [
        ("nobody", NEW, UserNotFound),
        ("1st", NEW, InvalidField),
        ("alice", "short", InvalidField),
        ("alice", "ALICE", InvalidField),
    ],
)
async def test_nothing_changes_without_an_account_or_a_good_password(
    scene: Scene, username: str, password: str, error: type[Exception]
) -> None:
    opened = await scene.chat.open_session(scene.alice)

    with pytest.raises(error):
        await scene.chat.reset_password(username=username, password=password)

    await scene.chat.authenticate(opened.secret)
    await scene.chat.sign_in(username="alice", password=PASSWORD)


async def test_who_changes_the_old_password_meanwhile_does_not_have_the_last_word(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A thief who knows the old one, and sees what the operator is about."""
    thief = await scene.chat.open_session(scene.alice)
    hasher = scene.kit.container.hasher()
    verify = hasher.verify

    async def verify_slowly(password: str, against: str | None) -> bool:
        matches = await verify(password, against)
        monkeypatch.setattr(hasher, "verify", verify)
        await scene.chat.reset_password(username="alice", password=NEW)
        return matches

    monkeypatch.setattr(hasher, "verify", verify_slowly)
    with pytest.raises(WrongCredentials):
        await scene.chat.change_password(
            scene.alice,
            current=PASSWORD,
            new="the password of a thief",
            session_id=thief.session.id,
        )

    await scene.chat.sign_in(username="alice", password=NEW)
