"""An archive is believed only as far as it proves itself."""

import errno
import fcntl
import gzip
import os
import resource
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from adapters.persistence.archive.filling import ArchiveFilling
from adapters.persistence.archive.lines import summed
from adapters.persistence.archive.movable import ArchiveMovable
from application.moving.line_writing import line_of
from application.ports.store import StoreUnusable
from application.ports.transfer import Account, Record, place_of
from domain.message import Message
from domain.user import SiteRole
from tests.cast import a_membership, a_post, a_room, a_session, a_token, a_user, alice, numbered

EPOCH = "01900000-0000-7000-8000-000000000000"


def records() -> list[Record]:
    room = a_room(topic='line\u2028separators, \\ and "quotes"')
    messages: list[Message] = numbered(room, *(a_post(alice(), f"post {n}\n") for n in range(5)))
    owner = a_user("alice", site_role=SiteRole.OWNER)
    return [
        Account(owner, "hash"),
        room,
        a_membership(room, alice()),
        *messages,
        a_session(alice()),
    ]


async def written(path: Path) -> Path:
    async with ArchiveMovable(f"archive:///{path}").fill(EPOCH) as filling:
        await filling.write(records()[:4])
        await filling.write(records()[4:])
        await filling.finish("its new life")
    return path


async def read(path: Path) -> list[Record]:
    async with ArchiveMovable(f"archive:///{path}").read() as snapshot:
        assert snapshot.epoch == EPOCH
        return [record async for batch in snapshot.records() for record in batch]


def nameless(records: list[Record]) -> list[str]:
    """Names are not written beside messages."""
    return [
        str(record).replace("'alice', display_name='Alice'", "'', display_name=''")
        for record in records
    ]


@pytest.mark.parametrize("name", ["backup.jsonl", "backup.jsonl.gz"])
async def test_what_was_written_is_read_back(tmp_path: Path, name: str) -> None:
    path = await written(tmp_path / name)

    assert nameless(await read(path)) == nameless(records())
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert os.listdir(tmp_path) == [name]


async def test_it_is_lines_of_json_between_a_manifest_and_an_end(tmp_path: Path) -> None:
    lines = (await written(tmp_path / "backup.jsonl")).read_text().split("\n")

    assert '"archive": "besedka"' in lines[0]
    assert '"record":"account"' in lines[1]
    assert '"end": {"records": 9' in lines[-2]
    assert lines[-1] == ""


async def test_browsers_are_written_as_before_there_were_tokens(tmp_path: Path) -> None:
    path, browser, token = tmp_path / "backup.jsonl", a_session(alice()), a_token(alice())
    sessions: list[Record] = sorted([browser, token], key=place_of)
    in_order = [Account(alice(), "hash"), *sessions]
    async with ArchiveMovable(f"archive:///{path}").fill(EPOCH) as filling:
        await filling.write(in_order)
        await filling.finish("its new life")

    (line,) = (line for line in path.read_text().split("\n") if '"name":' in line)

    assert token.id in line
    assert '"expires_at"' not in line
    assert await read(path) == in_order


@pytest.mark.parametrize("name", ["backup.jsonl", "backup.jsonl.gz"])
@pytest.mark.parametrize("kept", [0, 1, 40, 500, -2, -1])
async def test_a_cut_off_archive_is_refused(tmp_path: Path, name: str, kept: int) -> None:
    path = await written(tmp_path / name)
    path.write_bytes(path.read_bytes()[:kept])

    with pytest.raises(StoreUnusable, match=r"backup.*line \d+: "):
        await read(path)


@pytest.mark.parametrize("number", range(11))
async def test_a_damaged_line_is_named(tmp_path: Path, number: int) -> None:
    path = await written(tmp_path / "backup.jsonl")
    lines = path.read_bytes().splitlines(keepends=True)
    lines[number] = lines[number].replace(b"e", b"f", 1)
    path.write_bytes(b"".join(lines))

    with pytest.raises(StoreUnusable, match=f"line {number + 1}: "):
        await read(path)


@pytest.mark.parametrize(
    "change",
    [
        lambda lines: lines[:5] + lines[6:],
        lambda lines: [*lines[:5], lines[5], *lines[5:]],
        lambda lines: [*lines[:5], lines[6], lines[5], *lines[7:]],
        lambda lines: [*lines, lines[5]],
        lambda lines: [*lines[:-1], summed('{"end": {"records": 9, "sha256": "00"}}')],
        lambda lines: lines[:1] + lines[-1:],
        lambda lines: lines[1:],
        lambda lines: lines[1:2] + lines,
    ],
    ids=["lost", "doubled", "swapped", "appended", "other end", "emptied", "no manifest", "moved"],
)
async def test_lines_cannot_be_lost_doubled_or_moved(tmp_path: Path, change) -> None:  # type: ignore[no-untyped-def]  # lines to lines
    path = await written(tmp_path / "backup.jsonl")
    path.write_bytes(b"".join(change(path.read_bytes().splitlines(keepends=True))))

    with pytest.raises(StoreUnusable, match=r"line \d+: "):
        await read(path)


@pytest.mark.parametrize(
    "content",
    [b"", b"\n", b"\0\0\0", b"SQLite format 3\0", b'{"json": true}\n', b"[]\n", "текст\n".encode()],
)
async def test_a_foreign_file_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "foreign.jsonl"
    path.write_bytes(content)

    with pytest.raises(StoreUnusable, match=r"foreign.jsonl, line 1: "):
        await read(path)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"record":"planet"}', "'planet' is not known"),
        ('{"record":"account","id":"x"}', "id is not an id"),
        ('{"record":["account"]}', "not known"),
        ('{"record":"message","room":1}', "room must be text"),
        ('{"nothing":1}', "None is not known"),
        (
            line_of(a_session(alice())).replace("expires_at", "expired_at"),
            "expires_at must be text",
        ),
    ],
)
async def test_a_line_that_is_no_record_is_refused(tmp_path: Path, line: str, reason: str) -> None:
    """Its checksum is right, and so is that of the whole: somebody wrote it like that."""
    path = tmp_path / "backup.jsonl"
    await _written_with(line, path, after=[])

    with pytest.raises(StoreUnusable, match=rf"line 2: .*{reason}"):
        await read(path)


async def test_a_late_line_that_is_no_record_is_refused_before_anything_is_taken(
    tmp_path: Path,
) -> None:
    room = a_room()
    posts = numbered(room, *(a_post(alice()) for _ in range(2999)))
    path = tmp_path / "backup.jsonl"
    records: list[Record] = [Account(alice(), "hash"), room, *posts]
    await _written_with('{"record":"planet"}', path, after=records)

    with pytest.raises(StoreUnusable, match=r"line 3003: .*planet"):
        async with ArchiveMovable(f"archive:///{path}").read():
            pytest.fail("somebody began to take from it")


async def _written_with(line: str, path: Path, *, after: Sequence[Record]) -> None:
    filling = ArchiveFilling(path, EPOCH)
    if after:
        await filling.write(after)
    filling._write(summed(line))
    filling._count += 1
    await filling.finish("life")
    filling.close()


async def test_an_archive_of_a_later_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "backup.jsonl"
    path.write_bytes(summed('{"archive":"besedka","version":2,"epoch":"x"}'))

    with pytest.raises(StoreUnusable, match="version 2, this program reads 1"):
        await read(path)


async def test_a_bomb_of_one_long_line_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.jsonl.gz"
    with gzip.open(path, "wb") as file:
        for _ in range(40):
            file.write(b"x" * 1024 * 1024)

    with pytest.raises(StoreUnusable, match="line 1: it is cut off"):
        await read(path)


async def test_what_is_there_is_not_replaced(tmp_path: Path) -> None:
    path = await written(tmp_path / "backup.jsonl")

    with pytest.raises(StoreUnusable, match="is there already"):
        await written(path)


async def test_nobody_writes_the_same_archive_at_the_same_time(tmp_path: Path) -> None:
    movable = ArchiveMovable(f"archive:///{tmp_path}/backup.jsonl")
    async with movable.fill(EPOCH):
        with pytest.raises(StoreUnusable, match="by somebody else"):
            async with movable.fill(EPOCH):
                pass


@pytest.mark.parametrize("path", ["/nowhere/backup.jsonl", "/proc/backup.jsonl"])
async def test_a_place_that_cannot_be_written_is_named(path: str) -> None:
    with pytest.raises(StoreUnusable, match="cannot be written"):
        await written(Path(path))


async def test_a_file_that_is_not_there_is_named() -> None:
    with pytest.raises(StoreUnusable, match="/nowhere cannot be read: No such file"):
        await read(Path("/nowhere"))


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("archive://backup.jsonl", "too few slashes; write archive:///backup.jsonl"),
        ("archive:///", "names no file"),
    ],
)
def test_a_url_that_names_no_file_is_refused(url: str, said: str) -> None:
    with pytest.raises(StoreUnusable, match=said):
        ArchiveMovable(url)


async def test_an_unfinished_file_is_no_way_to_another_file(tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("mine")
    (tmp_path / "unfinished-backup.jsonl").symlink_to(tmp_path / "precious")

    with pytest.raises(StoreUnusable, match="cannot be written"):
        await written(tmp_path / "backup.jsonl")

    assert (tmp_path / "precious").read_text() == "mine"


async def test_what_is_no_file_is_not_written_to(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "unfinished-backup.jsonl")

    with pytest.raises(StoreUnusable, match="it is not a file"):
        await written(tmp_path / "backup.jsonl")


async def test_an_unfinished_file_that_others_may_read_becomes_private(tmp_path: Path) -> None:
    (tmp_path / "unfinished-backup.jsonl").write_text("earlier")
    (tmp_path / "unfinished-backup.jsonl").chmod(0o644)

    path = await written(tmp_path / "backup.jsonl")

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert nameless(await read(path)) == nameless(records())


async def test_an_archive_that_another_process_finishes_meanwhile_is_not_emptied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    part, other = tmp_path / "unfinished-backup.jsonl", tmp_path / "other.jsonl"
    part.write_text("theirs")
    lock = fcntl.flock

    def finished_before(descriptor: int, operation: int) -> None:
        if not other.exists():
            part.rename(other)
        lock(descriptor, operation)

    monkeypatch.setattr(fcntl, "flock", finished_before)

    path = await written(tmp_path / "backup.jsonl")

    assert other.read_text() == "theirs"
    assert nameless(await read(path)) == nameless(records())


async def test_an_archive_whose_writer_was_killed_at_the_very_end_is_not_emptied(
    tmp_path: Path,
) -> None:
    earlier = await written(tmp_path / "earlier.jsonl")
    os.link(earlier, tmp_path / "unfinished-backup.jsonl")

    path = await written(tmp_path / "backup.jsonl")

    assert not path.samefile(earlier)
    for each in (earlier, path):
        assert nameless(await read(each)) == nameless(records())


@pytest.mark.parametrize("links", [True, False], ids=["hard links", "no hard links"])
async def test_a_file_that_came_meanwhile_is_not_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    if not links:
        monkeypatch.setattr(os, "link", _not_permitted)
    path = tmp_path / "backup.jsonl"

    async with ArchiveMovable(f"archive:///{path}").fill(EPOCH) as filling:
        await filling.write(records())
        path.write_text("mine")
        with pytest.raises(StoreUnusable, match="is there already"):
            await filling.finish("life")

    assert path.read_text() == "mine"
    assert os.listdir(tmp_path) == ["backup.jsonl"]


async def test_an_archive_needs_no_hard_links(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "link", _not_permitted)

    path = await written(tmp_path / "backup.jsonl")

    assert nameless(await read(path)) == nameless(records())
    assert os.listdir(tmp_path) == ["backup.jsonl"]


def _not_permitted(*_: object) -> None:
    raise PermissionError(errno.EPERM, "Operation not permitted")


@pytest.mark.parametrize("name", ["backup.jsonl", "backup.jsonl.gz"])
async def test_a_full_disk_is_told_once_and_leaves_nothing(tmp_path: Path, name: str) -> None:
    path = tmp_path / name

    with _room_for(100), pytest.raises(StoreUnusable) as refused:
        await written(path)

    assert str(refused.value) == f"{path} cannot be written: File too large."
    assert os.listdir(tmp_path) == []


async def test_what_is_not_finished_leaves_nothing(tmp_path: Path) -> None:
    async with ArchiveMovable(f"archive:///{tmp_path}/backup.jsonl").fill(EPOCH) as filling:
        await filling.write(records())

    assert os.listdir(tmp_path) == []


async def test_errors_of_the_other_end_are_not_its_own(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="the source is gone"):
        async with ArchiveMovable(f"archive:///{tmp_path}/backup.jsonl").fill(EPOCH):
            raise OSError("the source is gone")

    assert os.listdir(tmp_path) == []


@contextmanager
def _room_for(size: int) -> Iterator[None]:
    """As if the disk had no more."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
