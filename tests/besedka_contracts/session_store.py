"""The contract of `SessionStore`."""

import asyncio
from datetime import datetime

import pytest

from application.ports.session_store import SessionStore
from besedka_contracts.backend import sessions
from besedka_contracts.cast import a_session, a_token, alice, an_id, at, bob, mallory
from domain.ids import SessionId
from domain.session import Session


async def test_what_was_added_is_found_by_its_digest(sessions: SessionStore) -> None:
    session = a_session(alice(), "Firefox 👩‍💻", created_at=at(0.001), expires_at=at(10**9))

    await sessions.add(session)

    assert await sessions.find_many([session.digest]) == {session.digest: session}
    assert await sessions.find_many(["unknown"]) == {"unknown": None}


async def test_many_are_found_at_once(sessions: SessionStore) -> None:
    mine, token, other = a_session(alice()), a_token(bob()), a_session(bob())
    for session in (mine, token, other):
        await sessions.add(session)

    found = await sessions.find_many({mine.digest, "unknown", token.digest})

    assert found == {mine.digest: mine, "unknown": None, token.digest: token}
    assert await sessions.find_many([]) == {}


@pytest.mark.parametrize("expires_at", [None, at(10**9)])
async def test_tokens_are_sessions_with_a_name(
    sessions: SessionStore, expires_at: datetime | None
) -> None:
    browser = a_session(alice())
    token = a_token(alice(), "Кнопка 👩‍💻", seen_at=at(1), expires_at=expires_at)
    for each in (browser, token):
        await sessions.add(each)

    await sessions.touch(token.id, at(2))

    assert await found(sessions, token.digest) == token.seen(at(2))
    assert await sessions.list_by_id([token.id]) == [token.seen(at(2))]
    assert await sessions.list_of(alice().id) == [token.seen(at(2)), browser]
    assert await sessions.end(alice().id, [token.id]) == [token.id]
    assert await sessions.list_of(alice().id) == [browser]


async def test_sessions_are_found_by_their_ids(sessions: SessionStore) -> None:
    mine, other, bobs = a_session(alice(), "a"), a_session(alice(), "b"), a_session(bob())
    for session in (mine, other, bobs):
        await sessions.add(session)
    unknown = SessionId(an_id("none"))

    found = await sessions.list_by_id([bobs.id, unknown, mine.id, mine.id])

    assert sorted(found, key=lambda each: each.id) == sorted([mine, bobs], key=lambda each: each.id)
    assert await sessions.list_by_id([unknown]) == []
    assert await sessions.list_by_id([]) == []


async def test_touching_remembers_when_it_was_seen(sessions: SessionStore) -> None:
    session = a_session(alice())
    await sessions.add(session)

    await sessions.touch(session.id, at(5.005))
    await sessions.touch(a_session(bob()).id, at(5))

    assert await found(sessions, session.digest) == session.seen(at(5.005))
    assert await sessions.list_of(bob().id) == []


async def test_sessions_are_listed_the_latest_seen_first(sessions: SessionStore) -> None:
    for seconds, device in enumerate(["old", "new", "newest"]):
        await sessions.add(a_session(alice(), device, seen_at=at(seconds)))
    await sessions.add(a_session(bob()))
    await sessions.touch(a_session(alice(), "old").id, at(9))

    listed = await sessions.list_of(alice().id)

    assert [session.device for session in listed] == ["old", "newest", "new"]
    assert await sessions.list_of(mallory().id) == []


async def test_people_end_their_own_sessions_only(sessions: SessionStore) -> None:
    mine, other, foreign = a_session(alice(), "a"), a_session(alice(), "b"), a_session(bob())
    for session in (mine, other, foreign):
        await sessions.add(session)

    ended = await sessions.end(alice().id, [foreign.id, mine.id, SessionId(an_id("none")), mine.id])

    assert ended == [mine.id]
    assert await found(sessions, mine.digest) is None
    assert await found(sessions, other.digest) == other
    assert await found(sessions, foreign.digest) == foreign
    assert await sessions.end(alice().id, [mine.id]) == []
    assert await sessions.end(alice().id, []) == []


async def test_those_that_are_over_are_forgotten(sessions: SessionStore) -> None:
    kept = a_session(alice(), "kept", seen_at=at(101), expires_at=at(51))
    expired = a_session(alice(), "expired", seen_at=at(200), expires_at=at(50))
    idle = a_session(alice(), "idle", seen_at=at(100), expires_at=at(200))
    for session in (kept, expired, idle):
        await sessions.add(session)

    assert await sessions.forget_over(expired=at(50), idle=at(100)) == 2

    assert await sessions.list_of(alice().id) == [kept]
    assert await sessions.forget_over(expired=at(50), idle=at(100)) == 0


async def test_tokens_are_forgotten_when_they_expire_however_idle(sessions: SessionStore) -> None:
    idle = a_token(alice(), "idle", seen_at=at(2))
    kept = a_token(alice(), "kept", seen_at=at(1), expires_at=at(51))
    expired = a_token(alice(), "expired", seen_at=at(200), expires_at=at(50))
    for token in (idle, kept, expired):
        await sessions.add(token)

    assert await sessions.forget_over(expired=at(50), idle=at(100)) == 1

    assert await sessions.list_of(alice().id) == [idle, kept]


async def test_what_was_ended_a_moment_ago_is_told(sessions: SessionStore) -> None:
    kept, ended, token, bobs = (
        *(a_session(alice(), device) for device in ("kept", "ended")),
        a_token(alice()),
        a_session(bob()),
    )
    for session in (kept, ended, token, bobs):
        await sessions.add(session)
    assert await sessions.list_ended() == []

    await sessions.end(alice().id, [ended.id, token.id, bobs.id, SessionId(an_id("none"))])

    assert sorted(await sessions.list_ended()) == sorted([ended.id, token.id])
    await sessions.end(bob().id, [bobs.id])
    await sessions.end(bob().id, [bobs.id])
    assert sorted(await sessions.list_ended()) == sorted([ended.id, token.id, bobs.id])


async def test_what_is_over_by_the_clock_is_forgotten_without_a_word(
    sessions: SessionStore,
) -> None:
    ended, over = a_session(alice(), "ended"), a_session(alice(), "over", expires_at=at(50))
    for session in (ended, over):
        await sessions.add(session)
    await sessions.end(alice().id, [ended.id])

    await sessions.forget_over(expired=at(50), idle=at(0))

    assert await sessions.list_of(alice().id) == []
    assert await sessions.list_ended() == [ended.id]


async def test_of_two_who_end_the_same_session_nobody_fails(sessions: SessionStore) -> None:
    session = a_session(alice())
    await sessions.add(session)

    await asyncio.gather(*(sessions.end(alice().id, [session.id]) for _ in range(5)))

    assert set(await sessions.list_ended()) == {session.id}


async def found(sessions: SessionStore, digest: str) -> Session | None:
    return (await sessions.find_many([digest]))[digest]
