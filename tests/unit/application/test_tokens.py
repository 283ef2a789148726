"""Tokens: what people make for their programs, what they survive, how they end."""

import asyncio
from datetime import timedelta

import pytest

from application.use_cases.create_token import NewToken
from domain.errors import (
    InvalidField,
    NotByToken,
    NotSignedIn,
    SessionNotFound,
    TokenNotFound,
    TooManyTokens,
)
from domain.events import SessionsEnded
from domain.ids import SessionId
from domain.session import MOST_TOKENS
from domain.user import User
from tests.cast import an_id
from tests.kit import PASSWORD
from tests.unit.application.scene import Scene

DAY = 86_400.0


async def a_new_token(
    scene: Scene, name: str = "backup", days: int | None = None, *, of: User | None = None
) -> NewToken:
    owner = of or scene.alice
    signed_in = await scene.chat.open_session(owner)
    return await scene.chat.create_token(
        owner, session_id=signed_in.session.id, name=name, expires_in_days=days
    )


async def test_a_token_tells_who_asks(scene: Scene) -> None:
    made = await a_new_token(scene)

    identity = await scene.chat.authenticate(made.secret)

    assert identity.user == scene.alice
    assert identity.session == made.token
    assert made.secret not in str(made.token)


async def test_a_token_does_not_do_what_takes_a_person(scene: Scene) -> None:
    made, signed_in = await a_new_token(scene), await scene.chat.open_session(scene.alice)

    (await scene.chat.authenticate(signed_in.secret)).require_in_person()

    with pytest.raises(NotByToken):
        (await scene.chat.authenticate(made.secret)).require_in_person()


async def test_a_token_lies_idle_for_years(scene: Scene) -> None:
    made = await a_new_token(scene)

    await scene.kit.clock.advance(10_000 * DAY)

    assert (await scene.chat.authenticate(made.secret)).user == scene.alice
    assert list(await scene.chat.authenticate.recheck([made.token.id])) == [made.token.id]


async def test_a_token_ends_when_it_was_asked_to(scene: Scene) -> None:
    made = await a_new_token(scene, days=3)

    assert made.token.expires_at == made.token.created_at + timedelta(days=3)
    await scene.kit.clock.advance(3 * DAY - 1)
    await scene.chat.authenticate(made.secret)
    await scene.kit.clock.advance(1)

    with pytest.raises(NotSignedIn):
        await scene.chat.authenticate(made.secret)
    assert await scene.chat.list_tokens(scene.alice) == []
    assert await scene.chat.authenticate.recheck([made.token.id]) == {}


@pytest.mark.parametrize("name", ["", " ", "\u200b", "x" * 65, "two\nlines", "\0", "\u202e"])
async def test_a_name_is_one_line_that_can_be_seen(scene: Scene, name: str) -> None:
    with pytest.raises(InvalidField) as refused:
        await a_new_token(scene, name)

    assert refused.value.code == "name_invalid"
    assert await scene.chat.list_tokens(scene.alice) == []


@pytest.mark.parametrize("days", [0, -1, 3651, 10**30])
async def test_a_life_is_of_some_days(scene: Scene, days: int) -> None:
    with pytest.raises(InvalidField) as refused:
        await a_new_token(scene, days=days)

    assert refused.value.field == "expires_in_days"


async def test_tokens_and_devices_are_listed_apart(scene: Scene) -> None:
    backup = await a_new_token(scene)
    await scene.kit.clock.advance(60)
    robot = await a_new_token(scene, "  робот ")
    await a_new_token(scene, of=scene.bob)

    assert [each.name for each in await scene.chat.list_tokens(scene.alice)] == ["робот", "backup"]
    await scene.kit.clock.advance(60)
    await scene.chat.authenticate(backup.secret)

    tokens = await scene.chat.list_tokens(scene.alice)
    assert [each.id for each in tokens] == [backup.token.id, robot.token.id]
    assert [each.name for each in await scene.chat.list_sessions(scene.alice)] == [None, None]


async def test_an_ended_token_is_nobody_and_its_sockets_are_told(scene: Scene) -> None:
    made, other = await a_new_token(scene), await a_new_token(scene, "other")

    await scene.chat.end_token(scene.alice, token_id=made.token.id)

    assert scene.kit.events == [SessionsEnded(scene.alice.id, (made.token.id,))]
    assert await scene.chat.list_tokens(scene.alice) == [other.token]
    with pytest.raises(NotSignedIn):
        await scene.chat.authenticate(made.secret)
    with pytest.raises(TokenNotFound):
        await scene.chat.end_token(scene.alice, token_id=made.token.id)


async def test_only_tokens_of_ones_own_are_ended(scene: Scene) -> None:
    made, signed_in = await a_new_token(scene), await scene.chat.open_session(scene.alice)
    unknown = SessionId(an_id("unknown"))

    for actor, token_id in (
        (scene.mallory, made.token.id),
        (scene.alice, signed_in.session.id),
        (scene.alice, unknown),
    ):
        with pytest.raises(TokenNotFound):
            await scene.chat.end_token(actor, token_id=token_id)

    assert scene.kit.events == []
    await scene.chat.authenticate(made.secret)
    await scene.chat.authenticate(signed_in.secret)


async def test_tokens_survive_that_devices_are_signed_out(scene: Scene) -> None:
    made, here = await a_new_token(scene), await scene.chat.open_session(scene.alice)

    assert await scene.chat.end_sessions.all_but(scene.alice, kept=here.session.id) == 1
    with pytest.raises(SessionNotFound):
        await scene.chat.end_sessions(scene.alice, session_id=made.token.id)

    await scene.chat.authenticate(made.secret)


async def test_a_new_password_ends_tokens(scene: Scene) -> None:
    made, here = await a_new_token(scene), await scene.chat.open_session(scene.alice)
    bobs = await a_new_token(scene, of=scene.bob)

    await scene.chat.change_password(
        scene.alice, current=PASSWORD, new="another garden", session_id=here.session.id
    )

    with pytest.raises(NotSignedIn):
        await scene.chat.authenticate(made.secret)
    assert await scene.chat.list_tokens(scene.alice) == []
    assert made.token.id in scene.told(SessionsEnded)[0].session_ids
    await scene.chat.authenticate(here.secret)
    await scene.chat.authenticate(bobs.secret)


async def test_a_token_made_while_the_password_changes_is_ended(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A thief makes it after their tokens were listed, and before their session has ended."""
    thief, here = await a_new_token(scene), await scene.chat.open_session(scene.alice)
    sessions = scene.kit.container.sessions()
    end, late = sessions.end, []

    async def end_late(user_id: object, session_ids: list[SessionId]) -> list[SessionId]:
        if not late:
            late.append(await a_new_token(scene, "late"))
        return list(await end(user_id, session_ids))

    monkeypatch.setattr(sessions, "end", end_late)
    await scene.chat.end_sessions.everything_but(scene.alice, kept=here.session.id)

    for made in (thief, *late):
        with pytest.raises(NotSignedIn):
            await scene.chat.authenticate(made.secret)


async def test_a_session_that_has_ended_makes_no_token(scene: Scene) -> None:
    ended = await scene.chat.open_session(scene.alice)
    await scene.chat.end_sessions(scene.alice, session_id=ended.session.id)

    with pytest.raises(NotSignedIn):
        await scene.chat.create_token(scene.alice, session_id=ended.session.id, name="late")

    assert await scene.chat.list_tokens(scene.alice) == []


async def test_a_person_has_so_many_tokens_and_no_more(scene: Scene) -> None:
    here = await scene.chat.open_session(scene.alice)

    async def make(number: int) -> object:
        return await scene.chat.create_token(
            scene.alice, session_id=here.session.id, name=f"token {number}"
        )

    for number in range(MOST_TOKENS - 1):
        await make(number)
    await a_new_token(scene, "the last", days=1)
    refused = await asyncio.gather(*map(make, range(5)), return_exceptions=True)

    assert {type(each) for each in refused} == {TooManyTokens}
    assert len(await scene.chat.list_tokens(scene.alice)) == MOST_TOKENS
    await a_new_token(scene, of=scene.bob)
    await scene.kit.clock.advance(DAY)
    await make(MOST_TOKENS)


async def test_a_disabled_account_has_no_tokens(scene: Scene) -> None:
    made = await a_new_token(scene)

    async with scene.kit.container.store().unit() as unit:
        await unit.users.disable(scene.alice.id, scene.kit.clock.now())

    with pytest.raises(NotSignedIn):
        await scene.chat.authenticate(made.secret)
