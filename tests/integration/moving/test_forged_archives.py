"""An archive that somebody has changed and signed anew: each line is whole, and its sum is right.
What no store of ours has ever written is refused, by its line, before anything is restored."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from adapters.cli.main import build_cli
from adapters.persistence.archive.lines import end_line, manifest_line, summed
from adapters.persistence.archive.movable import ArchiveMovable
from application.moving.line_writing import line_of
from application.ports.store import StoreUnusable
from application.ports.transfer import Account, Record, place_of
from bootstrap import Besedka
from domain.message import Kind
from domain.star import Star
from domain.user import SiteRole
from tests.cast import (
    a_direct_room,
    a_membership,
    a_post,
    a_room,
    a_session,
    a_token,
    a_user,
    alice,
    an_entry,
    at,
    bob,
    numbered,
)
from tests.integration.moving.places import an_empty_place, moving, quiet

EPOCH = "01900000-0000-7000-8000-000000000000"
NOBODY = "ffffffff-ffff-7fff-8fff-ffffffffffff"

Fields = dict[str, Any]  # What JSON has.


def a_store() -> list[Record]:
    garden, shed, direct = a_room(members=2), a_room("shed"), a_direct_room(alice(), bob())
    posts = numbered(
        garden,
        a_post(alice(), "hello", key="k1"),
        a_post(alice(), "hello again", key="k2", reply_to=1, mentions=(bob().id,)),
        an_entry(Kind.EDITED, alice(), target=1, text="new"),
        an_entry(Kind.REMOVED, alice(), subject=bob().person),
    )
    records: list[Record] = [
        Account(a_user("bob", site_role=SiteRole.OWNER), "hash"),
        Account(alice(), "hash"),
        *(garden, shed, direct),
        a_membership(garden, alice()),
        *posts,
        a_session(alice()),
        a_token(alice()),
        Star(alice().id, garden.id, 1, at(0)),
    ]
    return sorted(records, key=place_of)


def lines() -> list[str]:
    return [line_of(record) for record in a_store()]


def forged(path: Path, lines: list[str], *, manifest: bytes = manifest_line(EPOCH)) -> Path:
    content = manifest + b"".join(map(summed, lines))
    end = end_line(len(lines), hashlib.sha256(content).hexdigest())
    path.write_bytes(content + end)
    return path


def with_change(where: str, change: Callable[[Fields], object]) -> tuple[list[str], int]:
    """The lines, and the number of the one that is changed: the first in which that stands."""
    found = lines()
    place = next(n for n, line in enumerate(found) if where in line)
    fields = json.loads(found[place])
    change(fields)
    found[place] = json.dumps(fields)
    return found, place + 2


def put(**values: object) -> Callable[[Fields], object]:
    return lambda fields: fields.update(values)


def without(name: str) -> Callable[[Fields], object]:
    return lambda fields: fields.pop(name)


ALICE = '"username":"alice"'  # The second of them.
GARDEN, SHED, DIRECT = '"name":"garden"', '"name":"shed"', '"direct_key"'
MEMBER = '"record":"membership"'
HELLO, AGAIN, EDIT, REMOVAL = '"k1"', '"k2"', '"kind":"edited"', '"kind":"removed"'
BROWSER, TOKEN = '"device":"Firefox"', '"name":"backup"'
STAR = '"record":"star"'

FORGERIES: dict[str, tuple[str, Callable[[Fields], object], str]] = {
    "a field of a later program": (HELLO, put(mood="glad"), "a message with 'mood' is not"),
    "no id": (ALICE, without("id"), "id must be text"),
    "an id in capitals": (ALICE, put(id=NOBODY.upper()), "id is not an id"),
    "an id that is a number": (GARDEN, put(id=1), "id must be text"),
    "a name that nobody may bear": (ALICE, put(username="al ice"), "may not contain"),
    "a name of somebody else": (ALICE, put(username="BOB"), "the same username, bob"),
    "a second owner": (ALICE, put(site_role="owner"), "the same site_role, owner"),
    "an unknown site role": (ALICE, put(site_role="tsar"), "tsar"),
    "no password": (ALICE, without("password_hash"), "password_hash must be text"),
    "a NUL": (ALICE, put(display_name="a\0b"), "display_name has characters"),
    "a lone surrogate": (HELLO, put(text="\ud800"), "text has characters"),
    "a surrogate in a key": (HELLO, put(key="\udfff"), "key has characters"),
    "null": (ALICE, put(email=None), "email must be text"),
    "a room without a name": (SHED, without("name"), "every other one a name"),
    "a direct room with a name": (DIRECT, put(name="us"), "every other one a name"),
    "a direct room without people": (DIRECT, without("direct_key"), "has a direct_key"),
    "a direct room with a stranger": (DIRECT, put(direct_key=NOBODY), f"no account {NOBODY}"),
    "an unknown visibility": (GARDEN, put(visibility="secret"), "secret"),
    "a floor above the head": (GARDEN, put(floor=99), "floor is above its head"),
    "a negative head": (GARDEN, put(head=-1), "head is out of bounds"),
    "a head that is too large": (GARDEN, put(head=2**63), "head is out of bounds"),
    "more members than there are people": (GARDEN, put(members=2**31), "members is out of"),
    "a number with a fraction": (GARDEN, put(head=4.0), "head must be a whole number"),
    "a flag that is a number": (GARDEN, put(tells_presence=1), "must be true or false"),
    "a head that is a flag": (GARDEN, put(head=True), "head must be a whole number"),
    "a member who is nobody": (MEMBER, put(user=NOBODY), f"no account {NOBODY}"),
    "a member of no room": (MEMBER, put(room=NOBODY), f"no room {NOBODY}"),
    "an unknown role": (MEMBER, put(role="king"), "king"),
    "a time without a zone": (MEMBER, put(joined_at="2026-03-01T12:00:00"), "in UTC"),
    "a time of microseconds": (
        MEMBER,
        put(joined_at="2026-03-01T12:00:00.123456Z"),
        "with milliseconds",
    ),
    "a time that is none": (MEMBER, put(joined_at="today"), "isoformat"),
    "a time before all times": (
        MEMBER,
        put(joined_at="0001-01-01T00:00:00+14:00"),
        "out of range",
    ),
    "an author who is nobody": (HELLO, put(author=NOBODY), f"no account {NOBODY}"),
    "a subject who is nobody": (REMOVAL, put(subject=NOBODY), f"no account {NOBODY}"),
    "a mention of nobody": (AGAIN, put(mentions=[NOBODY]), f"no account {NOBODY}"),
    "a mention that is none": (AGAIN, put(mentions=[["x"]]), "mentions must be a list"),
    "an unknown kind": (HELLO, put(kind="sung"), "sung"),
    "a change of nothing": (EDIT, without("target"), "edited must have a target"),
    "a seq of nothing": (HELLO, put(seq=0), "beyond the head"),
    "a seq beyond the head": (REMOVAL, put(seq=5), "beyond the head"),
    "a seq that is taken": (AGAIN, put(seq=1), "in the wrong place"),
    "a message of no room": (REMOVAL, put(room=NOBODY), f"no room {NOBODY}"),
    "a session of nobody": (TOKEN, put(user=NOBODY), f"no account {NOBODY}"),
    "a browser for ever": (BROWSER, without("expires_at"), "expires_at must be text"),
    "a star of nobody": (STAR, put(user=NOBODY), f"no account {NOBODY}"),
    "a star in no room": (STAR, put(room=NOBODY), f"no room {NOBODY}"),
    "another record": (STAR, put(record="sun"), "'sun' is not known"),
}


async def refused(path: Path) -> str:
    with pytest.raises(StoreUnusable) as unusable:
        async with ArchiveMovable(f"archive:///{path}").read():
            pytest.fail("somebody began to take from it")
    return unusable.value.reason


async def test_what_is_only_signed_anew_is_taken(tmp_path: Path) -> None:
    tools, path = moving(), forged(tmp_path / "backup.jsonl", lines())
    async with an_empty_place("sqlite", tmp_path) as url:
        copied = await tools.copy_store(
            tools.movable(f"archive:///{path}"), tools.movable(url), quiet
        )

    assert copied.finished


@pytest.mark.parametrize("name", FORGERIES)
async def test_a_forged_line_is_named_with_what_is_wrong(tmp_path: Path, name: str) -> None:
    where, change, why = FORGERIES[name]
    found, number = with_change(where, change)
    path = forged(tmp_path / "backup.jsonl", found)

    reason = await refused(path)

    assert reason.startswith(f"{path}, line {number}: ")
    assert why in reason


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (lambda line: line.replace('"text":', '"text":"other","text":', 1), "stands there twice"),
        (lambda line: line.replace('"seq":1', '"seq":1e0', 1), "must be a whole number"),
        (lambda line: line.replace('"seq":1', '"seq":NaN', 1), "must be a whole number"),
        (lambda line: line.replace('"seq":1', f'"seq":{"9" * 5000}', 1), "it is not JSON"),
        (lambda line: line.replace('"text":"', f'"text":{"[" * 100_000}"', 1), "it is not JSON"),
        (lambda line: line + " {}", "it is not JSON"),
    ],
    ids=["a field twice", "an exponent", "no number", "many digits", "deep", "two objects"],
)
async def test_a_line_that_can_be_read_in_two_ways_is_refused(
    tmp_path: Path, line: Callable[[str], str], why: str
) -> None:
    found = lines()
    place = next(n for n, each in enumerate(found) if '"message"' in each)
    found[place] = line(found[place])
    path = forged(tmp_path / "backup.jsonl", found)

    reason = await refused(path)

    assert f"line {place + 2}: " in reason
    assert why in reason


async def test_two_sessions_with_one_secret_are_refused(tmp_path: Path) -> None:
    browser, token = (json.loads(line) for line in lines() if '"digest"' in line)
    token["digest"] = browser["digest"]
    found = [json.dumps(token) if token["id"] in line else line for line in lines()]

    reason = await refused(forged(tmp_path / "backup.jsonl", found))

    assert f"line {len(found)}: two have the same digest" in reason


@pytest.mark.parametrize("epoch", ["", "a\0b", "\udfff", 7, None])
async def test_a_life_that_no_store_can_hold_is_refused(tmp_path: Path, epoch: object) -> None:
    manifest = summed(json.dumps({"archive": "besedka", "version": 1, "epoch": epoch}))

    reason = await refused(forged(tmp_path / "backup.jsonl", lines(), manifest=manifest))

    assert "line 1: the manifest has no epoch" in reason


def test_nothing_is_made_where_it_was_to_be_restored(tmp_path: Path) -> None:
    found, number = with_change(BROWSER, put(user=NOBODY))
    path = forged(tmp_path / "backup.jsonl", found)

    arguments = ["restore", str(path), "--database-url", f"sqlite:///{tmp_path}/new.db"]
    done = CliRunner().invoke(build_cli(Besedka()), arguments)

    assert done.exit_code == 1
    assert f"line {number}: there is no account" in done.stderr
    assert "Traceback" not in done.output
    assert not (tmp_path / "new.db").exists()


@pytest.mark.parametrize("kind", ["sqlite", "postgres", "mongo"])
async def test_a_key_that_is_used_twice_leaves_no_store(tmp_path: Path, kind: str) -> None:
    """The one thing that only the target notices, when it is half filled."""
    found, _ = with_change(AGAIN, put(key="k1"))
    path, tools = forged(tmp_path / "backup.jsonl", found), moving()
    async with an_empty_place(kind, tmp_path) as url:
        with pytest.raises(StoreUnusable, match="cannot take what the source holds"):
            await tools.copy_store(tools.movable(f"archive:///{path}"), tools.movable(url), quiet)

        with pytest.raises(StoreUnusable, match="unfinished copy"):
            async with tools.movable(url).read():
                pytest.fail("it was taken for a store")
