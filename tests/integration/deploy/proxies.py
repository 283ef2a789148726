"""Real proxies with the sample configurations of `deploy/`, in which only ports, paths and the
addresses of the nodes are other ones."""

import asyncio
import os
import shutil
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from tests.integration.cli.processes import ROOT
from tests.servers import nginx
from tests.servers.nginx import NAME, at
from tests.servers.setting import free_port, unavailable

DEPLOY = ROOT / "deploy"
PATIENCE = 20.0


def caddy() -> str:
    return shutil.which("caddy") or unavailable("Caddy is not installed: make chromium.")


@asynccontextmanager
async def nginx_with_tls(
    directory: Path, nodes: Sequence[int], port: int, **changes: str
) -> AsyncIterator[str]:
    """`besedka.conf`; where http is answered. `port` is that of https."""
    http = free_port()
    with nginx.nginx_with_tls(directory, nodes, http=http, https=port, **changes):
        yield f"http://127.0.0.1:{http}"


@asynccontextmanager
async def nginx_of_compose(
    directory: Path, nodes: Sequence[int], **changes: str
) -> AsyncIterator[str]:
    """`compose.conf`, without TLS; its address."""
    port = free_port()
    with nginx.nginx_of_compose(directory, nodes, http=port, **changes):
        yield f"http://127.0.0.1:{port}"


@asynccontextmanager
async def caddy_without_tls(directory: Path, nodes: Sequence[int]) -> AsyncIterator[str]:
    """Its address. With a name of the world, it would ask the world for a certificate."""
    port = free_port()
    program = caddy()
    site = (DEPLOY / "Caddyfile").read_text()
    site = site.replace(f"{NAME} {{", f"http://127.0.0.1:{port} {{")
    site = at(site, ("127.0.0.1:8080", "127.0.0.1:8081"), nodes)
    file = directory / "Caddyfile"
    file.write_text("{\n\tadmin off\n}\n" + site)
    environ = {"PATH": os.environ["PATH"], "HOME": str(directory)}
    command = [program, "run", "--adapter", "caddyfile", "--config", str(file)]
    async with _running(directory, command, environ, port):
        yield f"http://127.0.0.1:{port}"


def browser(port: int) -> aiohttp.ClientSession:
    """Believes the certificate that was made here, finds the name here, and keeps cookies."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    connector = aiohttp.TCPConnector(ssl=context, resolver=_Here())
    return aiohttp.ClientSession(f"https://{NAME}:{port}", connector=connector)


class _Here(AbstractResolver):
    async def resolve(self, host: str, port: int = 0, family: Any = 0) -> list[ResolveResult]:
        return [
            ResolveResult(
                hostname=host, host="127.0.0.1", port=port, family=family, proto=0, flags=0
            )
        ]

    async def close(self) -> None:
        pass


@asynccontextmanager
async def _running(
    directory: Path, command: list[str], environ: dict[str, str], port: int
) -> AsyncIterator[None]:
    with (directory / "said").open("wb") as said:
        process = await asyncio.create_subprocess_exec(
            *command, cwd=directory, env=environ, stdout=said, stderr=said
        )
    try:
        await _listens(process, port, directory)
        yield
    finally:
        if process.returncode is None:
            process.terminate()
        await asyncio.wait_for(process.wait(), PATIENCE)


async def _listens(process: asyncio.subprocess.Process, port: int, directory: Path) -> None:
    async with asyncio.timeout(PATIENCE):
        while True:
            assert process.returncode is None, (directory / "said").read_text()
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.02)
            else:
                writer.close()
                return
