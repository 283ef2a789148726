from domain.errors import StoreUnavailable
from tests.integration.http.site import Visitor, served
from tests.kit import Kit


async def test_healthy(anybody: Visitor) -> None:
    alive, ready = await anybody.get("/healthz"), await anybody.get("/readyz")

    assert (alive.status, alive.json) == (200, {"status": "ok"})
    assert (ready.status, ready.json) == (200, {"status": "ok"})


async def test_alive_but_not_ready_without_the_store(kit: Kit) -> None:
    async def check() -> None:
        raise StoreUnavailable("no route to host")

    async with served(kit, check=check) as site:
        visitor = await site.visitor()
        alive, ready = await visitor.get("/healthz"), await visitor.get("/readyz")

    assert alive.status == 200
    assert (ready.status, ready.code) == (503, "store_unavailable")
    assert "no route" not in ready.text


async def test_version(anybody: Visitor) -> None:
    answer = await anybody.get("/version")

    assert answer.json == {"name": "besedka", "version": "1.2.3"}


async def test_robots_stay_outside(anybody: Visitor) -> None:
    answer = await anybody.get("/robots.txt")

    assert answer.text == "User-agent: *\nDisallow: /\n"
