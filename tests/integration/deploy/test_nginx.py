"""Real nginx with the samples of `deploy/nginx` before real nodes."""

import asyncio
import io
import re
from pathlib import Path

import aiohttp

from adapters.configuration.settings import Settings
from tests.integration.cli.test_rolling_restart import NO_LIMITS, check, load
from tests.integration.deploy.nodes import nodes
from tests.integration.deploy.proxies import (
    DEPLOY,
    browser,
    nginx_of_compose,
    nginx_with_tls,
)
from tests.servers.nginx import NAME
from tests.servers.setting import free_port
from tests.wire_client import WireClient

ALICE = {"username": "alice", "password": "a garden with a pavilion"}
COOKIE = "__Host-besedka_session"


async def test_people_register_sign_in_and_talk_through_tls(tmp_path: Path) -> None:
    port, node = free_port(), free_port()
    site = f"https://{NAME}:{port}"
    async with (
        nodes(tmp_path, [node], BESEDKA_PUBLIC_URL=site) as (started,),
        nginx_with_tls(tmp_path, [node], port) as plain,
        browser(port) as alice,
    ):
        setup_link = await started.setup_link()
        form = {**ALICE, "password_again": ALICE["password"], "setup": setup_link[-32:]}
        own = {"Origin": site}
        async with alice.get(f"{plain}/rooms/x?y=z", allow_redirects=False) as answer:
            assert answer.status == 301
            assert answer.headers["Location"] == f"https://{NAME}/rooms/x?y=z"
        async with alice.get("/register") as answer:
            assert answer.status == 403
        async with alice.get(setup_link) as answer:
            assert answer.status == 200
            page = await answer.text()
        async with alice.get(re.findall(r'"(/static/[^"]+\.js)"', page)[0]) as answer:
            assert answer.status == 200
        async with alice.post("/register", data=form, headers=own) as answer:
            assert (answer.status, answer.url.path) == (200, "/")
            assert "Strict-Transport-Security" in answer.headers
        (cookie,) = (each for each in alice.cookie_jar if each.key == COOKIE)
        async with alice.ws_connect("/ws", origin=site) as socket:
            await socket.send_json({"id": 1, "type": "hello"})
            hello = await socket.receive_json(timeout=5)
        async with alice.post("/api/v1/rooms", json={"name": "x"}) as answer:
            without_origin = answer.status
        async with alice.post("/logout", headers=own) as answer:
            assert answer.url.path == "/login"

    assert cookie["secure"]
    assert cookie["httponly"]
    assert hello["user"]["username"] == "alice"
    assert without_origin == 403


async def test_the_visitors_address_is_told_and_cannot_be_forged(tmp_path: Path) -> None:
    node = free_port()
    limits = {"BESEDKA_LIMITS__REGISTRATIONS_PER_HOUR": "1", "BESEDKA_PUBLIC_URL": ""}
    async with nodes(tmp_path, [node], **limits), nginx_of_compose(tmp_path, [node]) as address:

        async def registers(name: str, source: str, **forged: str) -> int:
            headers = {"Origin": address, **{k.replace("_", "-"): v for k, v in forged.items()}}
            account = {**ALICE, "username": name}
            connector = aiohttp.TCPConnector(local_addr=(source, 0))
            async with (
                aiohttp.ClientSession(address, connector=connector) as visitor,
                visitor.post("/api/v1/users", json=account, headers=headers) as answer,
            ):
                return answer.status

        first = await registers("alice", "127.0.0.1")
        forged = await registers("bob", "127.0.0.1", X_Forwarded_For="203.0.113.9")
        forged_host = await registers("bob", "127.0.0.3", X_Forwarded_Host="evil.example")
        another = await registers("mallory", "127.0.0.2")

    assert (first, forged, forged_host, another) == (201, 429, 201, 201)


async def test_what_is_too_large_goes_no_further(tmp_path: Path) -> None:
    node = free_port()
    async with (
        nodes(tmp_path, [node]),
        nginx_of_compose(tmp_path, [node]) as address,
        aiohttp.ClientSession(address) as visitor,
    ):
        large = io.BytesIO(b"x" * (2**20 + 1))
        async with visitor.post("/api/v1/users", data=large) as answer:
            too_large = (answer.status, answer.headers["Server"].startswith("nginx"))
        async with visitor.get("/metrics") as answer:
            metrics = answer.status

    assert too_large == (413, True)
    assert metrics == 404


def test_nginx_takes_as_much_and_waits_longer_than_the_server() -> None:
    locations = (DEPLOY / "nginx" / "locations.inc").read_text()
    settings = Settings()

    assert "client_max_body_size 1m;" in locations
    assert settings.limits.body_bytes == 2**20
    (patience,) = re.findall(r"proxy_read_timeout (\d+)s;", locations)
    assert int(patience) > 2 * settings.heartbeat_seconds


async def test_a_silent_socket_survives_a_timeout_that_is_longer_than_a_heartbeat(
    tmp_path: Path,
) -> None:
    node = free_port()
    async with (
        nodes(tmp_path, [node], BESEDKA_HEARTBEAT_SECONDS="0.5", BESEDKA_PUBLIC_URL=""),
        nginx_of_compose(tmp_path, [node], proxy_read_timeout="2s") as address,
    ):
        owner, _ = await load(address, 0)
        await asyncio.sleep(4)

        assert await owner.ask("ping")
        await owner.close()


async def test_nodes_are_restarted_one_after_the_other_and_nothing_is_lost(tmp_path: Path) -> None:
    ports = [free_port(), free_port()]
    environ = {**NO_LIMITS, "BESEDKA_PUBLIC_URL": ""}
    async with (
        nodes(tmp_path, ports, **environ) as both,
        nginx_of_compose(tmp_path, ports) as address,
    ):
        owner, posters = await load(address, 4)
        pages: list[int] = []
        done = asyncio.Event()

        async def look() -> None:
            async with aiohttp.ClientSession(address) as visitor:
                while not done.is_set():
                    async with visitor.get("/login") as answer:
                        pages.append(answer.status)
                    await asyncio.sleep(0.01)

        async with asyncio.TaskGroup() as busy:
            busy.create_task(look())
            for poster in posters:
                busy.create_task(poster.post_until(done))
            for node in both:
                await asyncio.sleep(0.5)
                await node.stop()
                await node.start()
            done.set()

        await check(posters)
        closings = [code for poster in posters for code in poster.closings]
        assert len(closings) >= 4
        assert set(closings) == {1012}
        assert not any(poster.refusals for poster in posters)
        assert set(pages) == {200}
        await owner.close()


async def test_a_message_of_one_node_is_read_on_the_other(tmp_path: Path) -> None:
    ports = [free_port(), free_port()]
    async with (
        nodes(tmp_path, ports, BESEDKA_PUBLIC_URL=""),
        nginx_of_compose(tmp_path, ports) as address,
    ):
        owner, _ = await load(address, 0)
        secret = owner.secret
        clients = [await WireClient.connect(address, secret) for _ in range(3)]
        for client in clients:
            await client.hello()
        room = (await owner.ask("rooms"))["rooms"][0]["id"]

        await owner.ask("post", room=room, key="k", text="to both")

        for client in clients:
            await client.await_message("to both")
            await client.close()
        await owner.close()
