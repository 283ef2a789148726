"""Signing in and out with nothing but HTML."""

from collections.abc import Mapping

from aiohttp import web

from adapters.http.bodies import read_form
from adapters.http.local_path import local_path
from adapters.http.problems import headers_of, of_domain
from adapters.http.session_cookies import SessionCookies, device
from adapters.http.views import Views
from adapters.requests import counted_address
from application.chat import Chat
from domain.errors import DomainError


class LoginPage:
    def __init__(self, chat: Chat, sessions: SessionCookies, views: Views) -> None:
        self._chat = chat
        self._sessions = sessions
        self._views = views

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/login", self.show),
            web.post("/login", self.sign_in),
            web.post("/logout", self.sign_out),
        ]

    async def show(self, request: web.Request) -> web.Response:
        following = local_path(request.query.get("next"))
        if await self._sessions.find(request):
            return self._views.redirect(following)
        return await self._form(request, {"next": following})

    async def sign_in(self, request: web.Request) -> web.Response:
        form = await read_form(request)
        try:
            signed_in = await self._chat.sign_in(
                username=form.get("username", "").strip(),
                password=form.get("password", ""),
                device=device(request),
                address=counted_address(request),
            )
        except DomainError as error:
            return await self._form(request, form, error)
        response = self._views.redirect(local_path(form.get("next")), flash="hello")
        await self._sessions.start(request, response, signed_in)
        return response

    async def sign_out(self, request: web.Request) -> web.Response:
        """Signing out twice is fine."""
        if identity := await self._sessions.find(request):
            await self._sessions.end(identity)
        response = self._views.redirect("/login", flash="signed_out")
        self._sessions.drop(request, response)
        return response

    async def _form(
        self, request: web.Request, form: Mapping[str, str], error: DomainError | None = None
    ) -> web.Response:
        """The form as it was sent, but for the password."""
        refusal = of_domain(error) if error else None
        response = self._views.page(
            request,
            "login.html",
            status=refusal.status if refusal else 200,
            form={"username": form.get("username", "")},
            errors={"": self._views.refusal(request, error)} if error else {},
            registration_is_offered=await self._chat.register_user.is_offered(),
            next=local_path(form.get("next")),
        )
        if refusal:
            response.headers.update(headers_of(refusal))
        return response
