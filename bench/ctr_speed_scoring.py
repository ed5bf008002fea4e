"""How long one core scores the items of a request."""

import time
from collections.abc import Callable, Mapping
from statistics import median
from typing import Any

import numpy as np
from pydantic import TypeAdapter

from bench.ctr_speed_worlds import CATEGORIES, ITEMS, STEPS, examples_of, layout_of, pasts
from bench.results import table
from ranking.examples import Columns, Inputs, nothing
from ranking.rankers.kinds import AnyRanker
from ranking.rankers.lesson import Lesson

TIMES = 60
DIN = {"type": "din", "dim": 16, "hidden": [256, 128], "attention": [64, 32], "epochs": 1}
TOWERS = {"type": "towers", "dim": 16, "epochs": 1}


def scoring() -> tuple[str, dict[str, float]]:
    """Give a table and the figures."""
    found = {"din600_ms": din(600)}
    if "towers" in str(TypeAdapter(AnyRanker).json_schema()):
        found["towers5000_ms"] = towers(5000)
    rows = [(name, f"{wall:.1f}", f"{cpu:.1f}") for name, (wall, cpu) in found.items()]
    text = table((f"one core, a past of {STEPS} steps", "ms", "CPU ms"), rows)
    return text, {name: round(wall, 2) for name, (wall, _) in found.items()}


def din(items: int) -> tuple[float, float]:
    """Time the scoring of a request's items, all of it."""
    scorer, inputs = learned(DIN), request(items)
    return timed(lambda: scorer.score(inputs))


def towers(items: int) -> tuple[float, float]:
    """Time the same where all items were read beforehand."""
    scorer, inputs = learned(TOWERS), request(ITEMS)
    side, some = scorer.item_side(inputs.items), inputs.item[:items]
    return timed(lambda: scorer.score_among(inputs.asks, side, some))


def learned(options: Mapping[str, object]) -> Any:
    """Learn a little; how well does not matter for how fast."""
    examples = examples_of("pasts", pasts(4_000, STEPS))
    ranker = TypeAdapter(AnyRanker).validate_python(options)
    return ranker.fit(Lesson(layout_of("pasts"), examples))


def request(items: int) -> Inputs:
    """Somebody asks, and some items are to be scored."""
    draws = np.random.default_rng(3)
    asked = examples_of("pasts", pasts(1, STEPS)).inputs.asks
    number = draws.permutation(ITEMS)[:items]
    ones = np.stack([number + 1, number % CATEGORIES + 1], 1).astype(np.int32)
    candidates = Columns(ones, numbers=np.zeros((items, 0), np.float32))
    nobody, nowhere = np.zeros(items, np.int64), np.zeros((items, 0), np.int32)
    return Inputs(asked, candidates, nothing(items), nobody, np.arange(items), nowhere)


def timed(score: Callable[[], object]) -> tuple[float, float]:
    """Give the medians of milliseconds, by the clock and of this process, on one thread."""
    import torch  # noqa: PLC0415 - torch takes seconds

    torch.set_num_threads(1)
    walls, cpus = [], []
    for _ in range(TIMES):
        begin, cpu = time.perf_counter(), time.process_time()
        score()
        walls.append(1000 * (time.perf_counter() - begin))
        cpus.append(1000 * (time.process_time() - cpu))
    return median(walls), median(cpus)


if __name__ == "__main__":
    print(scoring()[0])
