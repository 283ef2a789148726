"""Plots as SVG, drawn here: three of them are no reason for a library. They are readable on light
and on dark, as whoever looks at them prefers."""

import math
from collections.abc import Callable, Mapping, Sequence
from html import escape

WIDTH, HEIGHT = 720, 360
LEFT, RIGHT, TOP, BOTTOM = 80, 150, 44, 48
COLOURS = ("#3d7bd9", "#d9772b", "#3f9c5a", "#a05bc4")

STYLE = """
  text { font: 13px system-ui, sans-serif; fill: #333 } .title { font-weight: 600; font-size: 15px }
  .grid { stroke: #8884; stroke-width: 1 } .line { fill: none; stroke-width: 2.5 }
  @media (prefers-color-scheme: dark) { text { fill: #ccc } }
"""

Points = Sequence[tuple[float, float]]


def lines(
    title: str,
    series: Mapping[str, Points],
    *,
    x_name: str,
    x_ticks: Mapping[float, str],
    bound: tuple[float, str] | None = None,
) -> str:
    """Lines from zero upwards over a logarithmic x; `bound` is a goal, as a dashed line."""
    highest = max(y for points in series.values() for _, y in points)
    y_ticks = _ticks(max(highest, bound[0] if bound else 0))
    x_at = _scale(min(x_ticks), max(x_ticks), LEFT, WIDTH - RIGHT, math.log)
    y_at = _scale(0, y_ticks[-1], HEIGHT - BOTTOM, TOP, float)
    drawn = [_text(LEFT, 24, title, "title")]
    for tick in y_ticks:
        drawn.append(_rule(LEFT, y_at(tick), WIDTH - RIGHT, y_at(tick)))
        drawn.append(_text(LEFT - 8, y_at(tick) + 4, f"{tick:,g}", anchor="end"))
    for x, name in x_ticks.items():
        drawn.append(_text(x_at(x), HEIGHT - BOTTOM + 20, name, anchor="middle"))
    drawn.append(_text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8, x_name, anchor="middle"))
    if bound:
        drawn.append(_rule(LEFT, y_at(bound[0]), WIDTH - RIGHT, y_at(bound[0]), dashed=True))
        drawn.append(_text(WIDTH - RIGHT + 8, y_at(bound[0]) + 4, bound[1]))
    for place, (name, points) in enumerate(series.items()):
        colour = COLOURS[place % len(COLOURS)]
        path = " ".join(f"{x_at(x):.1f},{y_at(y):.1f}" for x, y in points)
        drawn.append(f'<polyline class="line" stroke="{colour}" points="{path}"/>')
        legend = TOP + 20 * place + 8
        drawn.append(f'<circle cx="{WIDTH - RIGHT + 14}" cy="{legend - 4}" r="5" fill="{colour}"/>')
        drawn.append(_text(WIDTH - RIGHT + 26, legend, name))
    return _svg(title, HEIGHT, drawn)


def bars(title: str, values: Mapping[str, tuple[float, float, float]], ours: int) -> str:
    """Medians as bars, with the spread as a whisker; the first `ours` are set off."""
    name_width, height = 190, TOP + 34 * len(values) + 12
    longest = max(high for _, _, high in values.values())
    x_at = _scale(0, longest, name_width, WIDTH - 110, float)
    drawn = [_text(12, 24, title, "title")]
    for place, (name, (low, middle, high)) in enumerate(values.items()):
        y = TOP + 34 * place
        colour = COLOURS[0 if place < ours else 1]
        width = x_at(middle) - name_width
        drawn.append(_text(name_width - 10, y + 16, name, anchor="end"))
        drawn.append(
            f'<rect x="{name_width}" y="{y}" width="{width:.1f}" height="22" fill="{colour}"/>'
        )
        drawn.append(_rule(x_at(low), y + 11, x_at(high), y + 11, whisker=True))
        drawn.append(_text(x_at(high) + 8, y + 16, f"{middle:,.0f}"))
    return _svg(title, height, drawn)


def _ticks(highest: float) -> list[float]:
    """Some round numbers from zero to one that is not below the highest."""
    step = 10 ** math.floor(math.log10(highest or 1))
    for part in (0.2, 0.5, 1, 2):
        if highest / (step * part) <= 6:
            step *= part
            break
    return [step * number for number in range(math.ceil(highest / step) + 1)]


def _scale(
    low: float, high: float, start: float, end: float, bent: Callable[[float], float]
) -> Callable[[float], float]:
    return lambda value: (
        start + (end - start) * (bent(value) - bent(low)) / (bent(high) - bent(low))
    )


def _text(x: float, y: float, text: str, kind: str = "", *, anchor: str = "start") -> str:
    return (
        f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'
    )


def _rule(
    x: float, y: float, to_x: float, to_y: float, *, dashed: bool = False, whisker: bool = False
) -> str:
    look = ' stroke="#888" stroke-width="1.5"' if dashed or whisker else ' class="grid"'
    look += ' stroke-dasharray="6 4"' if dashed else ""
    return f'<line x1="{x:.1f}" y1="{y:.1f}" x2="{to_x:.1f}" y2="{to_y:.1f}"{look}/>'


def _svg(title: str, height: float, drawn: Sequence[str]) -> str:
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img">',
            f"<title>{escape(title)}</title><style>{STYLE}</style>",
            *drawn,
            "</svg>\n",
        ]
    )
