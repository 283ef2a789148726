"""From the places that settings come from to the settings, or to lines that say what is wrong."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from pydantic import ValidationError

from adapters.configuration.bounds import allowed
from adapters.configuration.errors import ConfigurationError
from adapters.configuration.layers import (
    Layer,
    from_env_file,
    from_environment,
    from_file,
    from_options,
)
from adapters.configuration.names import FIELDS
from adapters.configuration.settings import Settings

ENV_FILE = Path(".env")


@dataclass(frozen=True, slots=True)
class Configuration:
    """`origins`: where each setting that is not the default was set."""

    settings: Settings
    origins: Mapping[str, str]


def load_configuration(
    *,
    options: Mapping[str, object] | None = None,
    environ: Mapping[str, str] | None = None,
    env_file: Path | None = ENV_FILE,
    files: Sequence[Path] = (),
) -> Configuration:
    """Options win over the environment, that over `.env`, that over the files, of which the
    later ones win. Raises `ConfigurationError` with everything that is wrong."""
    return combine(
        [
            *(from_file(path) for path in files),
            from_env_file(env_file) if env_file else Layer(),
            from_environment(os.environ if environ is None else environ),
            from_options(options or {}),
        ]
    )


def combine(layers: Sequence[Layer]) -> Configuration:
    """The later layers win. Raises `ConfigurationError`."""
    values: dict[str, object] = {}
    origins: dict[str, str] = {}
    for layer in layers:
        values |= layer.values
        origins |= layer.origins
    problems = list(chain.from_iterable(layer.problems for layer in layers))
    try:
        settings = Settings.model_validate(_nested(values))
    except ValidationError as error:
        raise ConfigurationError([*problems, *_explained(error, values, origins)]) from None
    if problems:
        raise ConfigurationError(problems)
    return Configuration(settings, origins)


def _nested(values: Mapping[str, object]) -> dict[str, object]:
    tables: dict[str, object] = {}
    groups: dict[str, dict[str, object]] = {}
    for key, value in values.items():
        group, dot, name = key.rpartition(".")
        if dot:
            groups.setdefault(group, {})[name] = value
        else:
            tables[name] = value
    return tables | groups


def _explained(
    error: ValidationError, values: Mapping[str, object], origins: Mapping[str, str]
) -> list[str]:
    lines: dict[str, None] = {}  # A set that keeps the order: unions report each branch.
    for problem in error.errors(include_url=False, include_input=False):
        key = _key(problem["loc"])
        reason = str(problem.get("ctx", {}).get("error", ""))
        if key in FIELDS:
            wording = reason or allowed(FIELDS[key])
            lines[f"{key} {wording}{_shown(key, values)} ({origins[key]})."] = None
        else:  # A rule about several settings of a group says itself which.
            lines[f"{key}.{reason}."] = None
    return list(lines)


def _shown(key: str, values: Mapping[str, object]) -> str:
    # A URL may hold a password in a place where nobody expects it.
    return "" if key.endswith("_url") else f", not {values[key]!r:.80}"


def _key(location: tuple[int | str, ...]) -> str:
    """The setting that pydantic means; it names the branch of a union after it."""
    key = ""
    for part in location:
        key = f"{key}.{part}" if key else str(part)
        if key in FIELDS:
            return key
    return key
