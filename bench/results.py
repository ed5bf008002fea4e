"""What every bench prints and writes down: a table, one JSON line, and a dated page of history."""

import json
import os
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

RESULTS = Path(__file__).parent / "RESULTS.md"


def table(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Lay out rows under their heads, as Markdown that is readable as it stands."""
    cells = [list(map(str, heads)), *(list(map(str, row)) for row in rows)]
    widths = [max(len(row[place]) for row in cells) for place in range(len(heads))]
    lines = [_line(row, widths) for row in cells]
    return "\n".join([lines[0], _line(["-" * width for width in widths], widths), *lines[1:]])


def publish(command: str, text: str, figures: Mapping[str, object]) -> None:
    """Print a table and its figures, and append both to `RESULTS.md`."""
    line = json.dumps(figures)
    day = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    page = f"\n## {day} · `{command}`\n\n{machine()}\n\n{text}\n\n```json\n{line}\n```\n"
    with RESULTS.open("a", encoding="utf-8") as file:
        file.write(page)
    sys.stdout.write(f"{text}\n{line}\n")


def machine() -> str:
    """Say what was measured on: cores, memory, CPU."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} cores, {memory:.0f} GiB, {_processor()}"


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
    return f"| {' | '.join(cells)} |"


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else "unknown CPU"
