"""A real nginx with the sample configurations of `deploy/nginx`, in which only ports, paths and the
addresses of the nodes are other ones.

with nginx_with_tls(directory, [node, another], http=port, https=port): ...
"""

import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.servers.setting import unavailable

SAMPLES = Path(__file__).parents[2] / "deploy" / "nginx"
NAME = "chat.example.org"
PATIENCE = 20.0  # Seconds, for a machine that is busy with other tests.

_CONFIGURATION = """
daemon off;
master_process off;
pid {directory}/nginx.pid;
error_log {directory}/error.log;
events {{ worker_connections 512; }}
http {{
    log_format which_node "$upstream_addr $status $request";
    access_log {directory}/access.log which_node;
    client_body_temp_path {directory}/body;
    proxy_temp_path {directory}/proxy;
    fastcgi_temp_path {directory}/fastcgi;
    uwsgi_temp_path {directory}/uwsgi;
    scgi_temp_path {directory}/scgi;
    include {directory}/site.conf;
}}
"""


@contextmanager
def nginx_with_tls(
    directory: Path, nodes: Sequence[int], *, http: int, https: int, **changes: str
) -> Iterator[None]:
    """`besedka.conf` before nodes on these ports of this machine. `changes` are to directives of
    `locations.inc`."""
    certify(directory)
    site = (SAMPLES / "besedka.conf").read_text()
    site = re.sub(r"    listen \[::\].*\n", "", site)
    site = site.replace("listen 80;", f"listen 127.0.0.1:{http};")
    site = site.replace("listen 443 ssl;", f"listen 127.0.0.1:{https} ssl;")
    site = site.replace(f"/etc/ssl/{NAME}", str(directory / NAME))
    site = at(site, ("127.0.0.1:8080", "127.0.0.1:8081"), nodes)
    with _nginx(directory, site, changes, https):
        yield


@contextmanager
def nginx_of_compose(
    directory: Path, nodes: Sequence[int], *, http: int, **changes: str
) -> Iterator[None]:
    """`compose.conf`, which has no TLS."""
    site = (SAMPLES / "compose.conf").read_text()
    site = site.replace("listen 80;", f"listen 127.0.0.1:{http};")
    site = at(site, ("node1:8080", "node2:8080"), nodes)
    with _nginx(directory, site, changes, http):
        yield


def certify(directory: Path) -> None:
    openssl = shutil.which("openssl") or unavailable("openssl is not installed.")
    options = f"req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN={NAME}"
    files = ("-keyout", str(directory / f"{NAME}.key"), "-out", str(directory / f"{NAME}.crt"))
    subprocess.run([openssl, *options.split(), *files], check=True, capture_output=True)


def at(site: str, old: tuple[str, str], nodes: Sequence[int]) -> str:
    """With these nodes; where there is one, without the line or the word of the second."""
    first, second = old
    site = site.replace(first, f"127.0.0.1:{nodes[0]}")
    if len(nodes) > 1:
        return site.replace(second, f"127.0.0.1:{nodes[1]}")
    return re.sub(rf"    server {second}.*\n| {second}", "", site)


@contextmanager
def _nginx(directory: Path, site: str, changes: Mapping[str, str], port: int) -> Iterator[None]:
    """Complains of nothing, from its beginning to its end."""
    locations = (SAMPLES / "locations.inc").read_text()
    for name, value in changes.items():
        locations = re.sub(rf"\b{name}\b\s.*;", f"{name} {value};", locations)
    (directory / "locations.inc").write_text(locations)
    (directory / "site.conf").write_text(site.replace("/etc/nginx/besedka", str(directory)))
    (directory / "nginx.conf").write_text(_CONFIGURATION.format(directory=directory))
    with (directory / "said").open("wb") as said:
        process = subprocess.Popen(
            [_program(), "-p", str(directory), "-c", str(directory / "nginx.conf")],
            cwd=directory,
            env={"PATH": os.environ["PATH"]},
            stdout=said,
            stderr=said,
        )
    try:
        _await_listener(process, port, directory)
        yield
    finally:
        process.terminate()
        process.wait(PATIENCE)
    errors = (directory / "error.log").read_text()
    assert "[emerg]" not in errors, errors
    assert "[warn]" not in errors, errors


def _program() -> str:
    found = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    return found or unavailable("nginx is not installed: make chromium.")


def _await_listener(process: "subprocess.Popen[bytes]", port: int, directory: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        assert process.poll() is None, (directory / "said").read_text()
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            assert time.monotonic() < deadline, "nginx did not listen in time"
            time.sleep(0.02)
        else:
            return
