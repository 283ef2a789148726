"""Real Caddy with the sample before real nodes."""

import subprocess
from pathlib import Path

import aiohttp

from tests.integration.cli.test_rolling_restart import load
from tests.integration.deploy.nodes import nodes
from tests.integration.deploy.proxies import DEPLOY, caddy, caddy_without_tls
from tests.servers.setting import free_port
from tests.wire_client import WireClient


def test_the_sample_is_valid_and_formatted(tmp_path: Path) -> None:
    file = str(DEPLOY / "Caddyfile")
    environ = {"HOME": str(tmp_path)}

    for command in (
        [caddy(), "validate", "--adapter", "caddyfile", "--config", file],
        [caddy(), "fmt", "--diff", file],
    ):
        done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr + done.stdout


async def test_the_visitors_address_cannot_be_forged(tmp_path: Path) -> None:
    node = free_port()
    limits = {"BESEDKA_LIMITS__REGISTRATIONS_PER_HOUR": "1", "BESEDKA_PUBLIC_URL": ""}
    async with (
        nodes(tmp_path, [node], **limits),
        caddy_without_tls(tmp_path, [node]) as address,
        aiohttp.ClientSession(address) as visitor,
    ):
        statuses = []
        for name, source in (("alice", "203.0.113.9"), ("bob", "203.0.113.10")):
            account = {"username": name, "password": "a garden with a pavilion"}
            headers = {"Origin": address, "X-Forwarded-For": source}
            async with visitor.post("/api/v1/users", json=account, headers=headers) as answer:
                statuses.append(answer.status)
        async with visitor.get("/metrics") as answer:
            statuses.append(answer.status)

    assert statuses == [201, 429, 404]


async def test_sockets_come_through_and_find_the_node_that_is_left(tmp_path: Path) -> None:
    ports = [free_port(), free_port()]
    async with (
        nodes(tmp_path, ports, BESEDKA_PUBLIC_URL="") as both,
        caddy_without_tls(tmp_path, ports) as address,
    ):
        owner, _ = await load(address, 0)

        for node in both:
            await node.stop()
            again = await WireClient.connect(address, owner.secret)
            await again.hello()
            await again.close()
            await node.start()

        assert await owner.closed() == 1012
        await owner.close()
