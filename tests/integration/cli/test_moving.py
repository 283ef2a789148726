"""`besedka copy`, `backup` and `restore`, as an operator uses them."""

import asyncio
import errno
import gc
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from hashlib import md5
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy.exc import SQLAlchemyError

from adapters.cli.main import build_cli
from adapters.configuration.settings import Settings
from adapters.persistence.archive.movable import ArchiveMovable
from adapters.persistence.sql.movable import SqlMovable
from application.ports.transfer import Account, Record, place_of
from bootstrap import Besedka
from domain.errors import StoreUnavailable
from domain.names import Username
from tests.cast import a_membership, a_post, a_room, a_user, alice, bob, numbered

PASSWORD = "a garden with a pavilion"


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def filled(tmp_path: Path) -> str:
    """The URL of a store with alice, her garden and a message in it."""
    url = f"sqlite:///{tmp_path}/filled.db"

    async def fill() -> None:
        async with Besedka().open_chat(Settings(database_url=url)) as chat:
            alice = await chat.create_user(username="alice", password=PASSWORD)
            garden = (await chat.create_room(alice, name="garden")).room
            await chat.post_message(alice, room_id=garden.id, key="k", text="hello")

    asyncio.run(fill())
    return url


def besedka(*arguments: str) -> Result:
    return CliRunner().invoke(build_cli(Besedka()), arguments)


def add_a_message(file: Path) -> None:
    with sqlite3.connect(file) as connection:
        connection.execute(
            "INSERT INTO messages (room_id, seq, kind, text, at, deleted)"
            " SELECT id, head + 1, 'posted', 'more', 0, 0 FROM rooms WHERE name = 'garden'"
        )
        connection.execute("UPDATE rooms SET head = head + 1 WHERE name = 'garden'")
    connection.close()


def test_copy_carries_everything_and_prints_what_was_compared(filled: str, tmp_path: Path) -> None:
    done = besedka("copy", "--from", filled, "--to", "sqlite:///copy.db")

    assert done.exit_code == 0, done.output
    assert "garden" in done.stdout
    assert "Everything is there and equal." in done.stdout
    assert "Copying" in done.stderr
    assert (tmp_path / "copy.db").exists()

    async def sign_in() -> None:
        async with Besedka().open_chat(Settings(database_url="sqlite:///copy.db")) as chat:
            await chat.sign_in(username="alice", password=PASSWORD, address="", device="")

    asyncio.run(sign_in())


def test_a_copy_leaves_the_collector_of_garbage_as_it_was(filled: str) -> None:
    before = gc.get_threshold()

    assert besedka("copy", "--from", filled, "--to", "sqlite:///copy.db").exit_code == 0

    assert gc.get_threshold() == before


def test_two_stores_can_be_compared_without_copying(filled: str, tmp_path: Path) -> None:
    besedka("copy", "--from", filled, "--to", "sqlite:///copy.db")

    equal = besedka("copy", "--from", filled, "--to", "sqlite:///copy.db", "--verify-only")
    add_a_message(tmp_path / "copy.db")
    different = besedka("copy", "--from", filled, "--to", "sqlite:///copy.db", "--verify-only")

    assert (equal.exit_code, different.exit_code) == (0, 1)
    assert "They are equal." in equal.stdout
    assert "DIFFERS" in different.stdout


def test_a_target_that_is_not_empty_is_refused_and_untouched(filled: str, tmp_path: Path) -> None:
    before = (tmp_path / "filled.db").read_bytes()

    refused = besedka("copy", "--from", filled, "--to", filled)

    assert refused.exit_code == 1
    assert "is not empty" in refused.stderr
    assert (tmp_path / "filled.db").read_bytes() == before


@pytest.mark.parametrize(
    ("source", "target", "code", "said"),
    [
        ("sqlite:///nowhere.db", "sqlite:///copy.db", 1, "there is no such file"),
        ("memory://", "sqlite:///copy.db", 2, "memory:// keeps nothing"),
        ("FILLED", "memory://", 2, "memory:// keeps nothing"),
        ("FILLED", "ftp://somewhere", 2, "ftp"),
        ("nonsense", "sqlite:///copy.db", 2, "use sqlite://"),
        ("archive:///nowhere.jsonl", "sqlite:///copy.db", 1, "nowhere.jsonl cannot be read"),
        ("FILLED", "postgresql://nobody:secret@127.0.0.1:1/x", 1, "127.0.0.1"),
        ("FILLED", "sqlite:////proc/nowhere/copy.db", 1, "cannot be opened"),
        ("FILLED", "archive:////proc/copy.jsonl", 1, "cannot be written"),
        ("FILLED", "archive://copy.jsonl", 2, "too few slashes"),
        ("FILLED", "sqlite:///q?mark.db", 2, "Write %3F"),
        ("FILLED", "postgresql://nobody:secret@home@127.0.0.1:1/x", 2, "write %40"),
    ],
)
def test_what_cannot_be_carried_is_explained_in_a_line(
    filled: str, source: str, target: str, code: int, said: str
) -> None:
    refused = besedka("copy", "--from", source.replace("FILLED", filled), "--to", target)

    assert refused.exit_code == code
    error = refused.stderr.splitlines()[-1]
    assert error.startswith("Error: ")
    assert said in error
    assert "secret" not in refused.output
    assert "Traceback" not in refused.output


def test_a_file_of_another_program_is_not_a_source(filled: str, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "other.db") as connection:
        connection.execute("CREATE TABLE notes (text)")
    connection.close()

    refused = besedka("copy", "--from", "sqlite:///other.db", "--to", "sqlite:///copy.db")

    assert refused.exit_code == 1
    assert "holds no store of Besedka" in refused.stderr


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("UPDATE alembic_version SET version_num = '0005'", "an older version (schema 0005, "),
        ("UPDATE alembic_version SET version_num = '0999'", "a newer version (schema 0999, "),
        ("DROP TABLE site", "holds no store of Besedka"),
    ],
    ids=["older", "newer", "somebody else's revisions"],
)
def test_a_source_of_another_version_is_told_from_one_of_another_program(
    filled: str, tmp_path: Path, change: str, said: str
) -> None:
    with sqlite3.connect(tmp_path / "filled.db") as connection:
        connection.execute(change)
    connection.close()
    before = (tmp_path / "filled.db").read_bytes()

    refused = besedka("copy", "--from", filled, "--to", "sqlite:///copy.db")

    assert refused.exit_code == 1
    assert said in refused.stderr
    assert (tmp_path / "filled.db").read_bytes() == before
    assert not (tmp_path / "copy.db").exists()


def test_a_copy_that_was_finished_says_how_to_make_sure(filled: str) -> None:
    """Whoever was cut off at the very end gives the same command again."""
    copy = ("copy", "--from", filled, "--to", "sqlite:///copy.db")
    besedka(*copy)

    refused = besedka(*copy)

    assert refused.exit_code == 1
    assert "--verify-only tells" in refused.stderr
    assert besedka(*copy, "--verify-only").exit_code == 0


def test_a_target_that_somebody_else_writes_to_is_no_store(filled: str, tmp_path: Path) -> None:
    async def interfere() -> None:
        async with SqlMovable("sqlite:///copy.db", timeout=5).fill(await _life(filled)):
            pass
        with sqlite3.connect(tmp_path / "copy.db") as connection:
            connection.execute(
                "INSERT INTO users VALUES (?, 'zed', 'zed', 'Zed', NULL, 'member', '', 0, NULL)",
                ("01900000-0000-7000-8000-000000000bad",),
            )
        connection.close()

    asyncio.run(interfere())

    refused = besedka("copy", "--from", filled, "--to", "sqlite:///copy.db")

    assert refused.exit_code == 1
    assert "written to the source or to the target" in refused.stderr
    served = besedka("demo", "--database-url", "sqlite:///copy.db")
    assert "holds an unfinished copy" in served.stderr


async def _life(url: str) -> str:
    async with SqlMovable(url, timeout=5).read() as snapshot:
        return snapshot.epoch


def test_a_backup_is_restored_into_an_empty_database(
    filled: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", filled)
    kept = besedka("backup", "kept.jsonl.gz")
    monkeypatch.setenv("DATABASE_URL", "sqlite:///restored.db")
    restored = besedka("restore", "kept.jsonl.gz")

    assert (kept.exit_code, restored.exit_code) == (0, 0), kept.output + restored.output
    equal = besedka("copy", "--from", filled, "--to", "sqlite:///restored.db", "--verify-only")
    assert equal.exit_code == 0
    assert (tmp_path / "kept.jsonl.gz").stat().st_mode & 0o077 == 0


def test_a_backup_never_replaces_a_file(filled: str, tmp_path: Path) -> None:
    (tmp_path / "kept.jsonl").write_text("mine")

    refused = besedka("backup", "kept.jsonl", "--database-url", filled)

    assert refused.exit_code == 1
    assert "is there already" in refused.stderr
    assert (tmp_path / "kept.jsonl").read_text() == "mine"


def test_a_damaged_backup_is_refused_before_anything_is_written(
    filled: str, tmp_path: Path
) -> None:
    besedka("backup", "kept.jsonl", "--database-url", filled)
    content = (tmp_path / "kept.jsonl").read_text()
    (tmp_path / "kept.jsonl").write_text(content.replace("hello", "hallo"))

    refused = besedka("restore", "kept.jsonl", "--database-url", "sqlite:///restored.db")

    assert refused.exit_code == 1
    assert "kept.jsonl, line " in refused.stderr
    assert "damaged" in refused.stderr
    assert not (tmp_path / "restored.db").exists()


def test_restoring_into_a_store_that_is_in_use_is_refused(filled: str) -> None:
    besedka("backup", "kept.jsonl", "--database-url", filled)

    refused = besedka("restore", "kept.jsonl", "--database-url", filled)

    assert refused.exit_code == 1
    assert "is not empty" in refused.stderr


def test_an_opened_store_without_anybody_is_empty_enough(filled: str) -> None:
    async def open_once() -> None:
        async with Besedka().open_chat(Settings(database_url="sqlite:///new.db")):
            pass

    asyncio.run(open_once())

    done = besedka("copy", "--from", filled, "--to", "sqlite:///new.db")

    assert done.exit_code == 0, done.output


def test_an_unfinished_copy_is_no_store(filled: str, tmp_path: Path) -> None:
    besedka("copy", "--from", filled, "--to", "sqlite:///copy.db")
    with sqlite3.connect(tmp_path / "copy.db") as connection:
        connection.execute("INSERT INTO unfinished_copy SELECT 1, 'source', NULL")
        connection.execute("DELETE FROM site")
    connection.close()

    served = besedka("demo", "--database-url", "sqlite:///copy.db")
    read = besedka("backup", "kept.jsonl", "--database-url", "sqlite:///copy.db")
    other = besedka("copy", "--from", filled, "--to", "sqlite:///copy.db")

    assert "holds an unfinished copy" in served.stderr
    assert "holds nothing, or only an unfinished copy" in read.stderr
    assert "an unfinished copy of another store" in other.stderr


def test_a_backup_that_does_not_fit_is_told_of_the_backup(
    filled: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)

    refused = besedka("backup", "kept.jsonl", "--database-url", filled)

    assert refused.exit_code == 1
    error = refused.stderr.splitlines()[-1]
    assert error == f"Error: {tmp_path}/kept.jsonl cannot be written: No space left on device."
    assert [file.name for file in tmp_path.iterdir()] == ["filled.db"]


BY_THE_LINE, BY_THE_TARGET = (
    "kept.jsonl, line 3: ",
    "DATABASE_URL (sqlite:///{}/restored.db) cannot",
)


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (
            [
                Account(a_user("alice"), ""),
                Account(replace(a_user("bob"), username=Username("Alice")), ""),
            ],
            BY_THE_LINE,
        ),
        ([Account(alice(), ""), a_membership(a_room(), bob())], BY_THE_LINE),
        (
            [
                Account(alice(), ""),
                *(a_room(name, head=1) for name in ("garden", "shed")),
                *numbered(a_room("garden"), a_post(alice(), key="k")),
                *numbered(a_room("shed"), a_post(alice(), key="k")),
            ],
            BY_THE_TARGET,
        ),
    ],
    ids=["alike names", "a member who is nobody", "a key twice"],
)
def test_an_archive_of_what_no_store_can_hold_is_refused_in_a_line(
    tmp_path: Path, broken: list[Record], said: str
) -> None:
    asyncio.run(_archived(sorted(broken, key=place_of), tmp_path / "kept.jsonl"))

    refused = besedka("restore", "kept.jsonl", "--database-url", "sqlite:///restored.db")

    assert refused.exit_code == 1
    assert said.format(tmp_path) in refused.stderr.splitlines()[-1]
    assert "Traceback" not in refused.stderr


async def _archived(records: list[Record], path: Path) -> None:
    async with ArchiveMovable(f"archive:///{path}").fill("life") as filling:
        await filling.write(records)
        await filling.finish("life")


@pytest.mark.parametrize("mode", ["DELETE", "WAL"])
def test_a_source_keeps_its_bytes(filled: str, tmp_path: Path, mode: str) -> None:
    _set_journal_mode(tmp_path / "filled.db", mode)
    before = md5((tmp_path / "filled.db").read_bytes()).digest()

    done = besedka("backup", "kept.jsonl", "--database-url", filled)

    assert done.exit_code == 0, done.output
    assert md5((tmp_path / "filled.db").read_bytes()).digest() == before


@pytest.mark.parametrize("mode", ["DELETE", "WAL"])
def test_a_source_is_read_where_nothing_can_be_written(
    filled: str, tmp_path: Path, mode: str
) -> None:
    _set_journal_mode(tmp_path / "filled.db", mode)

    with _a_disc_with(tmp_path / "filled.db") as file:
        read = asyncio.run(_names_of_accounts(f"sqlite:///{file}"))

    assert read == ["alice"]


async def _names_of_accounts(url: str) -> list[str]:
    async with SqlMovable(url, timeout=5).read() as snapshot:
        records = [record async for batch in snapshot.records() for record in batch]
    return [str(each.user.username) for each in records if isinstance(each, Account)]


@contextmanager
def _a_disc_with(file: Path) -> Iterator[Path]:
    """A directory where we may write nothing. As root may, we are nobody for a while."""
    directory = Path(tempfile.mkdtemp())
    shutil.copy(file, directory / "besedka.db")
    (directory / "besedka.db").chmod(0o444)
    directory.chmod(0o555)
    is_root = os.geteuid() == 0
    if is_root:
        os.setresuid(65534, 65534, 0)
    try:
        yield directory / "besedka.db"
    finally:
        if is_root:
            os.setresuid(0, 0, 0)
        directory.chmod(0o700)
        shutil.rmtree(directory)


def _set_journal_mode(file: Path, mode: str) -> None:
    with sqlite3.connect(file) as connection:
        assert connection.execute(f"PRAGMA journal_mode={mode}").fetchone() == (mode.lower(),)
    connection.close()


async def test_errors_of_the_other_end_are_not_its_own(filled: str) -> None:
    movable = SqlMovable(filled, timeout=5)

    for error in (OSError("the target"), SQLAlchemyError("the target"), StoreUnavailable("it")):
        with pytest.raises(type(error)):
            async with movable.read():
                raise error
        with pytest.raises(type(error)):
            async with SqlMovable("sqlite:///new.db", timeout=5).fill("life"):
                raise error


def test_names_are_printed_without_passwords(filled: str, monkeypatch: pytest.MonkeyPatch) -> None:
    named = property(lambda self: "postgresql://me:secret@host/x?sslpassword=secret")
    monkeypatch.setattr(SqlMovable, "name", named)

    done = besedka("copy", "--from", filled, "--to", "sqlite:///copy.db")

    assert "From postgresql://me:***@host/x" in done.stderr
    assert "secret" not in done.output
