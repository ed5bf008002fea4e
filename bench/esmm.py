"""ESMM and MMoE beside separate models, on what was viewed, put into the cart and bought.

`python -m bench.esmm --data FOLDER`. Every pair of somebody and an item that was viewed is an
exposure; whether it went into the cart, and whether it was bought, are two tasks. The last views
are tested, those before decide when to stop. A separate model is the same network with one task.
The test part is looked at once for each model and seed, after all is learned.
"""

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter

from bench.results import publish, table
from graph.graph import Floats
from ranking.examples import Columns, Examples, Field, Inputs, Layout, Past, Side, nothing
from ranking.rankers.kinds import AnyRanker
from ranking.rankers.lesson import Lesson
from ranking.training.judging import auc

TASKS, STEPS, CHECK, TEST = ("cart", "buy"), 20, 0.1, 0.2
DEEP = {"dim": 16, "hidden": [64, 32], "batch": 512, "rate": 0.001, "epochs": 6, "patience": 1}
KINDS: Mapping[str, Mapping[str, Any]] = {
    "esmm": {"type": "esmm", **DEEP},
    "mmoe": {"type": "mmoe", **DEEP, "experts": 3},
}
SEPARATE = {"type": "esmm", **DEEP}
Longs = NDArray[np.int64]


def main() -> None:
    """Measure and publish."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=1)
    chosen = parser.parse_args()
    layout, parts = read(chosen.data)
    found = {name: measured(name, layout, parts, chosen) for name in ("separate", *KINDS)}
    rows = [(name, *(cell(runs) for runs in np.transpose(some))) for name, some in found.items()]
    sizes = ", ".join(f"{len(part):,}" for part in parts)
    shares = ", ".join(f"{t} {s:.1%}" for t, s in zip(TASKS, parts[2].labels.mean(0), strict=True))
    heads = ("model", "AUC of cart", "AUC of buy", "AUC of buy among what is in carts")
    text = f"views that are learned, that decide, that are tested: {sizes}; tested: {shares}; "
    text += f"means and deviations of {chosen.seeds} seeds\n\n{table(heads, rows)}"
    figures = {
        name: {key: round(float(mean), 4) for key, mean in zip(KEYS, np.mean(some, 0), strict=True)}
        for name, some in found.items()
    }
    publish(f"make bench-esmm DATA={chosen.data.name}", text, figures)


KEYS = ("cart", "buy", "buy_in_cart")


def cell(runs: Sequence[float]) -> str:
    """Lay out the runs of a figure."""
    return f"{np.mean(runs):.4f} ± {np.std(runs):.4f}"


def measured(
    name: str, layout: Layout, parts: Sequence[Examples], chosen: argparse.Namespace
) -> list[tuple[float, float, float]]:
    """Train with some seeds; give the areas."""
    return [judged(scored(name, layout, parts, seed), parts[2]) for seed in range(chosen.seeds)]


def scored(name: str, layout: Layout, parts: Sequence[Examples], seed: int) -> Floats:
    """Learn, then foretell the test part. # (rows, tasks)"""
    if name in KINDS:
        return learned({**KINDS[name], "seed": seed}, layout, parts)
    alone = []
    for place, task in enumerate(TASKS):
        one = Layout(layout.asks, layout.items, tasks=(task,))
        told = [Examples(**{**vars(p), "labels": p.labels[:, [place]]}) for p in parts]
        alone.append(learned({**SEPARATE, "seed": seed}, one, told))
    return np.concatenate(alone, 1)


def learned(options: Mapping[str, Any], layout: Layout, parts: Sequence[Examples]) -> Floats:
    """Learn with these options."""
    ranker = TypeAdapter(AnyRanker).validate_python(options)
    found: Floats = ranker.fit(Lesson(layout, parts[0], parts[1])).score(parts[2].inputs)
    return found


def judged(chances: Floats, test: Examples) -> tuple[float, float, float]:
    """Give the area of each task, and of the second where the first came true."""
    cart, buy = test.labels.T
    inside = cart > 0
    after = (chances[:, 1] / chances[:, 0])[inside]
    return auc(chances[:, 0], cart), auc(chances[:, 1], buy), auc(after, buy[inside])


def read(folder: Path) -> tuple[Layout, list[Examples]]:
    """Read first views in order of time, with what came of them, and part them by time."""
    views = np.loadtxt(folder / "train_view.tsv", np.int64)
    views = views[np.argsort(views[:, 2], kind="stable")]
    views = views[np.sort(np.unique(views[:, :2], axis=0, return_index=True)[1])]
    done = [np.loadtxt(folder / f"train_{task}.tsv", np.int64) for task in TASKS]
    labels = np.stack([_came(views, some) for some in done], 1)
    persons, items = int(views[:, 0].max()) + 2, int(views[:, 1].max()) + 2
    item, past = Field("item", items, "item"), Field("viewed", items, "item")
    asks = Side(
        ones=(Field("person", persons, "person"),),
        pasts=(Past("views", (past,), ("item",), STEPS),),
    )
    layout = Layout(asks, Side(ones=(item,)), tasks=TASKS)
    whole = _examples(views, labels)
    ends = [int(len(views) * share) for share in (1 - CHECK - TEST, 1 - TEST)]
    return layout, [whole.part(rows) for rows in np.split(np.arange(len(views)), ends)]


def _came(views: Longs, done: Longs) -> Floats:
    """Tell which pairs were done, ever."""
    known = {(int(person), int(item)) for person, item, _ in done}
    return np.array([(int(p), int(i)) in known for p, i, _ in views], np.float32)


def _examples(views: Longs, labels: Floats) -> Examples:
    rows = len(views)
    each, nobody = np.arange(rows), np.zeros((rows, 0), np.float32)
    asks = Columns(_codes(views[:, [0]]), numbers=nobody, pasts=(_pasts(views),))
    inputs = Inputs(
        asks,
        Columns(_codes(views[:, [1]]), numbers=nobody),
        nothing(rows),
        each,
        each,
        np.zeros((rows, 0), np.int32),
    )
    scenes = np.full(rows, -1, np.int32)
    times = views[:, 2].astype(np.float64)
    return Examples(inputs, labels, np.ones(rows, np.float32), views[:, 0], each, times, scenes)


def _pasts(views: Longs) -> NDArray[np.int32]:
    """Give what each person viewed before, the oldest first. # (rows, STEPS, 1)"""
    found = np.zeros((len(views), STEPS, 1), np.int32)
    seen: dict[int, list[int]] = {}
    for row, (person, item, _) in enumerate(views):
        before = seen.setdefault(int(person), [])
        found[row, : len(before), 0] = before
        before.append(int(item) + 1)
        del before[:-STEPS]
    return found


def _codes(numbers: Longs) -> NDArray[np.int32]:
    return (numbers + 1).astype(np.int32)


if __name__ == "__main__":
    main()
