"""Settings in files: TOML and `.env`."""

from pathlib import Path

import pytest

from adapters.configuration.errors import ConfigurationError
from adapters.configuration.layers import from_env_file
from adapters.configuration.load import Configuration, load_configuration
from adapters.configuration.settings import Settings


def load(*files: Path, env_file: Path | None = None, **environ: str) -> Configuration:
    return load_configuration(files=files, env_file=env_file, environ=environ)


def test_a_file_needs_to_hold_only_what_differs(tmp_path: Path) -> None:
    file = tmp_path / "besedka.toml"
    file.write_text("port = 9000\n[limits]\npage = 50\nposts_per_second = 2.5\n")

    configuration = load(file)

    assert configuration.settings.port == 9000
    assert configuration.settings.limits.page == 50
    assert configuration.settings.limits.posts_per_second == 2.5
    assert configuration.settings.limits.replay == Settings().limits.replay
    assert configuration.origins["limits.page"] == str(file)


def test_the_later_file_wins(tmp_path: Path) -> None:
    first, second = tmp_path / "1.toml", tmp_path / "2.toml"
    first.write_text('host = "a"\n[limits]\npage = 1\nreplay = 1\n')
    second.write_text("[limits]\npage = 2\n")

    settings = load(first, second).settings

    assert (settings.host, settings.limits.page, settings.limits.replay) == ("a", 2, 1)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("prot = 1", "prot in {} is not a setting. Did you mean port?"),
        ("[limit]\npage = 1", "limit.page in {} is not a setting. Did you mean limits.page?"),
        (
            "[port]\nnumber = 1",
            "port must be a whole number from 0 to 65535, not {{'number': 1}} ({}).",
        ),
        ("limits = 5", "limits in {} is not a setting. Did you mean limits.page?"),
        ("port = true", "port must be a whole number from 0 to 65535, not True ({})."),
        ("host = 5", "host must be text that is not empty, not 5 ({})."),
        ("trusted_proxies = 5", "trusted_proxies must be a list of addresses and networks"),
        ("port 1", "The configuration file {} is not TOML: Expected '='"),
    ],
)
def test_what_is_wrong_in_a_file_is_named(text: str, problem: str, tmp_path: Path) -> None:
    file = tmp_path / "besedka.toml"
    file.write_text(text)

    with pytest.raises(ConfigurationError) as caught:
        load(file)

    assert str(caught.value).startswith(problem.format(file))
    assert len(caught.value.problems) == 1


def test_a_file_that_was_asked_for_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"none\.toml cannot be read: no such file"):
        load(tmp_path / "none.toml")


def test_env_file_wins_over_files_and_the_environment_over_it(tmp_path: Path) -> None:
    file, env_file = tmp_path / "besedka.toml", tmp_path / ".env"
    file.write_text('port = 1\nhost = "a"\nlog_level = "error"')
    env_file.write_text("# Ours\nexport PORT=2\nBESEDKA_HOST='b'\nPOSTGRES_PASSWORD=other's\n")

    configuration = load(file, env_file=env_file, PORT="3")

    settings = configuration.settings
    assert (settings.port, settings.host, settings.log_level) == (3, "b", "error")
    assert configuration.origins["host"] == f"BESEDKA_HOST in {env_file}"


def test_a_dollar_in_env_file_is_a_dollar(tmp_path: Path) -> None:
    env_file = tmp_path / ".env"
    env_file.write_text("DATABASE_URL=postgresql://me:pa${HOME}ss@db/chat\n")

    url = load(env_file=env_file, HOME="/root").settings.database_url

    assert url == "postgresql://me:pa${HOME}ss@db/chat"


def test_no_env_file_is_fine(tmp_path: Path) -> None:
    assert from_env_file(tmp_path / ".env").values == {}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("BESEDKA_PROT=1", "BESEDKA_PROT in {} is not a setting. Did you mean BESEDKA_PORT?"),
        ("HOST=a\nhunter2 is secret\n", "{}, line 2: must be NAME=value."),
    ],
)
def test_what_is_wrong_in_env_file_is_named(text: str, problem: str, tmp_path: Path) -> None:
    env_file = tmp_path / ".env"
    env_file.write_text(text)

    with pytest.raises(ConfigurationError) as caught:
        load(env_file=env_file)

    assert str(caught.value) == problem.format(env_file)
