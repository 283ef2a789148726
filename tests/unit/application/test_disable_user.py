"""The operator shuts somebody out, and lets them in again."""

from datetime import timedelta

import pytest

from domain.errors import (
    InvalidField,
    NotSignedIn,
    SiteNeedsOwner,
    UserDisabled,
    UserNotFound,
    WrongCredentials,
)
from domain.events import SessionsEnded
from domain.permissions import Role
from tests.kit import PASSWORD
from tests.unit.application.scene import Scene


async def test_all_sessions_and_tokens_of_that_person_end_and_nobody_elses(scene: Scene) -> None:
    one, other = [await scene.chat.open_session(scene.bob) for _ in range(2)]
    token = await scene.chat.create_token(scene.bob, session_id=one.session.id, name="robot")
    alices = await scene.chat.open_session(scene.alice)

    disabled = await scene.chat.disable_user(username="BOB")

    assert (disabled.user.disabled_at, disabled.ended) == (scene.kit.clock.now(), 3)
    for secret in (one.secret, other.secret, token.secret):
        with pytest.raises(NotSignedIn):
            await scene.chat.authenticate(secret)
    await scene.chat.authenticate(alices.secret)
    (told,) = scene.told(SessionsEnded)
    ids = {one.session.id, other.session.id, token.token.id}
    assert (told.user_id, set(told.session_ids)) == (scene.bob.id, ids)


async def test_they_cannot_sign_in_until_they_are_enabled(scene: Scene) -> None:
    before = await scene.chat.open_session(scene.bob)
    await scene.chat.disable_user(username="bob")
    with pytest.raises(WrongCredentials):
        await scene.chat.sign_in(username="bob", password=PASSWORD)

    enabled = await scene.chat.enable_user(username="Bob")

    assert not enabled.is_disabled
    await scene.chat.sign_in(username="bob", password=PASSWORD)
    with pytest.raises(NotSignedIn):  # What has ended has ended.
        await scene.chat.authenticate(before.secret)


async def test_a_sign_in_that_is_under_way_comes_to_nothing_even_after_enabling(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    hasher = scene.kit.container.hasher()
    verify = hasher.verify

    async def verify_slowly(password: str, against: str | None) -> bool:
        matches = await verify(password, against)
        await scene.chat.disable_user(username="bob")
        return matches

    monkeypatch.setattr(hasher, "verify", verify_slowly)
    with pytest.raises(WrongCredentials):
        await scene.chat.sign_in(username="bob", password=PASSWORD)

    await scene.chat.enable_user(username="bob")
    assert await scene.chat.list_sessions(scene.bob) == []


async def test_disabled_again_they_are_so_since_the_first_time(scene: Scene) -> None:
    since = (await scene.chat.disable_user(username="bob")).user.disabled_at
    await scene.kit.clock.advance(timedelta(days=1).total_seconds())

    again = await scene.chat.disable_user(username="bob")

    assert (again.user.disabled_at, again.ended) == (since, 0)


async def test_the_owner_of_the_site_is_not_disabled_and_stays_signed_in(scene: Scene) -> None:
    opened = await scene.chat.open_session(scene.zoe)

    with pytest.raises(SiteNeedsOwner):
        await scene.chat.disable_user(username="zoe")

    await scene.chat.authenticate(opened.secret)


@pytest.mark.parametrize(("name", "error"), [("nobody", UserNotFound), ("1st", InvalidField)])
async def test_nobody_else_is_disabled_or_enabled(
    scene: Scene, name: str, error: type[Exception]
) -> None:
    for use_case in (scene.chat.disable_user, scene.chat.enable_user):
        with pytest.raises(error):
            await use_case(username=name)


async def test_what_they_said_and_where_they_are_stays(scene: Scene) -> None:
    await scene.say(scene.bob, "I was here")

    await scene.chat.disable_user(username="bob")

    page = await scene.chat.page_messages(scene.alice, room_id=scene.garden)
    members = await scene.chat.list_members(scene.alice, room_id=scene.garden)
    assert page.messages[-1].author == scene.bob.person
    assert scene.bob.person in [member.person for member in members]


async def test_nobody_writes_to_them_alone(scene: Scene) -> None:
    two = await scene.chat.open_direct(scene.alice, usernames=["bob"])
    three = await scene.chat.open_direct(scene.alice, usernames=["bob", "mallory"])
    await scene.post(scene.alice, "before", room_id=two.room.id)
    await scene.chat.disable_user(username="bob")

    with pytest.raises(UserDisabled) as refusal:
        await scene.say(scene.alice, room_id=two.room.id)
    with pytest.raises(UserDisabled):
        await scene.chat.open_direct(scene.alice, usernames=["bob"])

    assert refusal.value.message == "The account of bob is disabled."
    repeated = await scene.post(scene.alice, "before", room_id=two.room.id)
    assert repeated.duplicate
    await scene.say(scene.alice, room_id=three.room.id)  # mallory reads it.
    await scene.chat.page_messages(scene.alice, room_id=two.room.id)


async def test_who_is_enabled_is_written_to_again_and_notes_to_oneself_always(
    scene: Scene,
) -> None:
    direct = await scene.chat.open_direct(scene.alice, usernames=["bob"])
    oneself = await scene.chat.open_direct(scene.alice, usernames=["alice"])
    await scene.chat.disable_user(username="bob")
    await scene.say(scene.alice, room_id=oneself.room.id)
    await scene.chat.enable_user(username="bob")

    seq = await scene.say(scene.alice, room_id=direct.room.id)

    assert (await scene.log(direct.room.id))[-1].seq == seq


async def test_a_room_is_not_left_to_somebody_who_cannot_come(scene: Scene) -> None:
    await scene.chat.invite_member(scene.alice, room_id=scene.garden, username="mallory")
    await scene.chat.change_role(
        scene.alice, room_id=scene.garden, username="bob", role="moderator"
    )
    await scene.chat.disable_user(username="bob")

    await scene.chat.leave_room(scene.alice, room_id=scene.garden)

    assert await scene.role(scene.mallory) is Role.OWNER
    assert await scene.role(scene.bob) is Role.MODERATOR
