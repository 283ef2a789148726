"""Where to go next, and in which language: the pure parts of the pages."""

import json
from pathlib import Path

import pytest

from adapters.http.app import HERE
from adapters.http.flashes import LEVELS
from adapters.http.local_path import local_path, with_next
from adapters.http.translations import LOCALES, Translations, choose_locale
from domain.errors import InvalidField, KeyReused, RateLimited, WrongCredentials


@pytest.mark.parametrize(
    "wanted",
    [
        "/",
        "/rooms/garden",
        "/rooms/%D1%81%D0%B0%D0%B4?seq=12",
        "/rooms/a.b-c_d",
        "/rooms/x?to=https://elsewhere.example//path",
        "/rooms/a%2Fb",
    ],
)
def test_local_paths_are_kept(wanted: str) -> None:
    assert local_path(wanted) == wanted


@pytest.mark.parametrize(
    "wanted",
    [
        None,
        "",
        "rooms/garden",
        "https://evil.example",
        "javascript:alert(1)",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "\t//evil.example",
        " //evil.example",
        "/\x00/evil.example",
        "/\x7f/evil.example",
        "/\ud800/",
        "/..//evil.example",
        "/.//evil.example",
        "/%2e%2e//evil.example",
        "/%2e//evil.example",
        "/x/..//evil.example",
        "/" + "x" * 2000,
    ],
)
def test_everything_else_leads_to_the_front(wanted: str | None) -> None:
    assert local_path(wanted) == "/"


def test_form_leads_on() -> None:
    assert with_next("/login", "/") == "/login"
    assert with_next("/login", "/rooms/a?b=c&d") == "/login?next=%2Frooms%2Fa%3Fb%3Dc%26d"


@pytest.mark.parametrize(
    ("cookie", "accepted", "locale"),
    [
        (None, "", "en"),
        (None, "ru", "ru"),
        (None, "uk-UA,uk;q=0.9,ru;q=0.8,en;q=0.7", "uk"),
        (None, "de,fr;q=0.9,ru;q=0.5,uk;q=0.6", "uk"),
        (None, "de, fr", "en"),
        (None, "ru;q=0, uk;q=0.1", "uk"),
        (None, "RU-ru", "ru"),
        (None, "*", "en"),
        (None, "ru;q=nonsense,uk;q=nan,en;q=inf,;;,=", "en"),
        (None, "ru;q=2", "en"),
        ("uk", "ru", "uk"),
        ("xx", "ru", "ru"),
        ("../en", "", "en"),
    ],
)
def test_language(cookie: str | None, accepted: str, locale: str) -> None:
    assert choose_locale(cookie, accepted) == locale


@pytest.fixture(scope="module")
def translations() -> Translations:
    return Translations(HERE / "locales")


def test_every_flash_is_said_in_every_language(translations: Translations) -> None:
    for locale in LOCALES:
        for key in LEVELS:
            said = translations.text(locale, f"flash.{key}", name="Alice")

            assert said != f"flash.{key}"
            assert "{" not in said


def test_braces_in_a_name_are_just_braces(translations: Translations) -> None:
    assert "{0.__class__}" in translations.text("en", "flash.hello", name="{0.__class__}")


def test_refusal_is_said_by_its_code_its_category_or_itself(translations: Translations) -> None:
    by_code = translations.refusal("ru", WrongCredentials())
    by_category = translations.refusal("ru", RateLimited(5))
    by_itself = translations.refusal("ru", KeyReused())

    assert by_code != WrongCredentials().message
    assert by_category != RateLimited(5).message
    assert by_itself == KeyReused().message


def test_language_that_lacks_a_text_says_it_in_english(tmp_path: Path) -> None:
    for locale in LOCALES:
        texts = {"error.name_invalid": "Not a name"} if locale == "en" else {}
        (tmp_path / f"{locale}.json").write_text(json.dumps(texts))

    said = Translations(tmp_path).refusal("uk", InvalidField("name", "is wrong"))

    assert said == "Not a name"
