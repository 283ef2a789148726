"""A whole site on the loopback, and browsers and programs that visit it."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.web_runner import BaseRunner
from multidict import CIMultiDictProxy
from yarl import URL

from adapters.http.app import HERE, HttpOptions, create_app
from adapters.http.draining import Draining
from domain.user import User
from tests.kit import Kit

COOKIE = "besedka_session"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: CIMultiDictProxy[str]
    text: str

    @property
    def json(self) -> Any:  # Any: whatever was sent.
        return json.loads(self.text)

    @property
    def location(self) -> str:
        return self.headers["Location"]

    @property
    def code(self) -> str:
        """Of a problem."""
        assert self.headers["Content-Type"] == "application/problem+json", self.text
        assert self.json["status"] == self.status
        return str(self.json["code"])

    def cookie(self, name: str) -> str:
        """The one Set-Cookie line of that name; empty if there is none."""
        lines = self.headers.getall("Set-Cookie", [])
        return next((line for line in lines if line.startswith(f"{name}=")), "")


class Server(TestServer):
    """Handlers run on when their visitor hangs up, as they do when it is served in earnest."""

    async def _make_runner(self, **options: Any) -> BaseRunner:
        return await super()._make_runner(**{**options, "handler_cancellation": False})


class Visitor:
    """A browser: it keeps cookies, says where its forms come from, and stops at redirects."""

    def __init__(self, client: TestClient) -> None:
        self.client = client
        self.origin = str(client.make_url("/").origin())

    async def get(self, path: str | URL, **headers: str) -> Answer:
        return await self.send("GET", path, headers=_spelt(headers))

    async def submit(self, path: str, *, origin: str | None = "", **fields: str) -> Answer:
        """Submit a form. `origin` is this site's unless said otherwise; None sends none."""
        headers = {} if origin is None else {"Origin": origin or self.origin}
        return await self.send("POST", path, data=fields, headers=headers)

    async def api(self, method: str, path: str, body: object = None, **headers: str) -> Answer:
        """Ask /api/v1 as a script of this site does."""
        sent = {"Origin": self.origin, **_spelt(headers)}
        extra = {} if body is None else {"json": body}
        return await self.send(method, f"/api/v1{path}", headers=sent, **extra)

    async def send(self, method: str, path: str | URL, **options: Any) -> Answer:
        async with self.client.request(method, path, allow_redirects=False, **options) as response:
            return Answer(response.status, response.headers, await response.text())

    @property
    def session(self) -> str | None:
        """The secret in the jar."""
        jar = self.client.session.cookie_jar.filter_cookies(self.client.make_url("/"))
        return jar[COOKIE].value if COOKIE in jar else None

    def keep(self, name: str, value: str) -> None:
        self.client.session.cookie_jar.update_cookies({name: value}, self.client.make_url("/"))


@dataclass(frozen=True)
class Site:
    kit: Kit
    server: TestServer
    draining: Draining
    clients: list[TestClient]

    async def visitor(self) -> Visitor:
        """Nobody yet."""
        client = TestClient(self.server, cookie_jar=aiohttp.CookieJar(unsafe=True))
        self.clients.append(client)
        return Visitor(client)

    async def signed_in(self, user: User) -> Visitor:
        visitor = await self.visitor()
        visitor.keep(COOKIE, await self.secret(user))
        return visitor

    async def secret(self, user: User) -> str:
        return (await self.kit.chat.open_session(user)).secret


@asynccontextmanager
async def served(
    kit: Kit, *, folder: Path = HERE, check: Any = None, extra_routes: Any = (), **options: Any
) -> AsyncIterator[Site]:
    draining = Draining()
    app = create_app(
        kit.chat,
        HttpOptions(version="1.2.3", **options),
        check=check or kit.container.store().check,
        new_id=kit.container.ids().new_id,
        draining=draining,
        extra_routes=extra_routes,
        folder=folder,
    )
    server = Server(app)
    await server.start_server()
    site = Site(kit, server, draining, [])
    try:
        yield site
    finally:
        for client in site.clients:
            await client.close()
        await server.close()


async def raw(site: Site, request: bytes) -> bytes:
    """All that is answered until the server hangs up."""
    reader, writer = await asyncio.open_connection(site.server.host, site.server.port)
    writer.write(request)
    answer = await asyncio.wait_for(reader.read(65536), timeout=10)
    writer.close()
    await writer.wait_closed()
    return answer


def _spelt(headers: dict[str, str]) -> dict[str, str]:
    """`Accept_Language` is how a keyword has to be written."""
    return {name.replace("_", "-"): value for name, value in headers.items()}
