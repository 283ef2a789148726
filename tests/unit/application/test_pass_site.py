"""The operator makes somebody the owner of the site."""

import pytest

from domain.errors import InvalidField, PermissionDenied, UserDisabled, UserNotFound
from tests.unit.application.scene import Scene


async def test_the_new_owner_can_put_rooms_in_order_and_the_former_cannot(scene: Scene) -> None:
    await scene.chat.invite_member(scene.alice, room_id=scene.garden, username="zoe")

    bob = await scene.chat.pass_site(username="BOB")

    zoe = (await scene.chat.authenticate((await scene.chat.open_session(scene.zoe)).secret)).user
    assert (bob.is_site_owner, zoe.is_site_owner) == (True, False)
    await scene.chat.set_topic(bob, room_id=scene.garden, topic="trees")
    with pytest.raises(PermissionDenied):
        await scene.chat.set_topic(zoe, room_id=scene.garden, topic="weeds")


async def test_the_former_owner_can_be_disabled_then(scene: Scene) -> None:
    await scene.chat.pass_site(username="alice")

    disabled = await scene.chat.disable_user(username="zoe")

    assert disabled.user.is_disabled


async def test_a_disabled_account_does_not_own_the_site(scene: Scene) -> None:
    await scene.chat.disable_user(username="bob")

    with pytest.raises(UserDisabled):
        await scene.chat.pass_site(username="bob")

    listed = await scene.chat.list_users()
    assert [user.username.value for user in listed if user.is_site_owner] == ["zoe"]


@pytest.mark.parametrize(("name", "error"), [("nobody", UserNotFound), ("1st", InvalidField)])
async def test_nobody_else_is_made_the_owner(
    scene: Scene, name: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        await scene.chat.pass_site(username=name)


async def test_who_stays_connected_is_known_by_the_role_that_they_have_now(scene: Scene) -> None:
    opened = await scene.chat.open_session(scene.bob)
    await scene.chat.pass_site(username="bob")

    signed_in = await scene.chat.authenticate.recheck([opened.session.id])

    assert signed_in[opened.session.id].is_site_owner
