"""The operator ends somebody's sessions while the server runs: two processes that have nothing in
common but the database."""

from pathlib import Path

from tests.integration.cli.processes import besedka, ended
from tests.integration.cli.test_stopping import register, running
from tests.wire_client import WireClient

# Seconds. Half of one is promised; a busy machine is slower, but not as slow as a look at all.
SOON = 5.0


async def test_whose_account_is_disabled_is_sent_home_at_once(tmp_path: Path) -> None:
    async with running(tmp_path) as server:
        alices = await server.client()
        bobs = await WireClient.connect(server.address, await register(server.address, "bob"))
        await bobs.hello()

        async with besedka(tmp_path, "user", "disable", "bob") as command:
            code, said, _ = await ended(command)

        assert (code, said) == (0, "bob is disabled. Sessions and tokens that ended: 2.\n")
        assert await bobs.closed(within=SOON) == 4001
        assert await alices.ask("ping")
        for client in (alices, bobs):
            await client.close()
