"""Sessions: how they open, what keeps them, how they end."""

import asyncio
import re
from datetime import timedelta

import pytest

from adapters.system.random_ids import RandomIds
from adapters.system.system_clock import SystemClock
from application.use_cases.open_session import SignedIn
from domain.errors import NotSignedIn, SessionNotFound
from domain.events import SessionsEnded
from domain.ids import SessionId
from domain.session import Session
from tests.cast import an_id
from tests.unit.application.scene import Scene

DAY = 86_400.0


async def signed_in(scene: Scene, device: str = "Firefox") -> SignedIn:
    return await scene.chat.open_session(scene.alice, device=device)


async def test_a_session_tells_who_asks(scene: Scene) -> None:
    opened = await signed_in(scene)

    identity = await scene.chat.authenticate(opened.secret)

    assert identity.user == scene.alice
    assert identity.session == opened.session


@pytest.mark.parametrize("secret", ["", "secret-0", "\0", "\ud800", "x" * 100_000])
async def test_another_secret_tells_nobody(scene: Scene, secret: str) -> None:
    await signed_in(scene)

    with pytest.raises(NotSignedIn):
        await scene.chat.authenticate(secret)


async def test_the_digest_is_not_the_secret(scene: Scene) -> None:
    opened = await signed_in(scene)

    with pytest.raises(NotSignedIn):
        await scene.chat.authenticate(opened.session.digest)


def test_secrets_have_256_random_bits() -> None:
    ids = RandomIds(SystemClock())

    secrets = {ids.new_secret() for _ in range(100)}

    assert len(secrets) == 100
    assert all(re.fullmatch(r"[\w-]{43}", secret) for secret in secrets)


async def test_a_session_that_idles_is_over(scene: Scene) -> None:
    opened = await signed_in(scene)

    await scene.kit.clock.advance(30 * DAY - 1)
    await scene.chat.authenticate(opened.secret)
    await scene.kit.clock.advance(30 * DAY)

    with pytest.raises(NotSignedIn):
        await scene.chat.authenticate(opened.secret)
    assert await scene.chat.list_sessions(scene.alice) == []


async def test_a_busy_session_is_over_at_its_end(scene: Scene) -> None:
    opened = await signed_in(scene)

    for _ in range(9):
        await scene.kit.clock.advance(19.9 * DAY)
        await scene.chat.authenticate(opened.secret)
    await scene.kit.clock.advance(1 * DAY)

    with pytest.raises(NotSignedIn):
        await scene.chat.authenticate(opened.secret)


async def test_being_seen_is_written_once_a_minute(scene: Scene) -> None:
    opened = await signed_in(scene)
    seen = []

    for _ in range(5):
        await scene.kit.clock.advance(25)
        seen.append((await scene.chat.authenticate(opened.secret)).session.seen_at)

    start = opened.session.created_at
    seconds = [0, 0, 75, 75, 75]
    assert seen == [start + timedelta(seconds=second) for second in seconds]


async def test_being_seen_by_those_who_stay_is_written_every_ten_minutes(scene: Scene) -> None:
    opened = await signed_in(scene)
    seen = []

    for _ in range(5):
        await scene.kit.clock.advance(250)
        identity = await scene.chat.authenticate(opened.secret, stays=True)
        seen.append((identity.session.seen_at - opened.session.created_at).total_seconds())

    assert seen == [0, 0, 750, 750, 750]


async def test_sessions_that_are_over_are_found_again(scene: Scene) -> None:
    """As gateways ask for the sockets that stay open."""
    ended, kept = await signed_in(scene), await signed_in(scene)
    await scene.chat.end_sessions(scene.alice, session_id=ended.session.id)
    asked = [ended.session.id, kept.session.id, SessionId(an_id("unknown"))]

    signed_in_still = await scene.chat.authenticate.recheck(asked)

    assert signed_in_still == {kept.session.id: scene.alice}
    assert await scene.chat.authenticate.recheck([]) == {}


async def test_being_asked_for_again_keeps_a_session_from_idling(scene: Scene) -> None:
    there, away = await signed_in(scene), await signed_in(scene)

    for _ in range(4):
        await scene.kit.clock.advance(10 * DAY)
        assert list(await scene.chat.authenticate.recheck([there.session.id])) == [there.session.id]

    both = [there.session.id, away.session.id]
    assert list(await scene.chat.authenticate.recheck(both)) == [there.session.id]


async def test_a_session_expires_however_often_it_is_asked_for(scene: Scene) -> None:
    opened = await signed_in(scene)

    for _ in range(18):
        assert list(await scene.chat.authenticate.recheck([opened.session.id])) == [
            opened.session.id
        ]
        await scene.kit.clock.advance(10 * DAY)

    assert await scene.chat.authenticate.recheck([opened.session.id]) == {}


async def test_being_asked_for_again_is_written_every_ten_minutes(scene: Scene) -> None:
    opened = await signed_in(scene)
    seen = []

    for _ in range(5):
        await scene.kit.clock.advance(250)
        await scene.chat.authenticate.recheck([opened.session.id])
        (session,) = await scene.chat.list_sessions(scene.alice)
        seen.append((session.seen_at - session.created_at).total_seconds())

    assert seen == [0, 0, 750, 750, 750]


async def test_sessions_of_disabled_accounts_are_over(scene: Scene) -> None:
    opened = await signed_in(scene)

    async with scene.kit.container.store().unit() as unit:
        await unit.users.disable(scene.alice.id, scene.kit.clock.now())

    assert await scene.chat.authenticate.recheck([opened.session.id]) == {}


async def test_a_disabled_account_is_signed_out_at_once(scene: Scene) -> None:
    opened = await signed_in(scene)

    async with scene.kit.container.store().unit() as unit:
        await unit.users.disable(scene.alice.id, scene.kit.clock.now())

    with pytest.raises(NotSignedIn):
        await scene.chat.authenticate(opened.secret)


async def test_a_session_of_a_lost_account_is_nobody(scene: Scene) -> None:
    opened = await signed_in(scene)
    scene.kit.container.store().tables.users.pop(scene.alice.id)

    with pytest.raises(NotSignedIn):
        await scene.chat.authenticate(opened.secret)


async def test_a_crowd_is_let_in_together_each_by_their_own_session(scene: Scene) -> None:
    people = [scene.alice, scene.bob, scene.mallory] * 5
    opened = [await scene.chat.open_session(user, device="Firefox") for user in people]
    gone = opened.pop()
    await scene.chat.end_sessions(scene.mallory, session_id=gone.session.id)

    secrets = [*(each.secret for each in opened), gone.secret, "a secret of nobody's"]
    found = await asyncio.gather(*map(scene.chat.authenticate, secrets), return_exceptions=True)

    assert [(each.user.id, each.session.id) for each in found[:-2]] == [
        (each.session.user_id, each.session.id) for each in opened
    ]
    assert [type(each) for each in found[-2:]] == [NotSignedIn, NotSignedIn]


async def test_people_see_their_own_devices_the_latest_first(scene: Scene) -> None:
    phone = await signed_in(scene, "phone")
    await scene.kit.clock.advance(60)
    await signed_in(scene, "laptop")
    await scene.chat.open_session(scene.bob, device="bob's")
    await scene.kit.clock.advance(60)

    await scene.chat.authenticate(phone.secret)

    devices = [session.device for session in await scene.chat.list_sessions(scene.alice)]
    assert devices == ["phone", "laptop"]


async def test_a_device_has_a_short_name(scene: Scene) -> None:
    opened = await signed_in(scene, "x" * 10_000)

    assert opened.session.device == "x" * 200


async def test_signing_out_ends_the_session_and_tells_its_sockets(scene: Scene) -> None:
    opened = await signed_in(scene)

    await scene.chat.end_sessions(scene.alice, session_id=opened.session.id)

    assert scene.kit.events == [SessionsEnded(scene.alice.id, (opened.session.id,))]
    with pytest.raises(NotSignedIn):
        await scene.chat.authenticate(opened.secret)


async def test_a_foreign_session_looks_like_none(scene: Scene) -> None:
    opened = await signed_in(scene)

    for session_id in (opened.session.id, SessionId("unknown")):
        with pytest.raises(SessionNotFound):
            await scene.chat.end_sessions(scene.mallory, session_id=session_id)

    assert scene.kit.events == []
    await scene.chat.authenticate(opened.secret)


async def test_a_session_ends_once(scene: Scene) -> None:
    opened = await signed_in(scene)
    await scene.chat.end_sessions(scene.alice, session_id=opened.session.id)

    with pytest.raises(SessionNotFound):
        await scene.chat.end_sessions(scene.alice, session_id=opened.session.id)


async def test_all_other_devices_can_be_signed_out(scene: Scene) -> None:
    opened = [await signed_in(scene, device) for device in ("one", "two", "three")]
    kept: Session = opened[1].session
    bobs = await scene.chat.open_session(scene.bob)

    count = await scene.chat.end_sessions.all_but(scene.alice, kept=kept.id)

    assert count == 2
    assert await scene.chat.list_sessions(scene.alice) == [kept]
    await scene.chat.authenticate(bobs.secret)
    (event,) = scene.told(SessionsEnded)
    assert set(event.session_ids) == {opened[0].session.id, opened[2].session.id}


async def test_where_there_is_no_other_device_nobody_is_told(scene: Scene) -> None:
    opened = await signed_in(scene)

    assert await scene.chat.end_sessions.all_but(scene.alice, kept=opened.session.id) == 0
    assert scene.kit.events == []
