"""The HTTP application, put together from values alone."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import aiohttp_jinja2
import jinja2
from aiohttp import web

from adapters.http.api.accounts import AccountApi
from adapters.http.api.members import MemberApi
from adapters.http.api.messages import MessageApi
from adapters.http.api.rooms import RoomApi
from adapters.http.api.search import SearchApi
from adapters.http.api.sessions import SessionApi
from adapters.http.api.stars import StarApi
from adapters.http.api.tokens import TokenApi
from adapters.http.assets import Assets
from adapters.http.connections import connection_options
from adapters.http.draining import Draining
from adapters.http.expectations import expecting, refuse_unmet
from adapters.http.flashes import Flashes
from adapters.http.forwarding import Forwarding
from adapters.http.health import Health
from adapters.http.login_page import LoginPage
from adapters.http.pages import Pages
from adapters.http.refusals import Refusals
from adapters.http.register_page import RegisterPage
from adapters.http.request_log import RequestLog
from adapters.http.response_headers import ResponseHeaders
from adapters.http.same_origin import SameOrigin
from adapters.http.session_cookies import SessionCookies
from adapters.http.static_files import StaticFiles
from adapters.http.this_machine import ThisMachine
from adapters.http.translations import Translations
from adapters.http.views import Views
from adapters.requests import SECURE_COOKIES
from application.chat import Chat

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpOptions:
    """- `host`: what is listened on.
    - `public_url`: where browsers find the site, if that is not where it is served.
    - `secure_cookies`: it is reached by https only.
    - `trusted_proxies`: addresses and networks whose X-Forwarded headers are believed.
    - `max_body`: bytes. `session_life`: how long browsers keep the cookie.
    """

    version: str
    host: str = "127.0.0.1"
    public_url: str | None = None
    secure_cookies: bool = False
    trusted_proxies: tuple[str, ...] = ()
    max_body: int = 256 * 1024
    session_life: timedelta = timedelta(days=180)


def create_app(
    chat: Chat,
    options: HttpOptions,
    *,
    check: Callable[[], Awaitable[None]],
    notes: Callable[[], Mapping[str, str]] = dict,
    new_id: Callable[[], str],
    draining: Draining | None = None,
    extra_routes: Iterable[web.RouteDef] = (),
    folder: Path = HERE,
) -> web.Application:
    """`check` raises a `DomainError` unless the store answers, `notes` says what does not work
    beside it, `new_id` mints ids for requests, `draining` tells when the node is about to stop,
    `extra_routes` are other gateways', `folder` holds templates, static files and locales."""
    draining = draining or Draining()
    secure, proxies = options.secure_cookies, options.trusted_proxies
    assets = Assets(folder / "static" / "app" / "manifest.json")
    views = Views(Translations(folder / "locales"), assets, Flashes(secure=secure))
    sessions = SessionCookies(chat, life=options.session_life, secure=secure)
    this_machine = ThisMachine(options.host, options.public_url, proxies)
    app = web.Application(
        # In this order around every handler: what fails inside is answered, and then logged.
        middlewares=[
            RequestLog(new_id, proxies).record,
            Refusals(views).answer,
            refuse_unmet,
            Forwarding(proxies).unfold,
            SameOrigin(options.public_url).guard,
        ],
        handler_args=connection_options(),
        client_max_size=options.max_body,
    )
    app[SECURE_COOKIES] = secure
    app.on_response_prepare.append(ResponseHeaders(secure=secure).add)
    app.on_response_prepare.append(draining.close_after)
    aiohttp_jinja2.setup(app, loader=jinja2.FileSystemLoader(folder / "templates"))
    app.add_routes(expecting(_api(chat, sessions, this_machine)))
    app.add_routes(expecting(_pages(chat, sessions, views, this_machine)))
    app.add_routes(expecting(StaticFiles(folder / "static").routes()))
    app.add_routes(expecting(Health(check, notes, draining, options.version).routes()))
    app.add_routes(expecting(extra_routes))
    return app


def _api(chat: Chat, sessions: SessionCookies, this_machine: ThisMachine) -> list[web.RouteDef]:
    return [
        *AccountApi(chat, sessions, this_machine).routes(),
        *SessionApi(chat, sessions).routes(),
        *TokenApi(chat).routes(),
        *RoomApi(chat).routes(),
        *MemberApi(chat).routes(),
        *MessageApi(chat).routes(),
        *SearchApi(chat).routes(),
        *StarApi(chat).routes(),
    ]


def _pages(
    chat: Chat, sessions: SessionCookies, views: Views, this_machine: ThisMachine
) -> list[web.RouteDef]:
    return [
        *Pages(chat, sessions, views).routes(),
        *LoginPage(chat, sessions, views).routes(),
        *RegisterPage(chat, sessions, views, this_machine).routes(),
    ]
