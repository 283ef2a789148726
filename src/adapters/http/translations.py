"""The words of the pages, in the visitor's language."""

import json
from collections.abc import Mapping
from pathlib import Path

from domain.errors import DomainError

LOCALES = ("en", "ru", "uk")
COOKIE = "besedka_locale"


class Translations:
    """What one language lacks is said in English."""

    def __init__(self, folder: Path) -> None:
        """Reads `folder`/<locale>.json, flat objects of key to text."""
        self._texts: dict[str, dict[str, str]] = {
            locale: json.loads((folder / f"{locale}.json").read_text("utf-8")) for locale in LOCALES
        }

    def text(self, locale: str, key: str, **params: str) -> str:
        """The text with its {params} filled in; the key itself where nobody has written one."""
        return self._find(locale, key, params) or key

    def refusal(self, locale: str, error: DomainError) -> str:
        """Why something was refused, as nearly as this language can say it."""
        return self.reason(locale, error.code, error.category) or error.message

    def reason(self, locale: str, code: str, category: str) -> str | None:
        return self._find(locale, f"error.{code}") or self._find(locale, f"error.{category}")

    def _find(self, locale: str, key: str, params: Mapping[str, str] | None = None) -> str | None:
        text = self._texts[locale].get(key) or self._texts[LOCALES[0]].get(key)
        return text.format_map(params) if text and params else text


def choose_locale(cookie: str | None, accept_language: str) -> str:
    """What was chosen here before; else what the browser asks for most (RFC 9110, §12.5.4)."""
    if cookie in LOCALES:
        return cookie
    wishes = [_wish(each) for each in accept_language[:500].split(",")]
    for language, _ in sorted(wishes, key=lambda wish: -wish[1]):
        if language in LOCALES:
            return language
    return LOCALES[0]


def _wish(part: str) -> tuple[str, float]:
    """`uk-UA;q=0.8` is Ukrainian with 0.8; what cannot be read is wished for with 0."""
    tag, _, weight = part.partition(";")
    language = tag.strip().lower().partition("-")[0]
    name, _, value = weight.strip().partition("=")
    try:
        quality = float(value) if name == "q" else 1.0
    except ValueError:
        return "", 0.0
    return (language, quality) if 0 < quality <= 1 else ("", 0.0)
