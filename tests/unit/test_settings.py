"""Where settings come from, which place wins, and what is said about what is wrong."""

from collections.abc import Mapping

import pytest
from pydantic import ValidationError

from adapters.configuration.errors import ConfigurationError
from adapters.configuration.layers import Layer, from_environment, from_options
from adapters.configuration.load import combine, load_configuration
from adapters.configuration.names import FIELDS, VARIABLES
from adapters.configuration.settings import Settings

# One wrong value for each setting, as the environment would say it, and what is said about it.
WRONG = {
    "host": (" ", "host must be text that is not empty"),
    "port": ("65536", "port must be a whole number from 0 to 65535, not '65536'"),
    "workers": ("0", "workers must be a whole number from 1 to 64"),
    "public_url": ("chat.example.org", "public_url must be like https://chat.example.org"),
    "trusted_proxies": ("10.0.0.1/8", "trusted_proxies must be addresses or networks"),
    "secure_cookies": ("perhaps", "secure_cookies must be one of auto, true, false"),
    "database_url": (
        "besedka.db",
        "database_url must be the address of a store, as sqlite:///",
    ),
    "redis_url": ("http://cache", "redis_url must start with redis://"),
    "log_level": ("loud", "log_level must be one of debug, info, warning, error, not 'loud'"),
    "log_format": ("xml", "log_format must be one of auto, text, json, not 'xml'"),
    "registration": ("ajar", "registration must be one of open, closed, not 'ajar'"),
    "welcome_room": ("1st", "welcome_room must be the name of a room, or empty: it must start"),
    "presence_grace_seconds": ("-1", "presence_grace_seconds must be a number from 0 to 300"),
    "heartbeat_seconds": ("0", "heartbeat_seconds must be a number above 0 and at most 300"),
    "drain_seconds": ("-1", "drain_seconds must be a number from 0 to 600"),
    "shutdown_seconds": ("nan", "shutdown_seconds must be a number from 0 to 600"),
    "limits.text_length": ("0", "limits.text_length must be a whole number from 1 to 1000000"),
    "limits.page": ("many", "limits.page must be a whole number from 1 to 1000, not 'many'"),
    "limits.replay": ("2.5", "limits.replay must be a whole number from 1 to 10000"),
    "limits.frame_bytes": ("64k", "limits.frame_bytes must be a whole number from 2048"),
    "limits.body_bytes": ("1", "limits.body_bytes must be a whole number from 2048"),
    "limits.outbox_bytes": ("1", "limits.outbox_bytes must be a whole number from 65536"),
    "limits.connections_per_user": (
        "-1",
        "limits.connections_per_user must be a whole number from",
    ),
    "limits.posts_per_second": ("inf", "limits.posts_per_second must be a number from 0"),
    "limits.post_burst": ("0", "limits.post_burst must be a whole number from 1"),
    "limits.sign_ins_per_minute": ("x", "limits.sign_ins_per_minute must be a number from 0"),
    "limits.sign_ins_per_minute_and_address": ("-1", "and_address must be a number from 0"),
    "limits.registrations_per_hour": ("-1", "limits.registrations_per_hour must be a number"),
    "limits.room_changes_per_minute": ("-1", "limits.room_changes_per_minute must be a number"),
    "limits.searches_per_second": ("-1", "limits.searches_per_second must be a number"),
    "limits.typing_per_second": ("-1", "limits.typing_per_second must be a number"),
    "limits.requests_per_second": ("-1", "limits.requests_per_second must be a number"),
    "sessions.idle_days": ("0", "sessions.idle_days must be a number above 0 and at most 3650"),
    "sessions.life_days": ("forever", "sessions.life_days must be a number above 0"),
    "sessions.store": ("memory", "sessions.store must be one of database, redis, not 'memory'"),
    "store.pool_size": ("0", "store.pool_size must be a whole number from 1 to 1000"),
    "store.busy_timeout_seconds": ("0", "store.busy_timeout_seconds must be a number above 0"),
    "store.mongo_driver": (
        "psycopg",
        "store.mongo_driver must be one of motor, pymongo, not 'psycopg'",
    ),
    "redis.prefix": ("my site", "redis.prefix must be 1 to 64 printable ASCII characters"),
    "redis.timeout_seconds": ("0", "redis.timeout_seconds must be a number above 0 and at most 60"),
    "redis.lease_seconds": ("0.5", "redis.lease_seconds must be a number from 1 to 600"),
    "redis.verify_certificate": ("maybe", "redis.verify_certificate must be one of true, false"),
    "metrics.access": (
        "everybody",
        "metrics.access must be one of off, loopback, private, public, not 'everybody'",
    ),
    "metrics.token": ("short", "metrics.token must be 16 to 256 printable ASCII characters"),
}


def from_variables(environ: Mapping[str, str]) -> Settings:
    return combine([from_environment(environ)]).settings


def problems_of(*layers: Layer) -> tuple[str, ...]:
    with pytest.raises(ConfigurationError) as caught:
        combine(layers)
    return caught.value.problems


def test_nothing_needs_to_be_set() -> None:
    configuration = load_configuration(environ={}, env_file=None)

    assert configuration.settings == Settings()
    assert configuration.origins == {}


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        Settings().port = 1


@pytest.mark.parametrize("key", FIELDS)
def test_every_setting_has_a_name_in_the_environment(key: str) -> None:
    default: object = Settings()
    for part in key.split("."):
        default = getattr(default, part)
    raw = "" if default is None else ",".join(default) if isinstance(default, tuple) else default

    assert from_variables({variable_of(key): str(raw)}) == Settings()


def variable_of(key: str) -> str:
    return next(name for name, other in VARIABLES.items() if other == key)


def test_options_win_over_the_environment_and_that_over_files() -> None:
    file = Layer({"port": 1, "host": "a", "log_level": "error"}, dict.fromkeys(FIELDS, "a file"))
    environment = from_environment({"BESEDKA_PORT": "2", "BESEDKA_HOST": "b"})
    options = from_options({"port": "3", "database_url": None})

    configuration = combine([file, environment, options])

    assert configuration.settings.port == 3
    assert configuration.settings.host == "b"
    assert configuration.settings.log_level == "error"
    assert configuration.origins["port"] == "the option --port"
    assert configuration.origins["host"] == "BESEDKA_HOST in the environment"


def test_the_usual_names_of_platforms_are_understood() -> None:
    settings = from_variables(
        {
            "HOST": "0.0.0.0",
            "PORT": "9000",
            "DATABASE_URL": "memory://",
            "REDIS_URL": "redis://cache",
            "SECRET_KEY": "not needed",
        }
    )

    assert (settings.host, settings.port) == ("0.0.0.0", 9000)
    assert (settings.database_url, settings.redis_url) == ("memory://", "redis://cache")


def test_our_own_name_wins_over_the_usual_one() -> None:
    assert from_variables({"BESEDKA_PORT": "2", "PORT": "1"}).port == 2


def test_an_empty_variable_sets_nothing_but_where_empty_means_none() -> None:
    settings = from_variables({"PORT": "", "DATABASE_URL": "", "BESEDKA_WELCOME_ROOM": ""})

    assert settings.port == Settings().port
    assert settings.database_url == Settings().database_url
    assert settings.welcome_room == ""


def test_a_group_is_set_name_by_name() -> None:
    limits = from_variables({"BESEDKA_LIMITS__POST_BURST": "7"}).limits

    assert limits.post_burst == 7
    assert limits.page == Settings().limits.page


@pytest.mark.parametrize(
    ("raw", "networks"),
    [
        ("", ()),
        ("10.0.0.1", ("10.0.0.1/32",)),
        ("10.0.0.0/8, ::1", ("10.0.0.0/8", "::1/128")),
    ],
)
def test_proxies_are_a_list(raw: str, networks: tuple[str, ...]) -> None:
    assert from_variables({"BESEDKA_TRUSTED_PROXIES": raw}).trusted_proxies == networks


@pytest.mark.parametrize(
    ("public_url", "secure_cookies", "is_secure"),
    [
        ("", "auto", False),
        ("http://chat.test", "auto", False),
        ("https://chat.test/", "auto", True),
        ("https://chat.test", "false", False),
        ("", "true", True),
    ],
)
def test_cookies_are_secure_behind_https(
    public_url: str, secure_cookies: str, is_secure: bool
) -> None:
    settings = from_variables(
        {"BESEDKA_PUBLIC_URL": public_url, "BESEDKA_SECURE_COOKIES": secure_cookies}
    )

    assert settings.has_secure_cookies is is_secure


@pytest.mark.parametrize("url", ["https://Chat.Test", "https://chat.test/"])
def test_a_public_url_has_one_form(url: str) -> None:
    assert from_variables({"BESEDKA_PUBLIC_URL": url}).public_url == "https://chat.test"


@pytest.mark.parametrize(
    "url",
    [
        "ftp://chat.test",
        "https://",
        "https://a/chat",
        "https://a?b",
        "https://u:p@a",
        "https://a:b",
    ],
)
def test_a_public_url_is_a_scheme_and_a_host(url: str) -> None:
    (problem,) = problems_of(from_environment({"BESEDKA_PUBLIC_URL": url}))

    assert problem.startswith("public_url must be ")


def test_there_is_a_wrong_value_for_each_setting() -> None:
    assert list(WRONG) == list(FIELDS)


@pytest.mark.parametrize("key", WRONG)
def test_a_wrong_value_is_named_with_its_place_and_what_is_allowed(key: str) -> None:
    raw, expected = WRONG[key]
    variable = variable_of(key)

    (problem,) = problems_of(from_environment({variable: raw}))

    assert expected in problem
    assert f"({variable} in the environment)" in problem
    assert "\n" not in problem


def test_all_that_is_wrong_is_said_at_once() -> None:
    environment = from_environment({"BESEDKA_PROT": "1", "BESEDKA_LOG_LEVEL": "x"})

    problems = problems_of(environment, from_options({"port": "-1"}))

    assert len(problems) == 3


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("BESEDKA_PROT", "BESEDKA_PORT"),
        ("besedka_port", "BESEDKA_PORT"),
        ("BESEDKA_LIMITS__POST_BURTS", "BESEDKA_LIMITS__POST_BURST"),
        ("BESEDKA_LIMITS_POST_BURST", "BESEDKA_LIMITS__POST_BURST"),
    ],
)
def test_an_unknown_variable_is_named_with_the_nearest_one(name: str, nearest: str) -> None:
    (problem,) = problems_of(from_environment({name: "1"}))

    assert problem == f"{name} in the environment is not a setting. Did you mean {nearest}?"


def test_variables_of_others_are_none_of_our_business() -> None:
    assert from_variables({"PATH": "/bin", "BESEDKAS": "many"}) == Settings()


@pytest.mark.parametrize(
    ("variable", "url"),
    [
        ("DATABASE_URL", "postgres:me:hunter2@db/chat"),
        ("BESEDKA_DATABASE_URL", "mysql:me:hunter2@db/chat"),
        ("REDIS_URL", "rediss:/me:hunter2@cache"),
        ("BESEDKA_PUBLIC_URL", "https://me:hunter2@chat.test"),
    ],
)
def test_a_wrong_url_is_not_repeated(variable: str, url: str) -> None:
    (problem,) = problems_of(from_environment({variable: url}))

    assert "hunter2" not in problem


def test_a_password_is_not_in_what_settings_look_like() -> None:
    settings = from_variables({"DATABASE_URL": "postgresql://me:hunter2@db/chat"})

    assert "hunter2" not in repr(settings)


def test_a_frame_that_cannot_hold_a_text_is_refused() -> None:
    (problem,) = problems_of(from_environment({"BESEDKA_LIMITS__TEXT_LENGTH": "20000"}))

    assert problem == (
        "limits.frame_bytes must be at least 81024, so that a text of 20000 characters "
        "(text_length) fits in."
    )
