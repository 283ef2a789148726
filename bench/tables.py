"""Figures as tables, in Markdown, so that a page of the documentation can hold them as they are."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field

MIB = 2**20
MET, MISSED = "✓", "✗"


@dataclass(frozen=True)
class Table:
    """Every row begins with its name; the other columns are numbers, and end at the right."""

    title: str
    columns: Sequence[str]
    rows: list[Sequence[str]] = field(default_factory=list)

    def add_row(self, *cells: str) -> None:
        self.rows.append(cells)

    def __str__(self) -> str:
        head = ["", *self.columns], ["---", *("---:" for _ in self.columns)]
        lines = [f"| {' | '.join(cells)} |" for cells in (*head, *self.rows)]
        return "\n".join([f"**{self.title}**", "", *lines])


@dataclass(frozen=True)
class Goal:
    """What the median of the turns should be at least, or at most; if `always`, every turn."""

    least: float | None = None
    most: float | None = None
    always: bool = False

    def is_met(self, values: Sequence[float]) -> bool:
        judged = values if self.always else [statistics.median(values)]
        return all(
            (self.least is None or value >= self.least)
            and (self.most is None or value <= self.most)
            for value in judged
        )

    def __str__(self) -> str:
        sign, bound = ("≥", self.least) if self.most is None else ("≤", self.most)
        return f"{sign} {bound:,g}" + (", always" if self.always else "")


# What says that a figure is the server's and not the crowd's.
TIME_TO_SPARE = Goal(least=10, always=True)


class Spread:
    """Minimum, median and maximum of the turns, beside the goal."""

    def __init__(self, title: str) -> None:
        self.table = Table(title, ["min", "median", "max", "goal", ""])

    def row(
        self, name: str, values: Sequence[float], goal: Goal | None = None, *, digits: int = 0
    ) -> None:
        spread = (min(values), statistics.median(values), max(values))
        cells = [f"{value:,.{digits}f}" for value in spread]
        met = MET if goal and goal.is_met(values) else MISSED
        self.table.add_row(name, *cells, *((str(goal), met) if goal else ("", "")))
