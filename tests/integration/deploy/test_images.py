"""The Dockerfile and the compose files, by their linters; and what only we can know of them."""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml

from adapters.configuration.load import load_configuration
from adapters.configuration.names import USUAL, VARIABLES
from tests.integration.cli.processes import ROOT
from tests.integration.deploy.proxies import DEPLOY
from tests.servers.setting import unavailable

DOCKERFILE = (DEPLOY / "Dockerfile").read_text()
COMPOSE = sorted(DEPLOY.glob("compose*.yaml"))
HERE = Path(sys.executable).parent

# Any: whatever YAML holds.
Services = dict[str, dict[str, Any]]


def services(file: Path) -> Services:
    found: Services = yaml.safe_load(file.read_text())["services"]
    return found


def nodes(file: Path) -> Services:
    return {name: each for name, each in services(file).items() if each.get("image") == "besedka"}


def test_the_dockerfile_is_in_order() -> None:
    found = shutil.which("hadolint", path=f"{HERE}:{os.environ['PATH']}")
    linter = found or unavailable("hadolint is not installed: make test.")

    done = subprocess.run(
        [linter, "--no-color", str(DEPLOY / "Dockerfile")],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout) == (0, "")


def test_what_is_copied_into_the_image_is_enough_to_build_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied = re.findall(r"^COPY (?!--)(.+) (\S+)$", DOCKERFILE, re.MULTILINE)
    ignored = (DEPLOY / "Dockerfile.dockerignore").read_text().splitlines()
    for sources, target in copied:
        for source in sources.split():
            assert f"!{source}" in ignored
            place = tmp_path / target / (Path(source).name if target.endswith("/") else "")
            if (ROOT / source).is_dir():
                ignore = shutil.ignore_patterns("__pycache__", "*.egg-info")
                shutil.copytree(ROOT / source, place, ignore=ignore)
            else:
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / source, place)
    monkeypatch.chdir(tmp_path)
    built = subprocess.run(
        [sys.executable, "-c", _BUILD, str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert built.returncode == 0, built.stderr

    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        names = wheel.namelist()
    assert "bootstrap.py" in names
    assert "adapters/http/static/app/manifest.json" in names
    assert any(name.startswith("adapters/persistence/sql/migrations/versions/") for name in names)


# In a process of its own: setuptools changes much of the one it runs in.
_BUILD = "import sys; from setuptools import build_meta; build_meta.build_wheel(sys.argv[1])"


def test_the_image_runs_as_nobody_in_particular() -> None:
    *_, final = DOCKERFILE.split("\nFROM ")

    assert re.search(r"^USER 10001$", final, re.MULTILINE)
    assert "HEALTHCHECK" in final
    assert "VOLUME /var/lib/besedka" in final
    environ = dict(re.findall(r"([A-Z_]+)=(\S+)", final.partition("ENV ")[2].partition("\n\n")[0]))
    assert environ.keys() - {"PATH", "PYTHONUNBUFFERED"} <= USUAL.keys() | VARIABLES.keys()


def test_the_health_check_asks_and_can_fail(tmp_path: Path) -> None:
    (program,) = re.findall(r'CMD \["python", "-c", "(.*)"\]$', DOCKERFILE, re.MULTILINE)
    program = program.replace('\\"', '"')

    done = subprocess.run(
        [sys.executable, "-c", program], env={"PORT": "1"}, capture_output=True, check=False
    )

    assert b"refused" in done.stderr
    assert done.returncode == 1


@pytest.mark.parametrize("file", COMPOSE, ids=lambda file: file.name)
def test_compose_files_are_what_compose_understands(file: Path) -> None:
    if importlib.util.find_spec("check_jsonschema") is None:
        unavailable("check-jsonschema is not installed: make test.")
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec"]

    done = subprocess.run([*command, str(file)], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("file", COMPOSE, ids=lambda file: file.name)
def test_compose_files_set_settings_that_work_together(file: Path) -> None:
    assert nodes(file)
    for node in nodes(file).values():
        environ = {name: _filled(str(value)) for name, value in node["environment"].items()}

        assert environ.keys() <= USUAL.keys() | VARIABLES.keys()
        settings = load_configuration(environ=environ, env_file=None).settings
        assert (settings.workers == 1) or settings.redis_url
        assert int(node["stop_grace_period"].rstrip("s")) > (
            settings.drain_seconds + settings.shutdown_seconds
        )


@pytest.mark.parametrize("file", COMPOSE, ids=lambda file: file.name)
def test_compose_files_name_what_is_there(file: Path) -> None:
    whole = yaml.safe_load(file.read_text())
    for name, service in whole["services"].items():
        for other in service.get("depends_on", {}):
            assert other == name or other in whole["services"]
            in_image = other in nodes(file)
            assert in_image or "healthcheck" in whole["services"][other]
        for volume in service.get("volumes", []):
            source, *_ = volume.split(":")
            assert source in whole.get("volumes", {}) or (DEPLOY / source).is_file()
        if "build" in service:
            assert (DEPLOY / service["build"]["context"]).resolve() == ROOT
            assert (ROOT / service["build"]["dockerfile"]).is_file()


def test_the_nodes_believe_nginx_alone() -> None:
    file = DEPLOY / "compose.postgres.yaml"
    address = services(file)["nginx"]["networks"]["default"]["ipv4_address"]

    for name, node in nodes(file).items():
        assert node["environment"]["BESEDKA_TRUSTED_PROXIES"] == address
        assert f"server {name}:8080" in (DEPLOY / "nginx" / "compose.conf").read_text()


def _filled(value: str) -> str:
    """As compose would with nothing set but what must be."""
    value = re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", value)
    return re.sub(r"\$\{\w+:\?[^}]*\}", "secret", value)
