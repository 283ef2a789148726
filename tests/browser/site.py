"""Several nodes as they stand on the internet, in small."""

from contextlib import ExitStack
from pathlib import Path

from tests.browser.node import SOURCE, Node
from tests.browser.server import Server
from tests.servers import valkey
from tests.servers.nginx import nginx_with_tls
from tests.servers.setting import free_port

FEW = 20
SETTINGS = SOURCE.parent / "config" / "production.example.toml"


class Site(Server):
    """Nodes with the sample settings for that on one database, a Valkey between them, and before
    them nginx with its sample. `nodes` may also be stopped and started one by one."""

    def __init__(self, directory: Path, count: int, **settings: str) -> None:
        self._https = free_port()
        self.url = f"https://127.0.0.1:{self._https}"
        between = {
            "REDIS_URL": valkey.shared_server_url(),
            "BESEDKA_REDIS__PREFIX": valkey.fresh_prefix(),
            "BESEDKA_PUBLIC_URL": self.url,
        }
        self.nodes = [
            Node(directory, "--config", str(SETTINGS), **between, **settings) for _ in range(count)
        ]
        self._directory = directory
        self._open = ExitStack()
        for node in self.nodes:
            self._open.callback(node.close)
        self._has_proxy = False

    def start(self) -> None:
        """One after the other, as the first makes the tables."""
        for node in self.nodes:
            node.start()
        if not self._has_proxy:
            ports = [node.port for node in self.nodes]
            proxy = nginx_with_tls(self._directory, ports, http=free_port(), https=self._https)
            self._open.enter_context(proxy)
            self._has_proxy = True

    def setup_link(self) -> str:
        return self.nodes[0].setup_link()

    def stop(self) -> None:
        """All of them; nginx stays, and says 502."""
        for node in self.nodes:
            node.stop()

    def kill(self) -> None:
        for node in self.nodes:
            node.kill()

    def freeze(self) -> None:
        for node in self.nodes:
            node.freeze()

    def thaw(self) -> None:
        for node in self.nodes:
            node.thaw()

    def close(self) -> None:
        """They all had visitors, unless there were hardly any."""
        self._open.close()
        if not self._has_proxy:
            return
        asked = (self._directory / "access.log").read_text()
        sockets = [asked.count(f"127.0.0.1:{node.port} 101 GET /ws ") for node in self.nodes]
        assert all(sockets) or sum(sockets) < FEW, f"nginx did not spread them: {sockets}"
