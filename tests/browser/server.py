"""What people come to: one node, or several that look like one."""

from typing import Protocol


class Server(Protocol):
    """Tests may stop, kill, freeze and start it again. It keeps its address and its database."""

    url: str

    def start(self) -> None:
        """Returns when it answers."""

    def setup_link(self) -> str:
        """To be asked for once, after the first start."""

    def stop(self) -> None:
        """As an operator does. It had nothing to complain of."""

    def kill(self) -> None:
        """As a power cut does."""

    def freeze(self) -> None:
        """What is sent now waits until it thaws, and nothing is answered."""

    def thaw(self) -> None: ...

    def close(self) -> None:
        """Whatever a test left it in."""
