"""The picture of `bench.ann`: milliseconds by selectivity, a point for each filter."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from bench.ann import Judged

PICTURE = Path(__file__).parent.parent / "docs" / "decisions" / "nearest.svg"
WIDE, HIGH, EDGE = 720, 380, 60
LEAST, MOST = 0.2, 200.0  # ms
FEWEST = 0.00003  # where nothing matches
COLOURS = {"ours": "#c2410c", "good": "#1d4ed8", "poor": "#9ca3af"}


def draw(rows: int, judged: Sequence["Judged"]) -> None:
    """Draw it."""
    parts = [*_frame(rows), *(part for one in judged for part in _points(one))]
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {HIGH}"'
    text = "\n".join([f'{head} font-family="sans-serif" font-size="12">', *parts, "</svg>\n"])
    PICTURE.write_text(text, encoding="utf-8")


def _frame(rows: int) -> Iterator[str]:
    yield f'<rect width="{WIDE}" height="{HIGH}" fill="white"/>'
    for ms in (0.2, 1, 10, 100):
        y = _y(ms)
        yield f'<line x1="{EDGE}" x2="{WIDE - 20}" y1="{y}" y2="{y}" stroke="#e5e7eb"/>'
        yield f'<text x="{EDGE - 8}" y="{y + 4}" text-anchor="end">{ms:g} ms</text>'
    for share in (1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.001, 0.0001, 0):
        name = f"{100 * share:g} %"
        yield f'<text x="{_x(share)}" y="{HIGH - 34}" text-anchor="middle">{name}</text>'
    title = f"top 50 of {rows:,} × 64 by share of items that the filter lets through"
    yield f'<text x="{WIDE / 2}" y="{HIGH - 12}" text-anchor="middle">{title}</text>'
    names = {
        "ours": "planner, recall ≥ .98",
        "good": "pgvector, best setting with recall ≥ .98",
        "poor": "pgvector, none reaches it",
    }
    for place, (kind, name) in enumerate(names.items()):
        yield f'<circle cx="{EDGE + 12 + 230 * place}" cy="16" r="4" fill="{COLOURS[kind]}"/>'
        yield f'<text x="{EDGE + 22 + 230 * place}" y="20">{name}</text>'


def _points(one: "Judged") -> Iterator[str]:
    x = _x(one.cell.share)
    kind = "good" if one.good else "poor"
    yield _point(x + 5, one.stocks.ms, kind)
    yield _point(x - 5, one.ours.ms, "ours")


def _point(x: float, ms: float, kind: str) -> str:
    return f'<circle cx="{x:.0f}" cy="{_y(ms):.0f}" r="4" fill="{COLOURS[kind]}" opacity="0.7"/>'


def _x(share: float) -> float:
    way = np.log(max(share, FEWEST) / FEWEST) / np.log(1 / FEWEST)
    return float(round(WIDE - 50 - (1 - way) * (WIDE - EDGE - 90)))


def _y(ms: float) -> float:
    way = np.log(min(max(ms, LEAST), MOST) / LEAST) / np.log(MOST / LEAST)
    return float(round(HIGH - 60 - way * (HIGH - 110)))
