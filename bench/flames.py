"""A flame graph of this process: what all threads were doing, many times a second."""

import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from types import FrameType

WIDE, ROW, LEAST = 1200, 16, 1.0  # px; what is narrower is left out
EVERY = 0.002
IDLE = ("wait", "select", "poll", "_worker", "sleep")  # where threads do nothing


@dataclass
class Flame:
    """A function with how often it was seen, and what it had called."""

    count: int = 0
    inner: dict[str, "Flame"] = field(default_factory=dict)


@contextmanager
def watched(stacks: Counter[tuple[str, ...]]) -> Iterator[None]:
    """Count the stacks of all other threads for the length of the block."""
    done = threading.Event()
    thread = threading.Thread(target=_watch, args=(stacks, done), daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def draw(stacks: Counter[tuple[str, ...]], title: str, path: Path) -> None:
    """Draw what was counted, the callers at the bottom."""
    root = Flame(sum(stacks.values()))
    for stack, count in stacks.items():
        flame = root
        for name in stack:
            flame = flame.inner.setdefault(name, Flame())
            flame.count += count
    high = (_depth(root) + 2) * ROW
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {high}"'
    parts = [f'{head} font-family="monospace" font-size="11">', f'<text y="12">{title}</text>']
    parts += _boxes(root, 0.0, high - ROW, WIDE / max(1, root.count))
    path.write_text("\n".join([*parts, "</svg>\n"]), encoding="utf-8")


def _watch(stacks: Counter[tuple[str, ...]], done: threading.Event) -> None:
    own = threading.get_ident()
    while not done.is_set():
        for number, frame in sys._current_frames().items():
            stack = _names(frame) if number != own else ()
            if stack and stack[-1].split(":")[1] not in IDLE:
                stacks[stack] += 1
        time.sleep(EVERY)


def _names(frame: FrameType | None) -> tuple[str, ...]:
    names = []
    while frame is not None:
        code = frame.f_code
        names.append(f"{Path(code.co_filename).stem}:{code.co_name}")
        frame = frame.f_back
    return tuple(reversed(names))


def _depth(flame: Flame) -> int:
    return 1 + max((_depth(one) for one in flame.inner.values()), default=0)


def _boxes(flame: Flame, left: float, top: float, scale: float) -> Iterator[str]:
    for name, one in sorted(flame.inner.items()):
        width = one.count * scale
        if width >= LEAST:
            yield _box(name, one.count, left, top, width)
            yield from _boxes(one, left, top - ROW, scale)
        left += width


def _box(name: str, count: int, left: float, top: float, width: float) -> str:
    hue = 20 + sum(map(ord, name)) % 40
    shown = escape(name[: max(0, int(width / 7))])
    at = f'x="{left:.1f}" y="{top:.0f}"'
    return (
        f"<g><title>{escape(name)}: {count}</title>"
        f'<rect {at} width="{width:.1f}" height="{ROW - 1}" fill="hsl({hue},80%,65%)"/>'
        f'<text x="{left + 2:.1f}" y="{top + 11:.0f}">{shown}</text></g>'
    )
