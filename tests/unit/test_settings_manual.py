"""`config/default.toml` is the operator's manual: it says what the code does."""

from pathlib import Path

import pytest

from adapters.configuration.layers import from_file
from adapters.configuration.load import load_configuration
from adapters.configuration.names import FIELDS, USUAL, variable
from adapters.configuration.settings import Settings

CONFIG = Path(__file__).parents[2] / "config"


def load(file: Path) -> Settings:
    return load_configuration(files=[file], env_file=None, environ={}).settings


def test_the_manual_has_every_setting_with_its_default() -> None:
    manual = from_file(CONFIG / "default.toml")

    assert manual.problems == []
    assert list(manual.values) == list(FIELDS)
    assert load(CONFIG / "default.toml") == Settings()


def test_the_manual_explains_every_setting_and_names_its_variable() -> None:
    usual = {key: name for name, key in USUAL.items()}
    text = (CONFIG / "default.toml").read_text(encoding="utf-8")
    paragraphs = {
        block.splitlines()[-1].partition(" ")[0]: block.splitlines()
        for block in text.split("\n\n")
        if " = " in block.splitlines()[-1]
    }

    for key in FIELDS:
        explanation = paragraphs[key.rpartition(".")[2]]
        names = [variable(key), usual[key]] if key in usual else [variable(key)]
        assert explanation[0].startswith("# ")
        assert explanation[-1].endswith(f"  # {', '.join(names)}")


@pytest.mark.parametrize("path", sorted(CONFIG.glob("*.toml")), ids=lambda path: path.name)
def test_every_file_that_we_ship_is_in_order(path: Path) -> None:
    load(path)
