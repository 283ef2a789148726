"""What HTTP and the sockets must judge alike about a request: who asks, from which site, and from
which address. A second copy of any of these would one day be the laxer one."""

from functools import lru_cache
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from aiohttp import web
from yarl import URL

from application.chat import Chat
from application.use_cases.authenticate import Identity
from domain.errors import Forbidden, NotSignedIn, RoomNotFound, SessionNotFound, TokenNotFound
from domain.ids import RoomId, SessionId, is_id

# The application says here whether it is served over https. Where it says nothing, it is not.
SECURE_COOKIES = web.AppKey("secure_cookies", bool)

LOOPBACK = ("127.0.0.0/8", "::1/128")

# What proxies add. Whoever comes through one stands next to the proxy and not next to us, and
# whether the proxy is to be believed does not matter: these can only make an asker more distant.
FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via")


class CrossSite(Forbidden):
    """A browser was made to send this by another site, or cannot tell that it was not."""

    code = "cross_site"

    def __init__(self) -> None:
        super().__init__("This request came from another site and was not carried out.")


def session_cookie(request: web.Request) -> str:
    """The name of the session's cookie. Over https the prefix makes browsers refuse one that a
    neighbouring subdomain or a plain-http page has planted, so then no other name is read."""
    secure = request.config_dict.get(SECURE_COOKIES, False)
    return "__Host-besedka_session" if secure else "besedka_session"


async def identify(chat: Chat, request: web.Request, *, stays: bool = False) -> Identity:
    """Who asks, by `Authorization: Bearer` or else by cookie, and whether to stay connected. Raises
    `NotSignedIn`."""
    bearer = bearer_secret(request)
    secret = request.cookies.get(session_cookie(request)) if bearer is None else bearer
    if not secret:
        raise NotSignedIn
    identity = await chat.authenticate(secret, stays=stays)
    if bearer is None and identity.session.is_token:  # Tokens are for programs, not for browsers.
        raise NotSignedIn
    return identity


async def identify_in_person(chat: Chat, request: web.Request) -> Identity:
    """Who asks, for what decides about sessions, tokens and passwords: a token that leaked must
    not get itself more of them, nor lock its owner out. Raises `NotSignedIn`, `NotByToken`."""
    identity = await identify(chat, request)
    identity.require_in_person()
    return identity


def bearer_secret(request: web.Request) -> str | None:
    """What `Authorization: Bearer` carries; another scheme is a proxy's business."""
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    return secret.strip() if scheme.lower() == "bearer" else None


def is_cookie_request(request: web.Request) -> bool:
    """Whether the browser itself vouches for the request, as it does for forged ones too. With a
    bearer token the cookie is not looked at, and no other site can send that header."""
    return bearer_secret(request) is None and session_cookie(request) in request.cookies


def require_same_origin(request: web.Request, public_url: str | None) -> None:
    """Raises `CrossSite` unless `Origin` or `Sec-Fetch-Site` is there, and each that is there
    says that a page of this very site is asking. Forged requests cannot set either.

    Without `public_url` the site is whatever the request was sent to.
    """
    origin = request.headers.get("Origin")
    site = request.headers.get("Sec-Fetch-Site")
    if origin is None and site is None:
        raise CrossSite
    if site is not None and site not in {"same-origin", "none"}:
        raise CrossSite
    own = public_url or f"{request.scheme}://{request.host}"
    if origin is not None and (_origin(origin) is None or _origin(origin) != _origin(own)):
        raise CrossSite


def client_address(request: web.Request, trusted_proxies: tuple[str, ...]) -> str:
    """The address that the request comes from. `X-Forwarded-For` is believed as far as trusted
    proxies (addresses or networks) wrote it, from its end; what stands before may be forged."""
    address = request.remote or ""
    hops = ",".join(request.headers.getall("X-Forwarded-For", [])).split(",")
    while hops and is_trusted(address, trusted_proxies):
        hop = _plain(hops.pop().strip())
        if hop is None:
            break
        address = hop
    return _plain(address) or address


def is_trusted(address: str, trusted_proxies: tuple[str, ...]) -> bool:
    plain = _plain(address)
    if plain is None:
        return False
    ip = ip_address(plain)
    return any(ip in network for network in _networks(trusted_proxies))


def counted_address(request: web.Request) -> str:
    """By which address the request counts against limits. Of IPv6 the network of 64 bits: one
    subscriber has all the addresses in it, and could else have a fresh limit for each attempt."""
    address = request.remote or ""
    plain = _plain(address)
    if plain is None or ":" not in plain:
        return plain or address
    return str(ip_network((plain.partition("%")[0], 64), strict=False))


def room_id(text: str) -> RoomId:
    """Raises `RoomNotFound`: what is no id is nobody's, and no store has to make sense of it."""
    if not is_id(text):
        raise RoomNotFound
    return RoomId(text)


def session_id(text: str) -> SessionId:
    """Raises `SessionNotFound`."""
    if not is_id(text):
        raise SessionNotFound
    return SessionId(text)


def token_id(text: str) -> SessionId:
    """Raises `TokenNotFound`."""
    if not is_id(text):
        raise TokenNotFound
    return SessionId(text)


def _origin(url: str) -> tuple[str, str, int | None] | None:
    """Scheme, host and port, the default port included; None for `null` and other oddities."""
    try:
        parsed = URL(url)
        host, port = parsed.raw_host, parsed.port
    except ValueError:
        return None
    return (parsed.scheme, host.lower(), port) if parsed.scheme and host else None


def _plain(address: str) -> str | None:
    """One spelling for each address: a socket for both families calls 10.0.0.1 ::ffff:10.0.0.1."""
    try:
        ip = ip_address(address)
    except ValueError:
        return None
    mapped = ip.ipv4_mapped if isinstance(ip, IPv6Address) else None
    return str(mapped or ip)


@lru_cache(maxsize=8)
def _networks(trusted_proxies: tuple[str, ...]) -> tuple[IPv4Network | IPv6Network, ...]:
    return tuple(ip_network(each, strict=False) for each in trusted_proxies)
