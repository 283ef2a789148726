"""Slash commands: one table, from which everything else follows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.command import (
    COMMANDS,
    explain,
    find_command,
    is_command,
    parse_command,
    unescaped,
)
from domain.errors import UnknownCommand, WrongArguments
from domain.permissions import Permission


@pytest.mark.parametrize(
    ("text", "name", "arguments"),
    [
        ("/help", "help", ()),
        ("/help kick", "help", ("kick",)),
        ("/HELP", "help", ()),
        ("/me waves  twice", "me", ("waves  twice",)),
        ("/invite bob", "invite", ("bob",)),
        ("/invite   @bob  ", "invite", ("@bob",)),
        ("/leave", "leave", ()),
        ("/topic trees and birds", "topic", ("trees and birds",)),
        ("/kick bob", "kick", ("bob",)),
        ("/kick bob  being very rude ", "kick", ("bob", "being very rude")),
        ("/kill bob", "kick", ("bob",)),
        ("/promote bob", "promote", ("bob",)),
        ("/demote bob", "demote", ("bob",)),
        ("/rename orchard", "rename", ("orchard",)),
        ("/clear", "clear", ()),
        ("/clear  ", "clear", ()),
    ],
)
def test_a_line_becomes_a_command(text: str, name: str, arguments: tuple[str, ...]) -> None:
    command = parse_command(text)

    assert (command.name, command.arguments) == (name, arguments)


def test_an_argument_that_was_left_out_is_empty() -> None:
    command = parse_command("/kick bob")

    assert [command.argument(0), command.argument(1)] == ["bob", ""]


@pytest.mark.parametrize(
    ("text", "usage"),
    [
        ("/kick", "Something is missing. Usage: /kick USER [reason]"),
        ("/me", "Something is missing. Usage: /me TEXT"),
        ("/topic   ", "Something is missing. Usage: /topic TEXT"),
        ("/leave now", "/leave takes no arguments. Usage: /leave"),
        ("/clear all", "/clear takes no arguments. Usage: /clear"),
    ],
)
def test_wrong_arguments_are_answered_with_the_usage(text: str, usage: str) -> None:
    with pytest.raises(WrongArguments) as refusal:
        parse_command(text)

    assert str(refusal.value) == usage


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("/hlep", "There is no command /hlep. Did you mean /help [command]?"),
        ("/kik bob", "There is no command /kik. Did you mean /kick USER [reason]?"),
        ("/KILLL bob", "There is no command /KILLL. Did you mean /kick USER [reason]?"),
        ("/xyzzy", "There is no command /xyzzy."),
        ("/", "There is no command /."),
        ("/ ", "There is no command /."),
        ("/usr/bin/python", "There is no command /usr/bin/python."),
    ],
)
def test_an_unknown_command_is_answered_with_the_nearest(text: str, answer: str) -> None:
    with pytest.raises(UnknownCommand) as refusal:
        parse_command(text)

    assert str(refusal.value) == f"{answer} /help lists the commands."


def test_a_very_long_word_is_not_repeated_whole() -> None:
    with pytest.raises(UnknownCommand) as refusal:
        parse_command("/" + "x" * 8_000)

    assert len(str(refusal.value)) < 120


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("/help", True),
        ("/", True),
        ("//help", False),
        ("///", False),
        (" /help", False),
        ("a/b", False),
    ],
)
def test_one_slash_starts_a_command_and_two_do_not(text: str, *, command: bool) -> None:
    assert is_command(text) is command


@pytest.mark.parametrize(
    ("text", "posted"), [("//help", "/help"), ("///", "//"), ("hello", "hello"), ("a//b", "a//b")]
)
def test_two_slashes_post_one(text: str, posted: str) -> None:
    assert unescaped(text) == posted


@pytest.mark.parametrize("word", ["kick", "/kick", "KICK", "kill", "/Kill"])
def test_a_command_is_found_by_any_of_its_names(word: str) -> None:
    spec = find_command(word)

    assert spec is not None
    assert spec.name == "kick"


def test_the_table_in_full() -> None:
    table = {spec.usage: (spec.permission, spec.aliases) for spec in COMMANDS}

    assert table == {
        "/help [command]": (None, ()),
        "/me TEXT": (Permission.POST, ()),
        "/invite USER": (Permission.INVITE, ()),
        "/leave": (Permission.LEAVE, ()),
        "/topic TEXT": (Permission.SET_TOPIC, ()),
        "/kick USER [reason]": (Permission.REMOVE_MEMBER, ("kill",)),
        "/promote USER": (Permission.CHANGE_ROLE, ()),
        "/demote USER": (Permission.CHANGE_ROLE, ()),
        "/rename NAME": (Permission.RENAME, ()),
        "/clear": (Permission.CLEAR, ()),
    }


def test_no_two_commands_answer_to_one_name() -> None:
    names = [name for spec in COMMANDS for name in (spec.name, *spec.aliases)]

    assert len(names) == len(set(names))


def test_help_is_one_line_for_each_row_with_its_other_names() -> None:
    kick, leave = find_command("kick"), find_command("leave")
    assert kick
    assert leave

    assert explain([kick, leave]) == (
        "/kick USER [reason] – Remove somebody from this room. (also /kill)\n"
        "/leave – Leave this room."
    )


@given(st.text(max_size=60))
def test_whatever_follows_the_slash_is_a_command_or_an_answer(rest: str) -> None:
    try:
        command = parse_command(f"/{rest}")
    except (UnknownCommand, WrongArguments):
        return

    assert command.spec.required <= len(command.arguments) <= len(command.spec.arguments)
