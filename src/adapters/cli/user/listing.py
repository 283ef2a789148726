import json
from datetime import datetime
from pathlib import Path

import click

from adapters.cli.lasting import ask_chat, lasting_settings
from adapters.cli.options import store_options
from adapters.cli.program import Program
from adapters.wire import time_text
from application.chat import Chat
from domain.user import User

_HEADING = f"{'username':<32}  {'role':<6}  {'made':<10}  {'disabled':<10}  display name"


def list_command(program: Program) -> click.Command:
    @click.command("list")
    @click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
    @store_options
    def list_users(files: tuple[Path, ...], *, as_json: bool, **options: str | None) -> None:
        """Print all accounts, by name.

        Each with its role on the site, the day on which it was made, and the one on which it was
        disabled, if it was; days are those of UTC.
        """
        settings = lasting_settings(files, options)
        ask_chat(program, settings, lambda chat: _print(chat, as_json=as_json))

    return list_users


async def _print(chat: Chat, *, as_json: bool) -> None:
    line = _json if as_json else _row
    page = await chat.list_users()
    if page and not as_json:
        click.echo(_HEADING)
    while page:
        click.echo("\n".join(map(line, page)))
        page = await chat.list_users(after=page[-1])


def _row(user: User) -> str:
    made, disabled = _day(user.created_at), _day(user.disabled_at)
    return (
        f"{user.username.value:<32}  {user.site_role.value:<6}  {made:<10}  {disabled:<10}  "
        f"{user.display_name}"
    )


def _json(user: User) -> str:
    fields = {
        "username": user.username.value,
        "display_name": user.display_name,
        "role": user.site_role.value,
        "created_at": time_text(user.created_at),
        "disabled_at": user.disabled_at and time_text(user.disabled_at),
    }
    return json.dumps(fields, ensure_ascii=False)


def _day(time: datetime | None) -> str:
    return f"{time:%Y-%m-%d}" if time else "-"
