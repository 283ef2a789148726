"""What was rendered lately is kept, within so many bytes."""

from adapters.markup.renderings import ENTRY_BYTES, Renderings


def test_what_is_kept_stays_within_its_bytes() -> None:
    renderings = Renderings(100_000)

    for number in range(1_000):
        renderings.put(f"{number} " + "я" * 1_000, "ж" * 4_000)
        assert renderings.bytes <= 100_000

    assert 0 < len(renderings) < 10


def test_small_texts_are_many() -> None:
    renderings = Renderings(100_000)

    for number in range(1_000):
        renderings.put(str(number), None)

    assert 200 < len(renderings) < 100_000 / ENTRY_BYTES


def test_what_was_used_longest_ago_goes_first() -> None:
    renderings = Renderings(4 * ENTRY_BYTES + 4 * 60 * 2)
    for text in ("a", "b", "c"):
        renderings.put(text, text)

    renderings.get("a")
    renderings.put("d" * 100, "d" * 100)

    assert "b" not in renderings
    assert renderings.get("a") == "a"


def test_what_is_larger_than_all_there_is_is_not_kept() -> None:
    renderings = Renderings(1_000)

    renderings.put("text", "h" * 2_000)

    assert (len(renderings), renderings.bytes) == (0, 0)
