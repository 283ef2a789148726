"""What slash commands leave in a room's log, by which one that is repeated is known again."""

from collections.abc import Callable

from domain.command import Command
from domain.message import Entry, Kind
from domain.names import RoomName, Username, sought
from domain.room import checked_topic

_LEAVES = {
    "invite": Kind.INVITED,
    "leave": Kind.LEFT,
    "topic": Kind.TOPIC_CHANGED,
    "rename": Kind.RENAMED,
    "kick": Kind.REMOVED,
    "promote": Kind.ROLE_CHANGED,
    "demote": Kind.ROLE_CHANGED,
    "clear": Kind.CLEARED,
}
_SAYS = {
    Kind.INVITED: "{who} is in this room now.",
    Kind.LEFT: "You left the room.",
    Kind.TOPIC_CHANGED: "The topic is set.",
    Kind.RENAMED: "The room is renamed.",
    Kind.REMOVED: "{who} is no longer in this room.",
    Kind.ROLE_CHANGED: "{who} is {text}.",
    Kind.CLEARED: "The history is cleared.",
}
# The argument as it is stored.
_TEXT: dict[Kind, Callable[[str], str]] = {
    Kind.TOPIC_CHANGED: checked_topic,
    Kind.RENAMED: lambda name: RoomName(name).value,
}


def output(command: Command, *, who: str = "", text: str = "") -> str:
    """What the asker is told when the command is done."""
    return _SAYS[_LEAVES[command.name]].format(who=who, text=text)


def output_then(command: Command, entry: Entry) -> str:
    """The same, of the time when the entry was made."""
    who = entry.subject.display_name if entry.subject else ""
    return output(command, who=who, text=entry.text)


def is_left_by(entry: Entry, command: Command) -> bool:
    """Whether this command could have made the entry: the log tells neither whether a role was
    raised or lowered, nor with which words. Raises `InvalidField` for what no command stores."""
    if entry.kind is not _LEAVES[command.name]:
        return False
    argument = command.argument(0)
    if entry.subject:
        name = argument.removeprefix("@")
        return sought(name) == Username(entry.subject.username).folded
    stored = _TEXT.get(entry.kind)
    return stored is None or stored(argument) == entry.text
