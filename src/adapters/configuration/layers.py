"""The places that settings come from, each read into a `Layer`."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path

from dotenv.parser import parse_stream

from adapters.configuration.names import FIELDS, PREFIX, USUAL, VARIABLES, nearest

# Elsewhere an empty variable means that nothing is set: compose files pass `PORT=` on like that.
EMPTY_IS_A_VALUE = frozenset({"redis_url", "public_url", "trusted_proxies", "welcome_room"})


@dataclass(slots=True)
class Layer:
    """Raw values by key; how each was called where it came from; and what is wrong there."""

    values: dict[str, object] = field(default_factory=dict)
    origins: dict[str, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def put(self, key: str, value: object, origin: str) -> None:
        self.values[key] = value
        self.origins[key] = origin


def from_options(options: Mapping[str, object]) -> Layer:
    """What the command line says; an option that was not given is None."""
    layer = Layer()
    for key, value in options.items():
        if value is not None:
            layer.put(key, value, f"the option --{key.replace('_', '-')}")
    return layer


def from_environment(environ: Mapping[str, str], place: str = "the environment") -> Layer:
    """`BESEDKA_…`, and the usual names of platforms. Foreign variables are not looked at."""
    layer = Layer()
    for name, key in [*USUAL.items(), *VARIABLES.items()]:  # The later one wins.
        value = environ.get(name, "")
        if name in environ and (value or key in EMPTY_IS_A_VALUE):
            layer.put(key, value, f"{name} in {place}")
    for name in environ:
        if name.upper().startswith(PREFIX) and name not in VARIABLES:
            hint = nearest(name, VARIABLES)
            layer.problems.append(f"{name} in {place} is not a setting.{hint}")
    return layer


def from_env_file(path: Path) -> Layer:
    """A file of `NAME=value` lines; none at all is fine. `$` in a value means itself."""
    try:
        text = path.read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return Layer()
    except (OSError, UnicodeDecodeError) as error:
        return Layer(problems=[f"{path} cannot be read: {_reason(error)}."])
    environ: dict[str, str] = {}
    problems: list[str] = []
    for binding in parse_stream(StringIO(text)):
        if binding.error:
            # The line itself is not shown: it may hold a password.
            problems.append(f"{path}, line {binding.original.line}: must be NAME=value.")
        elif binding.key is not None and binding.value is not None:
            environ[binding.key] = binding.value
    layer = from_environment(environ, str(path))
    layer.problems[:0] = problems
    return layer


def from_file(path: Path) -> Layer:
    """A TOML file like `config/default.toml`."""
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        return Layer(problems=[f"The configuration file {path} cannot be read: {_reason(error)}."])
    except tomllib.TOMLDecodeError as error:
        return Layer(problems=[f"The configuration file {path} is not TOML: {error}."])
    layer = Layer()
    for key, value in _flat(tables):
        if key in FIELDS:
            layer.put(key, value, str(path))
        else:
            layer.problems.append(f"{key} in {path} is not a setting.{nearest(key, FIELDS)}")
    return layer


def _flat(tables: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, object]]:
    for name, value in tables.items():
        if isinstance(value, dict) and prefix + name not in FIELDS:
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield prefix + name, value


def _reason(error: OSError | UnicodeDecodeError) -> str:
    if isinstance(error, OSError):
        return (error.strerror or type(error).__name__).lower()
    return "it is not UTF-8"
