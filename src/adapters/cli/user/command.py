import click

from adapters.cli.program import Program
from adapters.cli.user.create import create_command
from adapters.cli.user.disable import disable_command, enable_command
from adapters.cli.user.listing import list_command
from adapters.cli.user.owner import owner_command
from adapters.cli.user.password import password_command


def user_commands(program: Program) -> click.Group:
    @click.group()
    def user() -> None:
        """Accounts, for whoever runs the server, which may be running meanwhile."""

    user.add_command(list_command(program))
    user.add_command(create_command(program))
    user.add_command(password_command(program))
    user.add_command(disable_command(program))
    user.add_command(enable_command(program))
    user.add_command(owner_command(program))
    return user
