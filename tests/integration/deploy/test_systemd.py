"""The unit, as systemd itself sees it."""

import os
import re
import shutil
import stat
import subprocess
from pathlib import Path

from adapters.configuration.settings import Settings
from tests.integration.deploy.proxies import DEPLOY
from tests.servers.setting import unavailable

UNIT = DEPLOY / "besedka.service"


def setting(name: str) -> str:
    (value,) = re.findall(rf"^{name}=(.*)$", UNIT.read_text(), re.MULTILINE)
    return str(value)


def analyzed(unit: Path, *arguments: str) -> str:
    found = shutil.which("systemd-analyze")
    program = found or unavailable("systemd-analyze is not installed: make chromium.")
    done = subprocess.run(
        [program, *arguments, str(unit)],
        capture_output=True,
        text=True,
        env={"PATH": os.environ["PATH"], "SYSTEMD_COLORS": "0"},
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_the_unit_is_in_order(tmp_path: Path) -> None:
    program = tmp_path / "besedka"
    program.touch()
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    unit = tmp_path / UNIT.name
    unit.write_text(UNIT.read_text().replace("/opt/besedka/bin/besedka", str(program)))

    complaints = [line for line in analyzed(unit, "verify").splitlines() if UNIT.name in line]

    assert complaints == []


def test_little_is_exposed() -> None:
    said = analyzed(UNIT, "security", "--offline=true", "--no-pager")

    (exposure,) = re.findall(r"Overall exposure level for besedka.service: ([\d.]+)", said)
    assert float(exposure) < 2


def test_it_waits_longer_than_the_server_takes() -> None:
    settings = Settings()

    assert setting("Type") == "notify"
    assert int(setting("TimeoutStopSec")) > settings.drain_seconds + settings.shutdown_seconds
    assert setting("KillMode") == "mixed"
    assert setting("ExecStart").endswith("besedka serve --config /etc/besedka.toml")
