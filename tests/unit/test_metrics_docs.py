"""`docs/operations.md` explains every number that is told, and no other."""

import re
from pathlib import Path

from adapters.metrics.instruments import Instruments

PAGE = (Path(__file__).parents[2] / "docs" / "operations.md").read_text(encoding="utf-8")
SECTION = re.split(r"^## ", PAGE.partition("\n## Metrics\n")[2], maxsplit=1, flags=re.MULTILINE)[0]
TOLD = {
    metric.name + ("_total" if metric.type == "counter" else ""): metric
    for metric in Instruments("1.0", "memory").registry.collect()
}


def test_every_number_is_explained_in_the_table() -> None:
    explained = re.findall(r"^\| `(besedka_\w+)` \| ", SECTION, flags=re.MULTILINE)

    assert sorted(explained) == sorted(TOLD)


def test_alerts_ask_for_numbers_that_there_are() -> None:
    asked = {name.removesuffix("_bucket") for name in re.findall(r"besedka_\w+", SECTION)}

    assert asked <= set(TOLD)


def test_names_follow_the_conventions_of_prometheus() -> None:
    for name, metric in TOLD.items():
        assert re.fullmatch(r"besedka_[a-z_]+", name)
        assert metric.documentation
        assert metric.type != "histogram" or name.endswith(("_seconds", "_messages"))
