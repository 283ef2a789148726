"""Slash commands: the table of all of them, and how a line of text becomes one."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from domain.errors import UnknownCommand, WrongArguments
from domain.permissions import Permission


@dataclass(frozen=True, slots=True)
class CommandSpec:
    """One row of the table. `arguments` are shown as written: `[optional]`, the last takes all
    that remains. `permission` is what the asker needs in the room; None: everybody may."""

    name: str
    arguments: tuple[str, ...]
    help: str
    permission: Permission | None = None
    aliases: tuple[str, ...] = ()

    @property
    def usage(self) -> str:
        return " ".join((f"/{self.name}", *self.arguments))

    @property
    def required(self) -> int:
        return sum(not argument.startswith("[") for argument in self.arguments)


@dataclass(frozen=True, slots=True)
class Command:
    """A parsed slash command: its row of the table and the arguments that were given."""

    spec: CommandSpec
    arguments: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.spec.name

    def argument(self, position: int) -> str:
        """The argument at `position`, or an empty string where it was left out."""
        return self.arguments[position] if position < len(self.arguments) else ""


COMMANDS = (
    CommandSpec("help", ("[command]",), "List the commands, or explain one."),
    CommandSpec("me", ("TEXT",), "Say what you are doing.", Permission.POST),
    CommandSpec("invite", ("USER",), "Add somebody to this room.", Permission.INVITE),
    CommandSpec("leave", (), "Leave this room.", Permission.LEAVE),
    CommandSpec("topic", ("TEXT",), "Say what this room is about.", Permission.SET_TOPIC),
    CommandSpec(
        "kick",
        ("USER", "[reason]"),
        "Remove somebody from this room.",
        Permission.REMOVE_MEMBER,
        aliases=("kill",),
    ),
    CommandSpec("promote", ("USER",), "Raise somebody's role by one.", Permission.CHANGE_ROLE),
    CommandSpec("demote", ("USER",), "Lower somebody's role by one.", Permission.CHANGE_ROLE),
    CommandSpec("rename", ("NAME",), "Give this room another name.", Permission.RENAME),
    CommandSpec("clear", (), "Erase the whole history of this room.", Permission.CLEAR),
)

_BY_NAME = {name: spec for spec in COMMANDS for name in (spec.name, *spec.aliases)}


def is_command(text: str) -> bool:
    """A line that starts with one slash. Two slashes are a literal one."""
    return text.startswith("/") and not text.startswith("//")


def unescaped(text: str) -> str:
    """The text to post: `//text` posts a literal slash."""
    return text[1:] if text.startswith("//") else text


def parse_command(text: str) -> Command:
    """Raises `UnknownCommand` or `WrongArguments`, whose messages tell the right usage."""
    word, *rest = text[1:].split(maxsplit=1) or ("",)
    spec = find_command(word)
    if spec is None:
        raise UnknownCommand(_unknown(word))
    arguments = (
        tuple(rest[0].strip().split(maxsplit=max(len(spec.arguments) - 1, 0))) if rest else ()
    )
    if arguments and not spec.arguments:
        raise WrongArguments(f"/{spec.name} takes no arguments. Usage: {spec.usage}")
    if len(arguments) < spec.required:
        raise WrongArguments(f"Something is missing. Usage: {spec.usage}")
    return Command(spec, arguments)


def find_command(word: str) -> CommandSpec | None:
    return _BY_NAME.get(word.removeprefix("/").casefold())


def explain(specs: Iterable[CommandSpec]) -> str:
    """One line of help for each row: what `/help` shows."""
    lines = []
    for spec in specs:
        also = "".join(f" (also /{alias})" for alias in spec.aliases)
        lines.append(f"{spec.usage} – {spec.help}{also}")
    return "\n".join(lines)


def _unknown(word: str) -> str:
    near = get_close_matches(word.casefold(), _BY_NAME, n=1, cutoff=0.5)
    hint = f" Did you mean {_BY_NAME[near[0]].usage}?" if near else ""
    return f"There is no command /{word[:40]}.{hint} /help lists the commands."
