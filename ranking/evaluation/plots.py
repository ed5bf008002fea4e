"""Plots of an exam of rankers, as SVG: what was foretold against what came true, and GAUC."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from ranking.evaluation.exam import ALL
from ranking.evaluation.figures import RANKER
from recall.evaluation.figures import Figure

WIDE, HIGH, EDGE = 640, 400, 60
COLOURS = ("#c2410c", "#1d4ed8", "#15803d", "#7e22ce", "#b45309", "#0e7490", "#be123c", "#4b5563")


def draw_plots(folder: Path, figures: Sequence[Figure]) -> list[Path]:
    """Write the plots of every task; give where they lie."""
    folder.mkdir(parents=True, exist_ok=True)
    tasks = dict.fromkeys(f.measure.partition(".")[0] for f in figures if f.kind == RANKER)
    plots = {"calibration": calibration, "gauc": gauc}
    files = []
    for task in tasks:
        for name, draw in plots.items():
            files.append(folder / f"{task}-{name}.svg")
            files[-1].write_text(draw(figures, task), encoding="utf-8")
    return files


def calibration(figures: Sequence[Figure], task: str) -> str:
    """Draw what came true over what was foretold, a line for each ranker."""
    values = {(f.source, f.measure): f.value for f in figures if f.kind == RANKER}
    names = list(dict.fromkeys(f.source for f in figures if f.kind == RANKER))
    lines = {name: list(_tenths(values, name, task)) for name in names}
    most = max((max(point) for line in lines.values() for point in line), default=1.0) or 1.0
    parts = [*_axes(f"{task}: foretold → came true, by tenths of the rows", most)]
    for number, (name, points) in enumerate(lines.items()):
        colour = COLOURS[number % len(COLOURS)]
        path = " ".join(f"{_x(x / most):.1f},{_y(y / most):.1f}" for x, y in points)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts.append(_name(number, name, colour))
    return _svg(parts)


def gauc(figures: Sequence[Figure], task: str) -> str:
    """Draw the GAUC of each ranker with its interval."""
    found = [f for f in figures if f.kind == RANKER and f.measure == f"{task}.gauc"]
    bars = sorted((f for f in found if f.scene == f.who == ALL), key=lambda f: -f.value)
    low = min((f.low for f in bars), default=0.5) - 0.01
    high = max((f.high for f in bars), default=1.0) + 0.01
    parts = [f'<text x="{WIDE / 2}" y="24" text-anchor="middle">{task}: GAUC</text>']
    for place, figure in enumerate(bars):
        y = 50 + place * (HIGH - 80) / max(len(bars), 1)
        parts += _bar(figure, y, low, high)
    return _svg(parts)


def _bar(figure: Figure, y: float, low: float, high: float) -> Iterator[str]:
    """Draw a value and its interval, with the name before and the number behind."""
    ends = (figure.low, figure.value, figure.high)
    left, middle, right = (160 + (WIDE - 240) * (v - low) / (high - low) for v in ends)
    line = f'x1="{left:.1f}" x2="{right:.1f}" y1="{y:.0f}" y2="{y:.0f}"'
    yield f'<text x="150" y="{y + 4:.0f}" text-anchor="end">{figure.source}</text>'
    yield f'<line {line} stroke="#9ca3af" stroke-width="3"/>'
    yield f'<circle cx="{middle:.1f}" cy="{y:.0f}" r="5" fill="{COLOURS[0]}"/>'
    yield f'<text x="{WIDE - 60}" y="{y + 4:.0f}">{figure.value:.4f}</text>'


Values = dict[tuple[str, str], float]


def _tenths(values: Values, name: str, task: str) -> Iterator[tuple[float, float]]:
    place = 1
    while (name, f"{task}.tenth {place}.told") in values:
        told, true = (values[name, f"{task}.tenth {place}.{what}"] for what in ("told", "true"))
        yield told, true
        place += 1


def _axes(title: str, most: float) -> Iterator[str]:
    yield f'<text x="{WIDE / 2}" y="24" text-anchor="middle">{title}</text>'
    ends = f'x1="{_x(0)}" y1="{_y(0)}" x2="{_x(1)}" y2="{_y(1)}"'
    yield f'<line {ends} stroke="#9ca3af" stroke-dasharray="4"/>'
    for share in (0, 0.25, 0.5, 0.75, 1):
        told = f"{share * most:.2f}"
        yield f'<text x="{_x(share):.0f}" y="{HIGH - 34}" text-anchor="middle">{told}</text>'
        yield f'<text x="{EDGE - 8}" y="{_y(share) + 4:.0f}" text-anchor="end">{told}</text>'


def _name(number: int, name: str, colour: str) -> str:
    return f'<text x="{EDGE + 10}" y="{50 + 16 * number}" fill="{colour}">{name}</text>'


def _x(share: float) -> float:
    return EDGE + share * (WIDE - EDGE - 30)


def _y(share: float) -> float:
    return HIGH - 50 - share * (HIGH - 90)


def _svg(parts: Sequence[str]) -> str:
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {HIGH}"'
    white = f'<rect width="{WIDE}" height="{HIGH}" fill="white"/>'
    return "\n".join(
        [f'{head} font-family="sans-serif" font-size="12">', white, *parts, "</svg>\n"]
    )
