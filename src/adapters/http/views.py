"""Rendering of pages: a template, the visitor's language, and what is to be told to them."""

import aiohttp_jinja2
from aiohttp import web

from adapters.http.assets import Assets
from adapters.http.flashes import LEVELS, Flashes
from adapters.http.local_path import local_path
from adapters.http.problems import Problem, headers_of
from adapters.http.request_log import REQUEST_ID
from adapters.http.translations import COOKIE, Translations, choose_locale
from domain.errors import DomainError
from domain.user import User


class Views:
    def __init__(self, translations: Translations, assets: Assets, flashes: Flashes) -> None:
        self._translations = translations
        self._assets = assets
        self._flashes = flashes

    def page(
        self,
        request: web.Request,
        template: str,
        *,
        status: int = 200,
        user: User | None = None,
        **context: object,
    ) -> web.Response:
        """The page, with the flash that was waiting for one. `user` is who is signed in."""
        context |= {"user": user, "flashes": self._waiting(request, user)}
        response = self._render(request, template, status, context)
        self._flashes.drop(request, response)
        return response

    def problem(self, request: web.Request, problem: Problem) -> web.Response:
        """A refusal as a page. A waiting flash is left for the page that it was meant for."""
        locale = _locale(request)
        reason = self._translations.reason(locale, problem.code, problem.category)
        context = {
            "status": problem.status,
            "title": reason or problem.detail,
            # Nothing else helps whoever is asked about it later.
            "detail": request[REQUEST_ID] if problem.status == 500 else "",
            "flashes": [],
        }
        response = self._render(request, "error.html", problem.status, context)
        response.headers.update(headers_of(problem))
        return response

    def redirect(self, path: str, *, flash: str | None = None) -> web.Response:
        """303: the browser gets what is there, whatever it sent here. Only ever to this site."""
        response = web.Response(status=303, headers={"Location": local_path(path)})
        if flash:
            self._flashes.put(response, flash)
        return response

    def refusal(self, request: web.Request, error: DomainError) -> str:
        """The reason in the visitor's language."""
        return self._translations.refusal(_locale(request), error)

    def _render(
        self, request: web.Request, template: str, status: int, context: dict[str, object]
    ) -> web.Response:
        locale = _locale(request)

        def translated(key: str, **params: str) -> str:
            return self._translations.text(locale, key, **params)

        context |= {
            "t": translated,
            "locale": locale,
            "script": self._assets.script,
            "styles": self._assets.styles,
        }
        return aiohttp_jinja2.render_template(template, request, context, status=status)

    def _waiting(self, request: web.Request, user: User | None) -> list[dict[str, str]]:
        key = self._flashes.find(request)
        if key is None:
            return []
        name = user.display_name if user else ""
        text = self._translations.text(_locale(request), f"flash.{key}", name=name)
        return [{"level": LEVELS[key], "text": text}]


def _locale(request: web.Request) -> str:
    return choose_locale(request.cookies.get(COOKIE), request.headers.get("Accept-Language", ""))
