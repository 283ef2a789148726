"""`docs/protocol.md` says what the code does: all of it, and nothing else."""

import re
from pathlib import Path

import msgspec
import pytest

import adapters.http.register_page
import domain.password
from adapters import wire
from adapters.requests import CrossSite
from adapters.ws import conversation, gateway, pace, people, plain_conversation, requests, socket
from adapters.ws import hub as hub_module
from application.limits import Limits
from domain import errors
from domain.command import COMMANDS, find_command
from domain.errors import Category, DomainError
from domain.message import Kind
from domain.permissions import PERMISSIONS, Role
from tests.kit import memory_container

PAGE = (Path(__file__).parents[2] / "docs" / "protocol.md").read_text(encoding="utf-8")
WORD = re.compile(r"`([a-z_]+)`")


def section(title: str) -> str:
    """From its heading to the next of any level."""
    _, _, after = PAGE.partition(f" {title}\n")
    assert after, title
    return re.split(r"^#+ ", after, maxsplit=1, flags=re.MULTILINE)[0]


def rows(text: str, *, having: str = "") -> list[list[str]]:
    """The cells of the tables' rows, without the heads."""
    lines = [line for line in text.splitlines() if line.startswith("|") and having in line]
    cells = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]
    heads = {index - 1 for index, row in enumerate(cells) if set("".join(row)) <= set("-|")}
    return [
        row
        for index, row in enumerate(cells)
        if index not in heads and set("".join(row)) - set("-|")
    ]


def words(text: str) -> set[str]:
    return set(WORD.findall(text))


def leaves(error: type[DomainError]) -> set[type[DomainError]]:
    children = error.__subclasses__()
    found = {leaf for child in children for leaf in leaves(child)}
    return found | ({error} if "code" in vars(error) else set())


VERBS = {verb.__struct_config__.tag: verb for verb in requests.AnyRequest.__args__}


def test_every_verb_is_explained_with_its_fields() -> None:
    table = {row[0].strip("`"): words(row[1]) for row in rows(section("Verbs"))}

    assert table.keys() == VERBS.keys()
    for verb, request in VERBS.items():
        fields = set(request.__struct_fields__) - {"id"}
        values = {"public", "private"} if verb == "create_room" else set()
        assert table[verb] - values == fields, verb


@pytest.mark.parametrize(
    ("title", "shape"), [("user", wire.UserBody), ("room", wire.RoomBody)], ids=["user", "room"]
)
def test_every_field_of_a_shape_is_explained(title: str, shape: type[msgspec.Struct]) -> None:
    _, _, after = section("Shapes").partition(f"**{title}**")
    text = after.partition("\n\n**")[0]
    named = words(text) if title == "user" else {w for row in rows(text) for w in words(row[0])}

    assert named == set(shape.__struct_fields__)


def test_every_field_of_a_message_is_explained() -> None:
    _, _, after = section("Shapes").partition("**message**")
    named = {word for row in rows(after.partition("| kind |")[0]) for word in words(row[0])}

    assert named == set(wire.MessageBody.__struct_fields__)


def test_every_kind_is_explained() -> None:
    _, _, after = section("Shapes").partition("| kind |")
    named = {word for row in rows("| kind |" + after) for word in words(row[0])}

    assert named == set(Kind)


def test_every_push_is_explained() -> None:
    sources = "".join(
        path.read_text(encoding="utf-8") for path in Path(hub_module.__file__).parent.glob("*.py")
    )
    pushed = set(re.findall(r'push(?:_all)?\([^"()]*(?:\([^()]*\))?[^"()]*"([a-z_]+)"', sources))
    pushed |= set(re.findall(r'"type": "(reset)"|\["type"\] = "(replay)"', sources)[0]) | {"replay"}

    assert {row[0].strip("`") for row in rows(section("Pushes"))} == pushed - {""}


def test_every_error_code_is_explained_with_its_category() -> None:
    table = {
        code: row[1].strip() for row in rows(section("Errors")) for code in words(row[0] + " ")
    }
    ours = {leaf.code: str(leaf.category) for leaf in leaves(DomainError)}
    raised = {"unknown_verb", "invalid_field"}
    for module in (domain.password, adapters.http.register_page):
        source = Path(str(module.__file__)).read_text(encoding="utf-8")
        raised |= set(re.findall(r'code="(\w+)"', source))
    ours |= dict.fromkeys(raised, "invalid") | {"internal": "unavailable"}

    assert CrossSite.code in ours
    assert table == ours
    assert set(Category) <= words(section("Errors"))
    assert set(wire.ErrorBody.__struct_fields__) <= words(section("Errors"))


def test_every_close_code_is_explained() -> None:
    named = {int(code) for row in rows(section("Close codes")) for code in row[0].split(", ")}
    ours = {
        value
        for module in (conversation, gateway, pace, plain_conversation, socket, hub_module, people)
        for value in vars(module).values()
        if isinstance(value, int) and 1000 <= value < 5000
    }

    by_aiohttp = {1007, 1009}
    assert named == ours | by_aiohttp


def test_every_command_is_explained() -> None:
    table = rows(section("Slash commands"))
    usages = {usage for row in table for usage in re.findall(r"`(/\w.*?)`", row[0])}
    aliases = {f"/{alias}" for spec in COMMANDS for alias in spec.aliases}

    assert usages == {spec.usage for spec in COMMANDS} | aliases
    for row in table:
        for name in re.findall(r"`/(\w+)", row[0]):
            spec = find_command(name)
            assert spec
            least = next(r for r in Role if spec.permission in {None, *PERMISSIONS[r]})
            assert row[2].strip(" |") == f"{least}s", name


def test_every_route_is_explained() -> None:
    app = memory_container().http()
    ours = {
        f"{route.method} {route.resource.canonical}"
        for route in app.router.routes()
        if route.method != "HEAD" and route.resource
    }

    named = set(re.findall(r"`((?:GET|POST|PUT|PATCH|DELETE) /[^` ]*)`", PAGE))
    assert named == ours


def test_the_limits_are_those_of_the_code() -> None:
    limits = Limits()

    assert f"text {limits.text:,}\ncharacters" in section("Limits")
    assert f"page {limits.page} messages, replay {limits.replay}" in section("Limits")
    assert f"{socket.SocketOptions().connections_per_user} sockets" in section("Limits")
    assert socket.SocketOptions().frame_bytes == 64 * 1024
    assert socket.SocketOptions().hello_seconds == 10
    assert "within 10 seconds" in section("Verbs")


def test_the_tree_of_errors_is_where_the_codes_are() -> None:
    assert leaves(DomainError) >= {errors.RoomNotFound, requests.Malformed, CrossSite}
