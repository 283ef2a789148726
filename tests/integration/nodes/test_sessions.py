"""Sessions of browsers in Redis, tokens in the database."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from application.use_cases.authenticate import Identity
from domain.errors import NotSignedIn, StoreUnavailable
from tests.integration.nodes.site import Site, two_nodes
from tests.integration.ws.server import eventually
from tests.servers.valkey import ValkeyServer

IN_REDIS = {"store": "redis"}


@pytest.fixture
async def site(database_url: str, own_redis: ValkeyServer) -> AsyncIterator[Site]:
    async with two_nodes(database_url, own_redis.url(), sessions=IN_REDIS) as site:
        yield site


async def test_who_signs_in_on_one_node_is_signed_in_on_the_other(site: Site) -> None:
    alice = await site.one.person("alice")
    on_other = site.other.kit.chat

    identity = await on_other.authenticate(alice.secret)
    await on_other.end_sessions(identity.user, session_id=identity.session.id)

    assert identity.user.id == alice.user.id
    with pytest.raises(NotSignedIn):
        await site.one.kit.chat.authenticate(alice.secret)


async def test_redis_holds_no_secret_and_the_database_no_session(site: Site) -> None:
    alice = await site.one.person("alice")
    redis = site.one.kit.container.redis()

    names = [key.decode() for key in await redis.ask("KEYS", redis.key("*"))]
    (session,) = [name for name in names if name.startswith(redis.key("session", ""))]
    values = await redis.ask("HVALS", session)

    assert alice.secret not in " ".join([*names, *(value.decode() for value in values)])
    assert await redis.ask("PTTL", session) > 0
    assert await site.one.kit.container.database_sessions().list_of(alice.user.id) == []


async def test_without_redis_tokens_go_on_and_nobody_is_taken_for_signed_out(
    site: Site, own_redis: ValkeyServer
) -> None:
    alice = await site.one.person("alice")
    chat = site.one.kit.chat
    identity = await chat.authenticate(alice.secret)
    token = await chat.create_token(alice.user, session_id=identity.session.id, name="backup")
    client = await alice.client()

    own_redis.kill()
    try:
        with pytest.raises(StoreUnavailable):
            await chat.authenticate(alice.secret)
        assert (await chat.authenticate(token.secret)).session.id == token.token.id
        secrets = [alice.secret, token.secret, alice.secret, token.secret]
        crowd = await asyncio.gather(*map(chat.authenticate, secrets), return_exceptions=True)
        assert [type(each) for each in crowd] == [StoreUnavailable, Identity] * 2
        with pytest.raises(StoreUnavailable):
            await site.one.gateway._watch.look()
        await client.ask("ping")
    finally:
        own_redis.start()
    await eventually(lambda: not site.one.kit.container.redis().is_away)
    assert (await chat.authenticate(token.secret)).session.id == token.token.id


async def test_sessions_from_before_they_were_kept_in_redis_stay(
    database_url: str, own_redis: ValkeyServer
) -> None:
    async with two_nodes(database_url, own_redis.url()) as before:
        alice = await before.one.person("alice")

    async with two_nodes(database_url, own_redis.url(), sessions=IN_REDIS) as site:
        assert (await site.one.kit.chat.authenticate(alice.secret)).user.id == alice.user.id
