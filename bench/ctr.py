"""Rankers on a published split of clicks: AUC and logloss beside the published figures.

`python -m bench.ctr --data FOLDER --models fm,deepfm`. The folder holds three files in libfm's
format, whose names say train, valid and test; the presets are in `bench/ctr_models.py`. The test
part is looked at once for each model and seed, after all is learned.
"""

import argparse
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench.ctr_data import Split, read_split
from bench.ctr_models import MODELS, preset
from bench.results import publish, table
from graph.graph import Floats
from ranking.examples import Examples
from ranking.rankers.lesson import Lesson
from ranking.training.judging import auc

HEADS = ("model", "AUC", "±", "each seed", "logloss", "seconds", "published", "its logloss")
SURE = 1e-7  # how near to nought and one a chance may come


@dataclass(frozen=True)
class Reached:
    """What a model reaches on the test part."""

    auc: float
    logloss: float
    seconds: float


def main() -> None:
    """Measure and publish."""
    chosen = _arguments()
    names = [name for name in chosen.models.split(",") if name] or list(MODELS)
    split = read_split(chosen.data, chosen.items)
    known = json.loads(chosen.published.read_text()) if chosen.published else {}
    found = {n: measured(n, split, chosen.seeds, chosen.threads) for n in names}
    rows = [row(name, runs, known.get(name, {})) for name, runs in found.items()]
    models = {name: vars(mean(runs)) for name, runs in found.items()}
    command = (
        f"make bench-ctr DATA={chosen.data.name} MODELS={','.join(names)} SEEDS={chosen.seeds}"
    )
    publish(command, table(HEADS, rows), {"data": chosen.data.name, "models": models})


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--models", default="")
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--items", type=_numbers, default=(), help="the item's fields: 1,6")
    parser.add_argument("--published", type=Path, help='JSON: {"fm": {"auc": …, "logloss": …}, …}')
    return parser.parse_args()


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(word) for word in text.split(",") if word)


def row(name: str, runs: Sequence[Reached], known: Mapping[str, float]) -> tuple[str, ...]:
    """Lay out a model: means, the AUC of each seed, how far they spread, and what is published."""
    found, areas = mean(runs), [run.auc for run in runs]
    spread = f"{np.std(areas, ddof=1):.5f}" if len(areas) > 1 else "-"
    each = " ".join(f"{area:.4f}" for area in areas)
    published = [f"{known[key]:.4f}" if key in known else "-" for key in ("auc", "logloss")]
    figures = (f"{found.auc:.4f}", spread, each, f"{found.logloss:.4f}", f"{found.seconds:.0f}")
    return (name, *figures, *published)


def mean(runs: Sequence[Reached]) -> Reached:
    """Give the means of some runs."""
    return Reached(*map(float, np.mean([(r.auc, r.logloss, r.seconds) for r in runs], 0)))


def measured(name: str, split: Split, seeds: int, threads: int) -> list[Reached]:
    """Train with some seeds, from 0 on."""
    return [trained(name, split, seed, threads) for seed in range(seeds)]


def trained(name: str, split: Split, seed: int, threads: int) -> Reached:
    """Train and test once."""
    began = time.monotonic()
    lesson = Lesson(split.layout, split.learn, split.check, threads=threads)
    scorer = preset(name, seed).fit(lesson)
    seconds = time.monotonic() - began
    chances = scorer.score(split.test.inputs)[:, 0]
    area, loss = tested(chances, split.test)
    return Reached(area, loss, seconds)


def tested(chances: Floats, test: Examples) -> tuple[float, float]:
    """Give AUC and logloss."""
    labels, sure = test.labels[:, 0], chances.astype(np.float64).clip(SURE, 1 - SURE)
    loss = -(labels * np.log(sure) + (1 - labels) * np.log(1 - sure)).mean()
    return auc(chances, labels), float(loss)


if __name__ == "__main__":
    main()
