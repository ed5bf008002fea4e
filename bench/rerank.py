"""`make bench-rerank`: what rules cost on one page of 50 out of 600 candidates, in CPU time."""

import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import numpy as np

from bench.results import publish, table
from ranking.rerank.rearranging import Cut, Order, arranged, head_of
from ranking.rerank.spec import Rerank
from recall.candidates import Question

CANDIDATES, PAGE, SHOWN, RUNS = 600, 50, 50, 300
CAP = {"type": "cap", "by": "seller", "most": 3}
WINDOW = {"type": "cap", "by": "brand", "most": 2, "window": 10}
SCATTER = {"type": "scatter", "by": "category", "apart": 3}
FRESH = {"type": "fresh", "share": 0.1}
MMR = {"type": "mmr", "by": ["category", "brand"]}
DPP = {"type": "dpp", "by": ["category", "brand"]}
PINS = {"type": "pins", "items": {"i90": 55, "i300": 60}}
RULES: Mapping[str, Sequence[Mapping[str, Any]]] = {
    "none": [{"type": "bans", "items": ["x"]}],
    "cap": [CAP],
    "scatter": [SCATTER],
    "fresh": [FRESH],
    "mmr": [MMR],
    "dpp": [DPP],
    "all, with mmr": [PINS, CAP, SCATTER, WINDOW, MMR, FRESH],
    "all, with dpp": [PINS, CAP, SCATTER, WINDOW, DPP, FRESH],
}


def main() -> None:
    """Arrange page two with each set of rules, and say what it took."""
    spent = {name: milliseconds(Rerank.model_validate({"depth": CANDIDATES, "rules": rules}))
             for name, rules in RULES.items()}  # fmt: skip
    rows = [(name, f"{np.median(times):.2f}", f"{min(times):.2f}") for name, times in spent.items()]
    heads = ("rules", "median ms of CPU", "least")
    figures = {name.replace(", with ", "_"): round(float(np.median(times)), 2)
               for name, times in spent.items()}  # fmt: skip
    publish("make bench-rerank", table(heads, rows), figures)


def milliseconds(rerank: Rerank) -> list[float]:
    """Arrange again and again, from what was read to the page."""
    order, cut = _order(), Cut(tuple(range(SHOWN)), PAGE)
    question = Question("home", None, datetime.now(UTC))
    facts = _facts(rerank, CANDIDATES + SHOWN + PAGE + 3)
    times = []
    for _ in range(RUNS):
        begun = time.process_time()
        head = head_of(rerank, order, cut)
        made = arranged(rerank, question, order, cut, head, facts)
        times.append(1_000 * (time.process_time() - begun))
        assert len(made.items) == PAGE + 1
    return times


def _order() -> Order:
    scores = np.sort(np.random.default_rng(1).beta(1, 20, 5_000))[::-1]
    return Order(np.arange(len(scores)), scores, True)


def _facts(rerank: Rerank, count: int) -> Any:
    """Give items of 80 sellers, 30 categories and 100 brands, as the database would."""
    draws = np.random.default_rng(2)
    sizes = {"seller": 80, "brand": 100, "category": 30}
    drawn = {name: draws.zipf(1.3, count) % size for name, size in sizes.items()}
    columns = {name: [f"{name}{n}" for n in drawn[name]] for name in rerank.reads()}
    ages = draws.exponential(10 * 86_400, count).tolist()
    return {
        item: SimpleNamespace(
            id=item,
            key=f"i{item}",
            age=ages[item],
            **{f"a{place}": column[item] for place, column in enumerate(columns.values())},
        )
        for item in range(count)
    }


if __name__ == "__main__":
    main()
