"""Real proxies with the sample configurations of `deploy/`, in which only ports, paths and the
addresses of the nodes are other ones."""

import asyncio
import os
import re
import shutil
import ssl
import subprocess
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from tests.integration.cli.processes import ROOT
from tests.servers.setting import free_port, unavailable

DEPLOY = ROOT / "deploy"
NAME = "chat.example.org"
PATIENCE = 20.0

_NGINX = """
daemon off;
master_process off;
pid {directory}/nginx.pid;
error_log {directory}/error.log;
events {{ worker_connections 512; }}
http {{
    access_log {directory}/access.log;
    client_body_temp_path {directory}/body;
    proxy_temp_path {directory}/proxy;
    fastcgi_temp_path {directory}/fastcgi;
    uwsgi_temp_path {directory}/uwsgi;
    scgi_temp_path {directory}/scgi;
    include {directory}/site.conf;
}}
"""


def nginx() -> str:
    found = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    return found or unavailable("nginx is not installed: make chromium.")


def caddy() -> str:
    """No server of the tests: where it is not there, its sample is not tried."""
    found = shutil.which("caddy")
    if found is None:
        pytest.skip("NOT CHECKED: deploy/Caddyfile needs caddy.")
    return found


@asynccontextmanager
async def nginx_with_tls(
    directory: Path, nodes: Sequence[int], port: int, **changes: str
) -> AsyncIterator[str]:
    """`besedka.conf`; where http is answered. `port` is that of https."""
    http = free_port()
    certify(directory)
    site = (DEPLOY / "nginx" / "besedka.conf").read_text()
    site = re.sub(r"    listen \[::\].*\n", "", site)
    site = site.replace("listen 80;", f"listen 127.0.0.1:{http};")
    site = site.replace("listen 443 ssl;", f"listen 127.0.0.1:{port} ssl;")
    site = site.replace(f"/etc/ssl/{NAME}", str(directory / NAME))
    old = ("127.0.0.1:8080", "127.0.0.1:8081")
    async with _nginx(directory, site, old, nodes, changes):
        yield f"http://127.0.0.1:{http}"


@asynccontextmanager
async def nginx_of_compose(
    directory: Path, nodes: Sequence[int], **changes: str
) -> AsyncIterator[str]:
    """`compose.conf`, without TLS; its address."""
    port = free_port()
    site = (DEPLOY / "nginx" / "compose.conf").read_text()
    site = site.replace("listen 80;", f"listen 127.0.0.1:{port};")
    async with _nginx(directory, site, ("node1:8080", "node2:8080"), nodes, changes):
        yield f"http://127.0.0.1:{port}"


@asynccontextmanager
async def caddy_without_tls(directory: Path, nodes: Sequence[int]) -> AsyncIterator[str]:
    """Its address. With a name of the world, it would ask the world for a certificate."""
    port = free_port()
    program = caddy()
    site = (DEPLOY / "Caddyfile").read_text()
    site = site.replace(f"{NAME} {{", f"http://127.0.0.1:{port} {{")
    site = _at(site, ("127.0.0.1:8080", "127.0.0.1:8081"), nodes)
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


def certify(directory: Path) -> None:
    openssl = shutil.which("openssl") or unavailable("openssl is not installed.")
    options = f"req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN={NAME}"
    files = ("-keyout", str(directory / f"{NAME}.key"), "-out", str(directory / f"{NAME}.crt"))
    subprocess.run([openssl, *options.split(), *files], check=True, capture_output=True)


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
async def _nginx(
    directory: Path,
    site: str,
    old: tuple[str, str],
    nodes: Sequence[int],
    changes: dict[str, str],
) -> AsyncIterator[None]:
    locations = (DEPLOY / "nginx" / "locations.inc").read_text()
    for name, value in changes.items():
        locations = re.sub(rf"\b{name}\b\s.*;", f"{name} {value};", locations)
    (directory / "locations.inc").write_text(locations)
    site = site.replace("/etc/nginx/besedka", str(directory))
    (directory / "site.conf").write_text(_at(site, old, nodes))
    (directory / "nginx.conf").write_text(_NGINX.format(directory=directory))
    (port,) = re.findall(r"listen 127\.0\.0\.1:(\d+)", site)[:1]
    command = [nginx(), "-p", str(directory), "-c", str(directory / "nginx.conf")]
    async with _running(directory, command, {"PATH": os.environ["PATH"]}, int(port)):
        yield
    errors = (directory / "error.log").read_text()
    assert "[emerg]" not in errors, errors
    assert "[warn]" not in errors, errors


def _at(site: str, old: tuple[str, str], nodes: Sequence[int]) -> str:
    """With these nodes; where there is one, without the line or the word of the second."""
    first, second = old
    site = site.replace(first, f"127.0.0.1:{nodes[0]}")
    if len(nodes) > 1:
        return site.replace(second, f"127.0.0.1:{nodes[1]}")
    return re.sub(rf"    server {second}.*\n| {second}", "", site)


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
