import pytest

from adapters.configuration.masking import masked


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("postgresql://me:secret@db/chat", "postgresql://me:***@db/chat"),
        ("redis://:secret@cache", "redis://:***@cache"),
        ("mongodb://me:s@cr@t@a,b/chat?x=1", "mongodb://me:***@a,b/chat?x=1"),
        ("at postgres://a:b@c and redis://d:e@f.", "at postgres://a:***@c and redis://d:***@f."),
        (
            "postgresql://db/chat?user=me&password=secret",
            "postgresql://db/chat?user=me&password=***",
        ),
        ("GET /ws?access_token=abc&x=1", "GET /ws?access_token=***&x=1"),
        ("sqlite:///var/besedka.db", "sqlite:///var/besedka.db"),
        ("http://127.0.0.1:8080/@alice", "http://127.0.0.1:8080/@alice"),
        ("ask bob@example.org at 12:30", "ask bob@example.org at 12:30"),
    ],
)
def test_passwords_are_masked_and_nothing_else(text: str, expected: str) -> None:
    assert masked(text) == expected
