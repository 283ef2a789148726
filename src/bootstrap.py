"""The composition root: the only place that knows everything.

`Container` says which adapter stands behind which port and what each use case is built from.
`opened` brings it to life and lays it to rest, in the right order. Tests are another bootstrap:
they override providers of the same container.
"""

import asyncio
import importlib
import importlib.metadata
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import fields
from datetime import timedelta
from itertools import chain
from typing import Any

from aiohttp import web
from dependency_injector import containers, providers

from adapters.cli.main import build_cli
from adapters.cli.program import Moving, Operator, Program
from adapters.configuration.errors import ConfigurationError
from adapters.configuration.settings import Settings
from adapters.http.app import HttpOptions, create_app
from adapters.http.draining import Draining
from adapters.http.register_page import setup_path
from adapters.notifier.in_process import InProcessNotifier
from adapters.persistence.memory.presence_board import MemoryPresenceBoard
from adapters.persistence.memory.rate_limits import MemoryRateLimits
from adapters.persistence.memory.session_store import MemorySessionStore
from adapters.persistence.memory.store import MemoryStore
from adapters.system.argon2_hasher import Argon2Hasher
from adapters.system.random_ids import RandomIds
from adapters.system.system_clock import SystemClock
from adapters.ws.gateway import SocketGateway
from adapters.ws.socket import SocketOptions
from adapters.ws.watcher import UNWATCHED
from application.attendance import Attendance
from application.chat import Chat
from application.grace import Grace
from application.housekeeping import Housekeeping
from application.limits import Limits
from application.newcomers import Newcomers
from application.ports.rate_limits import Action
from application.ports.transfer import Movable
from application.room_writer import RoomWriter
from application.setup_link import SetupLink
from application.shared_replay import SharedReplay
from application.use_cases.archive_room import ArchiveRoom
from application.use_cases.authenticate import Authenticate
from application.use_cases.change_display_name import ChangeDisplayName
from application.use_cases.change_password import ChangePassword
from application.use_cases.change_role import ChangeRole
from application.use_cases.clear_room import ClearRoom
from application.use_cases.close_room import CloseRoom
from application.use_cases.compare_stores import CompareStores
from application.use_cases.connect import Connect
from application.use_cases.copy_store import CopyStore
from application.use_cases.count_store import CountStore
from application.use_cases.create_room import CreateRoom
from application.use_cases.create_token import CreateToken
from application.use_cases.create_user import CreateUser
from application.use_cases.delete_message import DeleteMessage
from application.use_cases.disable_user import DisableUser
from application.use_cases.disconnect import Disconnect
from application.use_cases.edit_message import EditMessage
from application.use_cases.enable_user import EnableUser
from application.use_cases.end_sessions import EndSessions
from application.use_cases.end_token import EndToken
from application.use_cases.find_people import FindPeople
from application.use_cases.get_room import GetRoom
from application.use_cases.greet import Greet
from application.use_cases.heal_room import HealRoom
from application.use_cases.invite_member import InviteMember
from application.use_cases.is_site_claimed import IsSiteClaimed
from application.use_cases.join_room import JoinRoom
from application.use_cases.leave_room import LeaveRoom
from application.use_cases.list_members import ListMembers
from application.use_cases.list_my_rooms import ListMyRooms
from application.use_cases.list_rooms import ListRooms
from application.use_cases.list_sessions import ListSessions
from application.use_cases.list_starred import ListStarred
from application.use_cases.list_tokens import ListTokens
from application.use_cases.list_users import ListUsers
from application.use_cases.mark_read import MarkRead
from application.use_cases.open_direct import OpenDirect
from application.use_cases.open_room import OpenRoom
from application.use_cases.open_session import OpenSession
from application.use_cases.page_messages import PageMessages
from application.use_cases.pass_site import PassSite
from application.use_cases.post_message import PostMessage
from application.use_cases.register_user import RegisterUser
from application.use_cases.remove_member import RemoveMember
from application.use_cases.rename_room import RenameRoom
from application.use_cases.reset_password import ResetPassword
from application.use_cases.resume_rooms import ResumeRooms
from application.use_cases.run_command import RunCommand
from application.use_cases.search_messages import SearchMessages
from application.use_cases.set_topic import SetTopic
from application.use_cases.settle_nodes import SettleNodes
from application.use_cases.settle_presence import SettlePresence
from application.use_cases.show_typing import ShowTyping
from application.use_cases.sign_in import SignIn
from application.use_cases.star_message import StarMessage
from application.use_cases.unstar_message import UnstarMessage
from application.welcome import Welcome

VERSION = importlib.metadata.version("besedka")
# Reading a store from end to end is no request: nobody waits for each statement of it.
MOVING_TIMEOUT_SECONDS = 60.0
# Connections that may wait to be taken in: when a node goes, all of its people come to another.
BACKLOG = 1024
USE_CASES = frozenset(field.name for field in fields(Chat))


def rates(limits: Mapping[str, float]) -> dict[Action, tuple[float, int]]:
    """Per second, and at once, for each action: the settings speak as people do."""
    minute, hour = 60, 3600
    sign_ins = limits["sign_ins_per_minute"]
    from_address = limits["sign_ins_per_minute_and_address"]
    registrations = limits["registrations_per_hour"]
    changes = limits["room_changes_per_minute"]
    return {
        Action.POST: (limits["posts_per_second"], int(limits["post_burst"])),
        Action.SIGN_IN: (sign_ins / minute, max(1, int(sign_ins))),
        # From whatever addresses: wide, or anybody could keep anybody else out.
        Action.SIGN_IN_TO_ACCOUNT: (10 * sign_ins / minute, max(1, int(10 * sign_ins))),
        Action.SIGN_IN_FROM_ADDRESS: (from_address / minute, max(1, int(from_address))),
        Action.REGISTER: (registrations / hour, max(1, int(registrations))),
        Action.CHANGE_ROOMS: (changes / minute, max(1, int(changes))),
        Action.SEARCH: (limits["searches_per_second"], 20),
        Action.TYPE: (limits["typing_per_second"], 5),
    }


def built(path: str, *arguments: object, **options: object) -> object:
    """The class of that path, imported when it is needed: who does not use a backend neither
    waits for its libraries nor has to have them."""
    module, _, name = path.rpartition(".")
    return getattr(importlib.import_module(module), name)(*arguments, **options)


class Container(containers.DeclarativeContainer):
    """`config` is the settings as a dict, and `backend`, the scheme of the database's URL."""

    config = providers.Configuration(strict=True)

    # What the core needs from the world
    clock = providers.Singleton(SystemClock)
    ids = providers.Singleton(RandomIds, clock)
    hasher = providers.Singleton(Argon2Hasher)
    bounds = providers.Callable(rates, config.limits)
    memory_rate_limits = providers.Singleton(MemoryRateLimits, clock, bounds)
    sql_store = providers.Singleton(
        built,
        "adapters.persistence.sql.store.SqlStore",
        config.database_url,
        pool_size=config.store.pool_size,
        timeout=config.store.busy_timeout_seconds,
    )
    sql_sessions = providers.Singleton(
        built,
        "adapters.persistence.sql.session_store.SqlSessionStore",
        sql_store.provided.database,
    )
    mongo_store = providers.Singleton(
        built,
        "adapters.persistence.mongo.store.MongoStore",
        config.database_url,
        driver=config.store.mongo_driver,
        pool_size=config.store.pool_size,
        timeout=config.store.busy_timeout_seconds,
    )
    mongo_sessions = providers.Singleton(
        built,
        "adapters.persistence.mongo.session_store.MongoSessionStore",
        mongo_store.provided.database,
    )
    bare_store = providers.Selector(
        config.backend,
        memory=providers.Singleton(MemoryStore),
        sqlite=sql_store,
        postgresql=sql_store,
        postgres=sql_store,
        mongodb=mongo_store,
        **{"mongodb+srv": mongo_store},
    )
    # `metering` is "on" where there is somebody to read the numbers. Each worker counts for itself.
    instruments = providers.Singleton(
        built, "adapters.metrics.instruments.Instruments", VERSION, config.backend
    )
    store = providers.Selector(
        config.metering,
        off=bare_store,
        on=providers.Singleton(
            built, "adapters.metrics.metered_store.MeteredStore", bare_store, instruments
        ),
    )
    epoch = providers.Callable(lambda store: store.epoch, store)
    database_sessions = providers.Selector(
        config.backend,
        memory=providers.Singleton(MemorySessionStore),
        sqlite=sql_sessions,
        postgresql=sql_sessions,
        postgres=sql_sessions,
        mongodb=mongo_sessions,
        **{"mongodb+srv": mongo_sessions},
    )

    # What is between the nodes: `relay` is "redis", or "memory" where there is but one
    node = providers.Singleton(lambda ids: ids.new_id(), ids)
    redis = providers.Singleton(
        built,
        "adapters.redis.link.RedisLink",
        config.redis_url,
        prefix=config.redis.prefix,
        timeout=config.redis.timeout_seconds,
        verify_certificate=config.redis.verify_certificate,
    )
    bare_notifier = providers.Selector(
        config.relay,
        memory=providers.Singleton(InProcessNotifier),
        redis=providers.Singleton(
            built, "adapters.notifier.redis.notifier.RedisNotifier", redis, node, epoch.provider
        ),
    )
    notifier = providers.Selector(
        config.metering,
        off=bare_notifier,
        on=providers.Singleton(
            built, "adapters.metrics.metered_notifier.MeteredNotifier", bare_notifier, instruments
        ),
    )
    board = providers.Selector(
        config.relay,
        memory=providers.Singleton(MemoryPresenceBoard),
        redis=providers.Singleton(
            built,
            "adapters.persistence.redis.presence_board.RedisPresenceBoard",
            redis,
            node,
            config.redis.lease_seconds,
            providers.Singleton(MemoryPresenceBoard),
        ),
    )
    rate_limits = providers.Selector(
        config.relay,
        memory=memory_rate_limits,
        redis=providers.Singleton(
            built,
            "adapters.persistence.redis.rate_limits.RedisRateLimits",
            redis,
            bounds,
            memory_rate_limits,
        ),
    )
    sessions = providers.Selector(
        config.sessions.store,
        database=database_sessions,
        redis=providers.Singleton(
            built,
            "adapters.persistence.redis.session_store.RedisSessionStore",
            redis,
            database_sessions,
        ),
    )

    # Stores as things to move, by the scheme of a URL
    sql_movable = providers.Factory(
        built, "adapters.persistence.sql.movable.SqlMovable", timeout=MOVING_TIMEOUT_SECONDS
    )
    mongo_movable = providers.Factory(
        built,
        "adapters.persistence.mongo.movable.MongoMovable",
        driver=config.store.mongo_driver,
        timeout=config.store.busy_timeout_seconds,
    )
    movables = providers.FactoryAggregate(
        {
            "sqlite": sql_movable,
            "postgresql": sql_movable,
            "postgres": sql_movable,
            "mongodb": mongo_movable,
            "mongodb+srv": mongo_movable,
            "archive": providers.Factory(
                built, "adapters.persistence.archive.movable.ArchiveMovable"
            ),
        }
    )

    # The core
    limits = providers.Singleton(
        Limits,
        text=config.limits.text_length,
        page=config.limits.page,
        replay=config.limits.replay,
        session_idle=providers.Callable(timedelta, config.sessions.idle_days),
        session_life=providers.Callable(timedelta, config.sessions.life_days),
    )
    writer = providers.Singleton(RoomWriter, store, clock, notifier)
    shared_replay = providers.Singleton(SharedReplay, store, clock)
    grace = providers.Singleton(Grace, clock, config.presence_grace_seconds)
    attendance = providers.Singleton(Attendance, writer, board, grace)
    welcome = providers.Singleton(Welcome, store, clock, ids, writer, config.welcome_room)
    setup_link = providers.Singleton(SetupLink, store)
    newcomers = providers.Singleton(Newcomers, store, clock, ids, hasher, welcome)

    # Use cases: accounts
    register_user = providers.Singleton(
        RegisterUser,
        store,
        newcomers,
        setup_link,
        rate_limits,
        is_open=config.has_open_registration,
    )
    create_user = providers.Singleton(CreateUser, newcomers)
    open_session = providers.Singleton(OpenSession, sessions, clock, ids, limits)
    end_sessions = providers.Singleton(EndSessions, sessions, notifier)
    sign_in = providers.Singleton(SignIn, store, hasher, rate_limits, open_session, end_sessions)
    authenticate = providers.Singleton(Authenticate, store, sessions, clock, limits)
    list_sessions = providers.Singleton(ListSessions, sessions, clock, limits)
    list_tokens = providers.Singleton(ListTokens, sessions, clock, limits)
    create_token = providers.Singleton(CreateToken, sessions, clock, ids, list_tokens)
    end_token = providers.Singleton(EndToken, sessions, notifier)
    change_password = providers.Singleton(ChangePassword, store, hasher, rate_limits, end_sessions)
    change_display_name = providers.Singleton(ChangeDisplayName, store, notifier)
    is_site_claimed = providers.Singleton(IsSiteClaimed, store)
    find_people = providers.Singleton(FindPeople, store, board)
    list_users = providers.Singleton(ListUsers, store)
    reset_password = providers.Singleton(ResetPassword, store, hasher, end_sessions)
    disable_user = providers.Singleton(DisableUser, store, clock, end_sessions)
    enable_user = providers.Singleton(EnableUser, store)
    pass_site = providers.Singleton(PassSite, store)

    # Use cases: rooms
    list_rooms = providers.Singleton(ListRooms, store)
    list_my_rooms = providers.Singleton(ListMyRooms, store, board)
    get_room = providers.Singleton(GetRoom, store, board)
    create_room = providers.Singleton(CreateRoom, store, clock, ids, notifier, rate_limits)
    open_direct = providers.Singleton(OpenDirect, store, clock, ids, notifier, board, rate_limits)
    join_room = providers.Singleton(JoinRoom, writer, rate_limits, get_room)
    leave_room = providers.Singleton(LeaveRoom, writer)
    list_members = providers.Singleton(ListMembers, store, board)
    invite_member = providers.Singleton(InviteMember, writer, rate_limits)
    remove_member = providers.Singleton(RemoveMember, writer)
    change_role = providers.Singleton(ChangeRole, writer, rate_limits)
    set_topic = providers.Singleton(SetTopic, writer, rate_limits)
    rename_room = providers.Singleton(RenameRoom, writer, rate_limits)
    clear_room = providers.Singleton(ClearRoom, writer)
    archive_room = providers.Singleton(ArchiveRoom, writer, clock)

    # Use cases: messages
    run_command = providers.Singleton(
        RunCommand,
        store,
        invite_member=invite_member,
        leave_room=leave_room,
        set_topic=set_topic,
        rename_room=rename_room,
        remove_member=remove_member,
        change_role=change_role,
        clear_room=clear_room,
    )
    post_message = providers.Singleton(PostMessage, writer, rate_limits, run_command, limits)
    edit_message = providers.Singleton(EditMessage, writer, rate_limits, limits)
    delete_message = providers.Singleton(DeleteMessage, writer, rate_limits)
    page_messages = providers.Singleton(PageMessages, store, limits)
    search_messages = providers.Singleton(SearchMessages, store, rate_limits)
    star_message = providers.Singleton(StarMessage, store, clock)
    unstar_message = providers.Singleton(UnstarMessage, store)
    list_starred = providers.Singleton(ListStarred, store)
    mark_read = providers.Singleton(MarkRead, store, notifier)
    heal_room = providers.Singleton(HealRoom, store)

    # Use cases: presence
    connect = providers.Singleton(Connect, board, notifier, grace, list_my_rooms)
    resume_rooms = providers.Singleton(ResumeRooms, store, shared_replay, limits)
    greet = providers.Singleton(Greet, store, clock, connect, resume_rooms)
    disconnect = providers.Singleton(Disconnect, store, board, notifier, grace, attendance)
    open_room = providers.Singleton(
        OpenRoom, page_messages, get_room, list_members, board, attendance
    )
    close_room = providers.Singleton(CloseRoom, board, attendance)
    show_typing = providers.Singleton(ShowTyping, store, notifier, rate_limits)
    settle_presence = providers.Singleton(SettlePresence, store, board, attendance)
    settle_nodes = providers.Singleton(SettleNodes, store, board, notifier, attendance)
    housekeeping = providers.Singleton(
        Housekeeping, clock, sessions, limits, settle_presence, settle_nodes
    )

    # Use cases: for operators
    copy_store = providers.Singleton(CopyStore, ids)
    compare_stores = providers.Singleton(CompareStores)
    count_store = providers.Singleton(CountStore)

    # The driving port, and the gateways that are written against it
    chat = providers.Singleton(
        Chat, **{name: value for name, value in locals().items() if name in USE_CASES}
    )
    sockets = providers.Singleton(
        SocketGateway,
        chat,
        notifier,
        ids,
        providers.Singleton(
            SocketOptions,
            public_url=config.public_url,
            heartbeat=config.heartbeat_seconds,
            frame_bytes=config.limits.frame_bytes,
            outbox_bytes=config.limits.outbox_bytes,
            connections_per_user=config.limits.connections_per_user,
            requests_per_second=config.limits.requests_per_second,
            text_length=config.limits.text_length,
        ),
        providers.Selector(
            config.metering,
            off=providers.Object(UNWATCHED),
            on=providers.Singleton(
                built, "adapters.metrics.socket_watcher.SocketWatcher", instruments
            ),
        ),
    )
    sampling = providers.Singleton(
        built,
        "adapters.metrics.sampling.Sampling",
        instruments,
        sockets,
        providers.Selector(
            config.relay,
            memory=providers.Object(()),
            redis=providers.Callable(
                built,
                "adapters.metrics.relay_counts.relay_counts",
                instruments,
                redis,
                bare_notifier,
            ),
        ),
    )
    metrics = providers.Singleton(
        built,
        "adapters.metrics.page.MetricsPage",
        providers.Singleton(
            built, "adapters.metrics.access.Access", config.metrics.access, config.metrics.token
        ),
        sampling,
        providers.Singleton(built, "adapters.metrics.exposition.Exposition", instruments),
    )
    draining = providers.Singleton(Draining)
    http = providers.Singleton(
        create_app,
        chat,
        providers.Singleton(
            HttpOptions,
            version=VERSION,
            host=config.host,
            public_url=config.public_url,
            secure_cookies=config.has_secure_cookies,
            trusted_proxies=config.trusted_proxies,
            max_body=config.limits.body_bytes,
            session_life=limits.provided.session_life,
        ),
        check=store.provided.check,
        notes=providers.Selector(
            config.relay, memory=providers.Object(dict), redis=redis.provided.notes
        ),
        new_id=ids.provided.new_id,
        draining=draining,
        extra_routes=providers.Callable(
            lambda *routes: list(chain(*routes)),
            sockets.provided.routes.call(),
            providers.Selector(
                config.metering, off=providers.Object(()), on=metrics.provided.routes.call()
            ),
        ),
    )


def container_for(settings: Settings) -> Container:
    """Raises `ConfigurationError` for a store or a notifier that this program does not have."""
    backend = settings.database_url.partition(":")[0]
    if backend not in Container.bare_store.providers:
        known = ", ".join(f"{name}://" for name in Container.bare_store.providers)
        raise ConfigurationError(f"DATABASE_URL: {backend}:// is not known; use one of {known}")
    if settings.sessions.store == "redis" and not settings.redis_url:
        raise ConfigurationError('sessions.store is "redis", but REDIS_URL says nothing of where')
    refuse_lonely_workers(settings)
    container = Container()
    container.config.from_dict(
        {
            **settings.model_dump(),
            "has_secure_cookies": settings.has_secure_cookies,
            "has_open_registration": settings.registration == "open",
            "backend": backend,
            "relay": "redis" if settings.redis_url else "memory",
            "metering": "off" if settings.metrics.access == "off" else "on",
        }
    )
    return container


def refuse_lonely_workers(settings: Settings) -> None:
    """Raises `ConfigurationError` for several processes that could not hear of each other."""
    if settings.workers > 1 and settings.database_url.startswith("memory:"):
        raise ConfigurationError("workers: memory:// is in one process; choose another database")
    if settings.workers > 1 and not settings.redis_url:
        raise ConfigurationError("workers: more than one need Redis between them; set REDIS_URL")


@asynccontextmanager
async def opened(container: Container) -> AsyncIterator[Chat]:
    """The chat on its open store. At the end, what was taken is committed before it closes."""
    async with AsyncExitStack() as stack:
        store = container.store()
        stack.push_async_callback(store.close)
        await store.open(container.ids().new_id())
        await _join_nodes(container, stack)
        stack.callback(container.hasher().close)
        stack.push_async_callback(container.writer().drain)
        stack.push_async_callback(container.grace().close)
        stack.push_async_callback(container.shared_replay().close)
        yield container.chat()


async def _join_nodes(container: Container, stack: AsyncExitStack) -> None:
    """From here to the end this is one of several nodes, if there is a Redis between them."""
    config = container.config
    if "redis" not in {config.relay(), config.sessions.store()}:
        return
    link: Any = container.redis()  # What is `built` has no type.
    stack.push_async_callback(link.close)
    await link.open()
    if config.relay() == "redis":
        for part in (container.bare_notifier(), container.board()):
            stack.push_async_callback(part.close)
            await part.open()


@asynccontextmanager
async def serving(container: Container) -> AsyncIterator[str]:
    """The chat with its gateways, listening; its address, with the port that was bound. Raises
    `OSError` if it cannot listen there. At the end: tell proxies, take nobody in any more, answer
    what was asked, send the sockets home, and only then close what stands below."""
    config = container.config
    seconds = config.shutdown_seconds()
    async with opened(container), AsyncExitStack() as stack:
        runner = web.AppRunner(container.http(), shutdown_timeout=seconds)
        sockets = container.sockets()
        stack.push_async_callback(_send_home, sockets, runner, seconds)
        await runner.setup()
        await sockets.open()
        is_shared = config.workers() > 1
        site = web.TCPSite(
            runner, config.host(), config.port(), reuse_port=is_shared, backlog=BACKLOG
        )
        await site.start()
        stack.push_async_callback(site.stop)
        if config.metering() == "on":
            sampling: Any = container.sampling()  # What is `built` has no type.
            stack.push_async_callback(sampling.close)
            sampling.open()
        container.housekeeping().start()
        stack.push_async_callback(container.housekeeping().close)
        if config.relay() == "redis":
            stack.push_async_callback(container.board().leave)
        stack.push_async_callback(asyncio.sleep, config.drain_seconds())
        stack.callback(container.draining().begin)
        yield _address(*runner.addresses[0][:2])


async def _send_home(sockets: SocketGateway, runner: web.AppRunner, seconds: float) -> None:
    """Everybody is answered, and told to come back; or not answered, if it takes too long. Some
    of the time is left for the stores."""
    end = asyncio.get_running_loop().time() + 0.9 * seconds
    await sockets.close(within=0.4 * seconds)
    with suppress(TimeoutError):
        async with asyncio.timeout_at(end):
            await runner.cleanup()


def _address(host: str, port: int) -> str:
    """Where a browser on this machine finds what listens there."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class Besedka(Program):
    """What the command line starts."""

    version = VERSION

    def check(self, settings: Settings) -> None:
        container_for(settings)

    def check_urls(self, settings: Settings) -> None:
        container = container_for(settings)  # What is built reads its URL, and opens nothing yet.
        container.bare_store()
        if settings.redis_url:
            container.redis()

    async def serve(self, settings: Settings, operator: Operator) -> None:
        container = container_for(settings)
        async with serving(container) as address:
            claimed = await container.chat().is_site_claimed()
            setup = None if claimed else setup_path(container.setup_link().secret)
            operator.ready(address, setup_path=setup)
            await operator.until_stopped(lambda: container.sockets().count)

    @asynccontextmanager
    async def open_chat(self, settings: Settings) -> AsyncIterator[Chat]:
        container = container_for(settings)
        container.rate_limits.override(providers.Singleton(MemoryRateLimits, container.clock, {}))
        container.config.relay.from_value("memory")
        container.config.metering.from_value("off")
        async with opened(container) as chat:
            yield chat

    def moving(self, settings: Settings) -> Moving:
        container = container_for(settings)

        def movable(url: str) -> Movable:
            scheme = url.partition(":")[0]
            if scheme not in container.movables.providers or "://" not in url:
                known = ", ".join(f"{name}://" for name in container.movables.providers)
                raise ConfigurationError(f"There is no store to move at {scheme}; use {known}")
            found = container.movables(scheme, url)
            assert isinstance(found, Movable)
            return found

        return Moving(
            movable, container.copy_store(), container.compare_stores(), container.count_store()
        )


def main() -> None:
    build_cli(Besedka())(prog_name="besedka")


if __name__ == "__main__":
    main()
