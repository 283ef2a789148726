"""The files that are served as they are: those that were there at the start, and no others."""

from pathlib import Path

from aiohttp import web

_FOR_EVER = "public, max-age=31536000, immutable"
_ASK_AGAIN = "no-cache"  # Kept, but used only after a look at whether its ETag is still the same.
_ROBOTS = "User-agent: *\nDisallow: /\n"


class StaticFiles:
    """Paths are looked up in a list and never put together, so there is nothing to climb out of
    by `..`, by slashes in any disguise, or by a link: links are not in the list."""

    def __init__(self, folder: Path) -> None:
        self._files = {
            path.relative_to(folder).as_posix(): path
            for path in sorted(folder.rglob("*"))
            if path.is_file() and not _is_linked(path, folder)
        }

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/static/{path:.*}", self.file),
            web.get("/favicon.ico", self.favicon),
            web.get("/robots.txt", self.robots),
        ]

    async def file(self, request: web.Request) -> web.StreamResponse:
        return self._answer(request.match_info["path"])

    async def favicon(self, request: web.Request) -> web.StreamResponse:
        return self._answer("favicon.svg")

    async def robots(self, request: web.Request) -> web.Response:
        return web.Response(text=_ROBOTS)

    def _answer(self, name: str) -> web.StreamResponse:
        path = self._files.get(name)
        if path is None:
            raise web.HTTPNotFound
        # The build names files under assets/ after their content.
        caching = _FOR_EVER if name.startswith("app/assets/") else _ASK_AGAIN
        return web.FileResponse(path, headers={"Cache-Control": caching})


def _is_linked(path: Path, folder: Path) -> bool:
    steps = [path, *path.parents]
    return any(step.is_symlink() for step in steps[: steps.index(folder)])
