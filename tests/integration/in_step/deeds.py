"""What can be done to a store, each as a strategy that draws one such deed.

A deed finds out for itself, in its unit, what is there: so a run that failed still makes sense to
every store when parts of it are left out. What it answers is all that it was told on the way.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from hypothesis import strategies as st

from application.ports.message_log import Unread
from application.ports.session_store import SessionStore
from application.ports.store import Unit
from besedka_contracts.cast import NOON, a_session, a_token, at
from domain.ids import RoomId, SessionId, UserId
from domain.membership import Membership
from domain.message import Entry, Kind, Message
from domain.names import RoomName
from domain.permissions import Role
from domain.room import Room, Visibility
from domain.search import Wanted
from domain.session import Session
from domain.star import Star
from domain.user import Person, User
from tests.integration.in_step import material as some
from tests.integration.in_step.stores import Call, Deed

NOTHING = "nothing to do it to"


def deed(call: Call, **given: st.SearchStrategy[Any]) -> st.SearchStrategy[Deed]:
    @st.composite
    def drawn(draw: st.DrawFn) -> Deed:
        return Deed(call, tuple((name, draw(each)) for name, each in given.items()))

    return drawn()


# Accounts


async def add_user(unit: Unit, user: User, password_hash: str) -> None:
    await unit.users.add(user, password_hash)


async def save_user(unit: Unit, user: User, display_name: str, email: str | None) -> None:
    await unit.users.save(replace(user, display_name=display_name, email=email))


async def disable_user(unit: Unit, user_id: UserId, at: datetime) -> bool:
    return await unit.users.disable(user_id, at)


async def enable_user(unit: Unit, user_id: UserId) -> None:
    await unit.users.enable(user_id)


async def set_password_hash(unit: Unit, user_id: UserId, password_hash: str) -> None:
    await unit.users.set_password_hash(user_id, password_hash)


async def claim_site(unit: Unit, user_id: UserId) -> bool | str:
    if not await unit.users.list_by_id([user_id]):
        return NOTHING
    return await unit.users.claim_site(user_id)


async def pass_site(unit: Unit, user_id: UserId) -> bool:
    return await unit.users.pass_site(user_id)


async def get_user(unit: Unit, user_id: UserId) -> tuple[User, str | None]:
    return await unit.users.get(user_id), await unit.users.find_password_hash(user_id)


async def find_user(unit: Unit, folded: str) -> User | None:
    return await unit.users.find_by_name(folded)


async def search_users(unit: Unit, folded: str, limit: int) -> list[User]:
    return await unit.users.search(folded, limit=limit)


async def page_users(unit: Unit, after: str, limit: int) -> list[User]:
    return await unit.users.page(after=after, limit=limit)


async def all_users(unit: Unit) -> list[object]:
    listed = await unit.users.list_by_id([*some.USER_IDS, *some.USER_IDS])
    return [
        sorted(listed, key=lambda user: user.id),
        await unit.users.search("", limit=99),
        await unit.users.page(after="", limit=99),
        await unit.users.is_site_claimed(),
    ]


# Rooms


async def put_room(
    unit: Unit,
    room_id: RoomId,
    name: RoomName,
    visibility: Visibility,
    topic: str,
    archived_at: datetime | None,
    head: int,
) -> Room:
    """Make it, or change it if it is there: names go from room to room and back."""
    if await unit.rooms.find(room_id) is None:
        room = Room(
            id=room_id,
            name=name,
            visibility=visibility,
            created_at=NOON,
            topic=topic,
            head=head,
        )
        await unit.rooms.add(room)
        return room
    room = await unit.rooms.lock(room_id)
    room.rename(name)
    room.visibility, room.topic, room.archived_at = visibility, topic, archived_at
    await unit.rooms.save(room)
    return room


async def put_direct(unit: Unit, room_id: RoomId, key: str, archived_at: datetime | None) -> Room:
    if await unit.rooms.find(room_id) is None:
        direct = Visibility.DIRECT
        room = Room(
            id=room_id,
            name=None,
            visibility=direct,
            created_at=NOON,
            direct_key=key,
            head=2**53 - 3,
        )
        await unit.rooms.add(room)
        return room
    room = await unit.rooms.lock(room_id)
    room.archived_at = archived_at
    await unit.rooms.save(room)
    return room


async def lock_room(unit: Unit, room_id: RoomId) -> Room:
    return await unit.rooms.lock(room_id)


async def find_room(unit: Unit, name: RoomName, key: str) -> list[Room | None]:
    return [await unit.rooms.find_by_name(name.folded), await unit.rooms.find_direct(key)]


async def list_visible(
    unit: Unit, user_id: UserId, query: str, after: str, limit: int
) -> list[Room]:
    return await unit.rooms.list_visible(user_id, query=query, after=after, limit=limit)


async def all_rooms(unit: Unit) -> list[object]:
    return [
        [await unit.rooms.find(room_id) for room_id in some.ROOM_IDS],
        await unit.rooms.heads([*some.ROOM_IDS, some.NOWHERE]),
        *[await unit.rooms.find_by_name(folded) for folded in some.FOLDED_ROOM_NAMES],
        *[
            await unit.rooms.list_visible(user_id, query="", after="", limit=99)
            for user_id in some.USER_IDS[:2]
        ],
    ]


# Memberships


async def add_member(
    unit: Unit,
    room_id: RoomId,
    user_id: UserId,
    role: Role,
    joined_at: datetime,
    read: int,
    present: bool,
) -> str | None:
    room, users = await unit.rooms.find(room_id), await unit.users.list_by_id([user_id])
    if room is None or not users:
        return NOTHING
    await unit.memberships.add(
        Membership(
            room_id=room_id,
            user_id=user_id,
            joined_at=joined_at,
            role=role,
            read=read,
            present=present,
        )
    )
    return None


async def save_member(
    unit: Unit, room_id: RoomId, user_id: UserId, role: Role, present: bool
) -> None:
    await unit.rooms.lock(room_id)
    await unit.memberships.save(
        Membership(
            room_id=room_id,
            user_id=user_id,
            joined_at=at(99),
            role=role,
            read=99,
            present=present,
        )
    )


async def move_read(unit: Unit, room_id: RoomId, user_id: UserId, seqs: Sequence[int]) -> None:
    for seq in seqs:
        await unit.memberships.move_read(room_id, user_id, seq)


async def remove_member(unit: Unit, room_id: RoomId, user_id: UserId) -> None:
    await unit.memberships.remove(room_id, user_id)


async def find_members(
    unit: Unit, room_id: RoomId, user_id: UserId, user_ids: Sequence[UserId]
) -> list[object]:
    return [
        await unit.memberships.find(room_id, user_id),
        await unit.memberships.find_many((room_id, each) for each in user_ids),
        await unit.memberships.find_by_names(room_id, [*some.FOLDED, "nobody", "ALICE"]),
        await unit.memberships.list_rooms(user_id),
        await unit.memberships.list_rooms_of(set(user_ids)),
    ]


async def all_members(unit: Unit) -> list[object]:
    present = await unit.memberships.list_present()
    return [
        [await unit.memberships.list_members(room_id) for room_id in some.ROOM_IDS],
        sorted(present, key=lambda each: (each.room_id, each.user_id)),
    ]


# The log


async def say(unit: Unit, room_id: RoomId, entries: Sequence[Entry]) -> list[Message]:
    """Through lock, receive, append and save, as every writer does it."""
    room = await unit.rooms.lock(room_id)
    known = {user.id: user for user in await unit.users.list_by_id(some.USER_IDS)}

    def there(person: Person | None) -> Person | None:
        return known[person.id].person if person and person.id in known else None

    messages = [
        room.receive(
            replace(
                entry,
                author=there(entry.author),
                key=entry.key if there(entry.author) else None,
                subject=there(entry.subject),
                mentions=tuple(user_id for user_id in entry.mentions if user_id in known),
            ),
            at=at(room.head % 50 / 10),
        )
        for entry in entries
    ]
    await unit.log.append(messages)
    await unit.rooms.save(room)
    return messages


async def edit(
    unit: Unit, room_id: RoomId, back: int, text: str, mentions: Sequence[UserId], told: bool
) -> None:
    """With the entry that tells of it, or without."""
    room = await unit.rooms.lock(room_id)
    known = {user.id for user in await unit.users.list_by_id(some.USER_IDS)}
    given = tuple(user_id for user_id in mentions if user_id in known)
    seq = max(room.head - back, 0)
    await unit.log.edit(room_id, seq, text=text, mentions=given, edited_at=at(9.001))
    if told and seq <= room.head:
        edited = Entry(kind=Kind.EDITED, author=None, text=text, mentions=given, target=seq)
        await unit.log.append([room.receive(edited, at=at(9))])
        await unit.rooms.save(room)


async def scrub(unit: Unit, room_id: RoomId, back: int) -> None:
    room = await unit.rooms.lock(room_id)
    await unit.log.scrub(room_id, max(room.head - back, 0))


async def scrub_edited(unit: Unit, room_id: RoomId) -> list[Message]:
    """The last post that was edited; by chance alone, it is seldom met."""
    await unit.rooms.lock(room_id)
    log = await unit.log.replay(room_id, 0, limit=999)
    edited = [each.target for each in log if each.kind is Kind.EDITED and each.target is not None]
    if edited:
        await unit.log.scrub(room_id, edited[-1])
    return await unit.log.replay(room_id, 0, limit=999)


async def clear(unit: Unit, room_id: RoomId, back: int, told: bool) -> None:
    room = await unit.rooms.lock(room_id)
    upto = max(room.head - back, 0)
    await unit.log.clear(room_id, upto)
    if told and upto <= room.head:
        cleared = Entry(kind=Kind.CLEARED, author=None, upto=upto)
        await unit.log.append([room.receive(cleared, at=at(9))])
        await unit.rooms.save(room)


async def read_log(unit: Unit, room_id: RoomId, back: int, limit: int) -> list[object]:
    room = await unit.rooms.find(room_id)
    seq = max((room.head if room else 0) - back, 0)
    return [
        await unit.log.find(room_id, seq),
        await unit.log.list_before(room_id, seq, limit=limit),
        await unit.log.list_after(room_id, seq, limit=limit),
        await unit.log.replay(room_id, seq, limit=limit),
    ]


async def search(
    unit: Unit, room_id: RoomId, wanted: Wanted, back: int, limit: int
) -> list[Message]:
    room = await unit.rooms.find(room_id)
    before = max((room.head if room else 0) - back, 0)
    return await unit.log.search(room_id, wanted, before=before, limit=limit)


async def count_unread(
    unit: Unit, user_id: UserId, user_ids: Sequence[UserId], back: int
) -> dict[UserId, dict[RoomId, Unread]]:
    heads = await unit.rooms.heads(some.ROOM_IDS)
    read = {room_id: max(head - back, 0) for room_id, head in heads.items()}
    nearer = {each: {room_id: seq + 1 for room_id, seq in read.items()} for each in user_ids}
    return await unit.log.count_unread({**nearer, user_id: {**read, some.NOWHERE: 0}})


async def all_messages(unit: Unit) -> list[object]:
    keys = [(user_id, key) for user_id in some.USER_IDS for key in some.KEYS]
    return [
        *[await unit.log.replay(room_id, 0, limit=999) for room_id in some.ROOM_IDS],
        await unit.log.find_by_keys(keys),
    ]


# Stars


async def star(
    unit: Unit, user_id: UserId, room_id: RoomId, back: int, starred_at: datetime
) -> None:
    room = await unit.rooms.find(room_id)
    seq = max((room.head if room else 0) - back, 0)
    await unit.stars.add(Star(user_id, room_id, seq, starred_at))


async def unstar(unit: Unit, user_id: UserId, room_id: RoomId, back: int) -> None:
    room = await unit.rooms.find(room_id)
    await unit.stars.remove(user_id, room_id, max((room.head if room else 0) - back, 0))


async def list_stars(
    unit: Unit, user_id: UserId, room_id: RoomId, back: int, starred_at: datetime, limit: int
) -> list[Star]:
    room = await unit.rooms.find(room_id)
    seq = max((room.head if room else 0) - back, 0)
    before = Star(user_id, room_id, seq, starred_at)
    return await unit.stars.list_of(user_id, before=before, limit=limit)


async def all_stars(unit: Unit) -> list[object]:
    listed = [await unit.stars.list_of(user_id, limit=999) for user_id in some.USER_IDS]
    places = [(star.room_id, star.seq) for stars in listed for star in stars]
    return [
        listed,
        [await unit.stars.starred(user_id, places) for user_id in some.USER_IDS],
        await unit.log.find_many(places),
    ]


# Sessions


async def add_session(
    sessions: SessionStore, user: User, device: str, seen_at: datetime, expires_at: datetime
) -> str | None:
    session = a_session(user, device, seen_at=seen_at, expires_at=expires_at)
    if (await sessions.find_many([session.digest]))[session.digest]:
        return NOTHING
    await sessions.add(session)
    return None


async def add_token(
    sessions: SessionStore, user: User, seen_at: datetime, expires_at: datetime | None
) -> str | None:
    token = a_token(user, seen_at=seen_at, expires_at=expires_at)
    if (await sessions.find_many([token.digest]))[token.digest]:
        return NOTHING
    await sessions.add(token)
    return None


async def touch(sessions: SessionStore, user: User, device: str, seen_at: datetime) -> None:
    await sessions.touch(a_session(user, device).id, seen_at)


async def end(sessions: SessionStore, user: User, ended: Sequence[SessionId]) -> list[SessionId]:
    return sorted(await sessions.end(user.id, list(ended)))


async def forget_over(sessions: SessionStore, expired: datetime, idle: datetime) -> int:
    return await sessions.forget_over(expired=expired, idle=idle)


async def all_sessions(sessions: SessionStore, given: Sequence[SessionId]) -> list[object]:
    listed = [await sessions.list_of(user.id) for user in _FIRST]
    for of_user in listed:
        seen = [session.seen_at for session in of_user]
        assert seen == sorted(seen, reverse=True)
    return [
        [sorted(of_user, key=_by_id) for of_user in listed],
        await sessions.find_many([session.digest for session in _SESSIONS]),
        sorted(await sessions.list_by_id(given), key=_by_id),
    ]


def _by_id(session: Session) -> SessionId:
    return session.id


_FIRST = list(some.USERS.values())[:3]
_SESSIONS = [
    *(a_session(user, device) for user in _FIRST for device in some.DEVICES),
    *(a_token(user) for user in _FIRST),
]

# Mistakes: what contradicts the contract. Each finds the room, alice and bob, and one message.

MISTAKEN = RoomId("00000000-0000-7000-8000-000000000001")


async def prepare(unit: Unit) -> None:
    """What mistakes are made with; beside everything else, which they must leave alone."""
    room = Room(id=MISTAKEN, name=None, visibility=Visibility.DIRECT, created_at=NOON)
    await unit.rooms.add(room)
    await unit.log.append([room.receive(Entry(kind=Kind.CLEARED, author=None), at=NOON)])
    await unit.rooms.save(room)


async def save_room_unlocked(unit: Unit) -> None:
    room = await unit.rooms.find(MISTAKEN)
    assert room
    await unit.rooms.save(room)


async def save_member_unlocked(unit: Unit) -> None:
    await unit.memberships.save(
        Membership(room_id=MISTAKEN, user_id=some.USER_IDS[0], joined_at=NOON)
    )


async def join_without_account(unit: Unit) -> None:
    nobody = UserId(some.NOWHERE)
    await unit.memberships.add(Membership(room_id=MISTAKEN, user_id=nobody, joined_at=NOON))


async def append_unlocked(unit: Unit) -> None:
    room = await unit.rooms.find(MISTAKEN)
    assert room
    await unit.log.append([room.receive(Entry(kind=Kind.POSTED, author=None), at=NOON)])


async def append_twice(unit: Unit) -> None:
    room = await unit.rooms.lock(MISTAKEN)
    message = await unit.log.find(MISTAKEN, room.head)
    assert message
    await unit.log.append([message])


async def append_by_nobody(unit: Unit) -> None:
    room = await unit.rooms.lock(MISTAKEN)
    nobody = Person(UserId(some.NOWHERE), "nobody", "Nobody")
    await unit.log.append([room.receive(Entry(kind=Kind.POSTED, author=nobody), at=NOON)])


MISTAKES = [
    Deed(mistake, ())
    for mistake in (
        save_room_unlocked,
        save_member_unlocked,
        join_without_account,
        append_unlocked,
        append_twice,
        append_by_nobody,
    )
]

_room, _user = {"room_id": some.room_ids}, {"user_id": some.user_ids}
_hashes = st.sampled_from(["$argon2id$one", "$argon2id$two"])
_flags = st.booleans()
_sometimes = st.one_of(st.none(), st.none(), some.moments)

ACCOUNTS = st.one_of(
    deed(add_user, user=some.people, password_hash=_hashes),
    deed(
        save_user,
        user=some.people,
        display_name=some.lines,
        email=st.none() | st.just("a@b.org"),
    ),
    deed(disable_user, **_user, at=some.moments),
    deed(enable_user, **_user),
    deed(set_password_hash, **_user, password_hash=_hashes),
    deed(claim_site, **_user),
    deed(pass_site, **_user),
    deed(get_user, **_user),
    deed(find_user, folded=st.sampled_from([*some.FOLDED, "ALICE", "nobody"])),
    deed(
        search_users, folded=st.sampled_from(["", "a", "jo", "josé", "%", "_"]), limit=some.limits
    ),
    deed(page_users, after=st.sampled_from(["", "a", *some.FOLDED]), limit=some.limits),
)

_put_room = deed(
    put_room,
    room_id=st.sampled_from(some.NAMED),
    name=some.room_names,
    visibility=some.visibilities,
    topic=some.lines,
    archived_at=_sometimes,
    head=st.sampled_from(some.HEADS),
)
_other_rooms = st.one_of(
    deed(
        put_direct,
        room_id=st.sampled_from(some.DIRECT),
        key=st.sampled_from(some.DIRECT_KEYS),
        archived_at=_sometimes,
    ),
    deed(lock_room, **_room),
    deed(find_room, name=some.room_names, key=st.sampled_from([*some.DIRECT_KEYS, "nobody"])),
    deed(
        list_visible,
        **_user,
        query=st.sampled_from(["", "a", "z", "_", "%", "ес", "GARDEN"]),
        after=st.sampled_from(["", "garden", "z-1", "я"]),
        limit=some.limits,
    ),
)
ROOMS = some.weighted((1, _put_room), (2, _other_rooms))

_add_member = deed(
    add_member,
    **_room,
    **_user,
    role=some.roles,
    joined_at=some.moments,
    read=st.sampled_from([0, 0, 1, 2**53 + 1]),
    present=_flags,
)
_other_members = st.one_of(
    deed(save_member, **_room, **_user, role=some.roles, present=_flags),
    deed(move_read, **_room, **_user, seqs=st.lists(some.seqs, min_size=2, max_size=3)),
    deed(remove_member, **_room, **_user),
    deed(find_members, **_room, **_user, user_ids=some.some_user_ids),
)
MEMBERS = some.weighted((1, _add_member), (2, _other_members))

TALK = some.weighted(
    (6, deed(say, **_room, entries=st.lists(some.entries(), min_size=1, max_size=4))),
    (
        2,
        deed(
            edit,
            **_room,
            back=some.behind,
            text=some.texts,
            mentions=some.some_user_ids,
            told=_flags,
        ),
    ),
    (2, deed(scrub, **_room, back=some.behind)),
    (1, deed(scrub_edited, **_room)),
    (1, deed(clear, **_room, back=st.integers(-1, 20), told=_flags)),
)

_star = {**_user, "room_id": st.sampled_from(some.NAMED[:2])}
STARS = some.weighted(
    (4, deed(star, **_star, back=some.behind, starred_at=some.moments)),
    (1, deed(unstar, **_star, back=some.behind)),
    (2, deed(list_stars, **_star, back=some.behind, starred_at=some.moments, limit=some.limits)),
)

LOOKS = some.weighted(
    (1, deed(read_log, **_room, back=some.places, limit=some.limits)),
    (
        3,
        deed(
            search,
            room_id=st.sampled_from([*some.NAMED[:2] * 3, *some.NAMED]),
            wanted=some.wanted(),
            back=some.places,
            limit=some.limits,
        ),
    ),
    (1, deed(count_unread, **_user, user_ids=some.some_user_ids, back=some.behind)),
)


def _now(call: Call, **given: object) -> Deed:
    return Deed(call, tuple(given.items()))


def _first_post(author: User, number: int) -> Entry:
    text = f"{some.WORDS[number]} {some.WORDS[number + 1]} {some.TEXTS[number]}"
    return Entry(kind=Kind.POSTED, author=author.person, text=text)


# Without these, most deeds would find nothing to do.
BEGINNING = [
    *[_now(add_user, user=user, password_hash="hash") for user in _FIRST],
    *[
        _now(
            put_room,
            room_id=room_id,
            name=RoomName(name),
            visibility=Visibility.PUBLIC,
            topic="",
            archived_at=None,
            head=0,
        )
        for room_id, name in zip(some.NAMED[:2], ("garden", "z_1"), strict=True)
    ],
    *[
        _now(
            add_member,
            room_id=some.NAMED[0],
            user_id=user.id,
            role=Role.MEMBER,
            joined_at=NOON,
            read=0,
            present=False,
        )
        for user in _FIRST[:2]
    ],
    _now(
        say,
        room_id=some.NAMED[0],
        entries=[_first_post(author, number) for number, author in enumerate(_FIRST * 3)],
    ),
    _now(prepare),
]

ALL_USERS, ALL_ROOMS, ALL_MEMBERS, ALL_MESSAGES, ALL_STARS = EVERYTHING = [
    _now(each) for each in (all_users, all_rooms, all_members, all_messages, all_stars)
]

_signed_in = {"user": st.sampled_from(_FIRST), "device": st.sampled_from(some.DEVICES)}
_session_ids = st.lists(st.sampled_from([session.id for session in _SESSIONS]), max_size=4)
SESSIONS = st.one_of(
    deed(add_session, **_signed_in, seen_at=some.few_moments, expires_at=some.few_moments),
    deed(add_token, user=st.sampled_from(_FIRST), seen_at=some.few_moments, expires_at=_sometimes),
    deed(touch, **_signed_in, seen_at=some.few_moments),
    deed(end, user=st.sampled_from(_FIRST), ended=_session_ids),
    deed(forget_over, expired=some.few_moments, idle=some.few_moments),
)
ALL_SESSIONS = deed(all_sessions, given=_session_ids)
