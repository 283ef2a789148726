"""Making an account with nothing but HTML."""

from collections.abc import Mapping

from aiohttp import web

from adapters.http.bodies import read_form
from adapters.http.local_path import local_path
from adapters.http.problems import headers_of, of_domain
from adapters.http.session_cookies import SessionCookies, device
from adapters.http.this_machine import ThisMachine
from adapters.http.views import Views
from adapters.requests import counted_address
from application.chat import Chat
from application.use_cases.open_session import SignedIn
from domain.errors import DomainError, InvalidField, RegistrationClosed, SetupLinkRequired
from domain.user import SiteRole

_KEPT = ("username", "display_name", "email")
_FIELDS = (*_KEPT, "password", "password_again")


def setup_path(secret: str) -> str:
    """The setup link, within the site. In the query, which is not logged."""
    return f"/register?setup={secret}"


class RegisterPage:
    def __init__(
        self, chat: Chat, sessions: SessionCookies, views: Views, this_machine: ThisMachine
    ) -> None:
        self._chat = chat
        self._sessions = sessions
        self._views = views
        self._this_machine = this_machine

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/register", self.show), web.post("/register", self.register)]

    async def show(self, request: web.Request) -> web.Response:
        following = local_path(request.query.get("next"))
        if await self._sessions.find(request):
            return self._views.redirect(following)
        asked = {"next": following, "setup": request.query.get("setup", "")}
        return await self._page(request, asked)

    async def register(self, request: web.Request) -> web.Response:
        form = await read_form(request)
        try:
            signed_in = await self._open_account(request, form)
        except DomainError as error:
            return await self._page(request, form, error)
        response = self._views.redirect(local_path(form.get("next")), flash="hello")
        await self._sessions.start(request, response, signed_in)
        return response

    async def _open_account(self, request: web.Request, form: Mapping[str, str]) -> SignedIn:
        password = form.get("password", "")
        if password != form.get("password_again", ""):
            raise InvalidField("password_again", "differs", code="passwords_differ")
        user = await self._chat.register_user(
            username=form.get("username", "").strip(),
            password=password,
            email=form.get("email", ""),
            display_name=form.get("display_name", "").strip(),
            setup=form.get("setup", ""),
            is_from_here=self._this_machine.asks(request),
            address=counted_address(request),
        )
        return await self._chat.open_session(user, device=device(request))

    async def _page(
        self, request: web.Request, form: Mapping[str, str], error: DomainError | None = None
    ) -> web.Response:
        """The form, for those who may register."""
        try:
            role = await self._chat.register_user.role_of_newcomer(
                setup=form.get("setup", ""), is_from_here=self._this_machine.asks(request)
            )
        except (SetupLinkRequired, RegistrationClosed) as refusal:
            return self._refused(request, form, refusal)
        return self._form(request, form, role, error)

    def _refused(
        self, request: web.Request, form: Mapping[str, str], refusal: DomainError
    ) -> web.Response:
        return self._views.page(
            request,
            "register_refused.html",
            status=of_domain(refusal).status,
            reason=self._views.refusal(request, refusal),
            setup_is_done=form.get("setup") and isinstance(refusal, RegistrationClosed),
            next=local_path(form.get("next")),
        )

    def _form(
        self,
        request: web.Request,
        form: Mapping[str, str],
        role: SiteRole,
        error: DomainError | None,
    ) -> web.Response:
        """The form as it was sent, but for the passwords, and each error beside its field."""
        setup = form.get("setup", "")
        refusal = of_domain(error) if error else None
        response = self._views.page(
            request,
            "register.html",
            status=refusal.status if refusal else 200,
            form={name: form.get(name, "") for name in _KEPT},
            errors=self._errors(request, error) if error else {},
            first=role is SiteRole.OWNER,
            setup=setup,
            setup_is_done=setup and role is not SiteRole.OWNER,
            next=local_path(form.get("next")),
        )
        if refusal:
            response.headers.update(headers_of(refusal))
        return response

    def _errors(self, request: web.Request, error: DomainError) -> dict[str, str]:
        field = error.field if error.field in _FIELDS else ""
        return {field or "": self._views.refusal(request, error)}
