import sys

import click

from adapters.cli.failures import Misconfigured


def asked_password() -> str:
    """Never an argument: others on the machine can read those, and shells keep them."""
    if sys.stdin is None:  # It was closed.
        raise Misconfigured("There is no standard input to read the password from.")
    if sys.stdin.isatty():
        return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\r\n")
