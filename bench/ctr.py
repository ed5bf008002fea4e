"""Rankers on a published split of clicks: AUC and logloss beside the published figures.

`python -m bench.ctr --data FOLDER --models fm,deepfm`. The folder holds three files in libfm's
format, whose names say train, valid and test; the presets are in `bench/ctr_models.py`.
"""

import argparse
import time
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

SURE = 1e-7  # how near to nought and one a chance may come


@dataclass(frozen=True)
class Reached:
    """What a model reaches on the test part."""

    auc: float
    logloss: float
    seconds: float


def main() -> None:
    """Measure and publish."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--models", default="")
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    chosen = parser.parse_args()
    names = [name for name in chosen.models.split(",") if name] or list(MODELS)
    split = read_split(chosen.data)
    found = {name: measured(name, split, chosen.seeds, chosen.threads) for name in names}
    rows = [
        (name, f"{r.auc:.4f}", f"{r.logloss:.4f}", f"{r.seconds:.0f}") for name, r in found.items()
    ]
    figures = {"data": chosen.data.name, "models": {name: vars(r) for name, r in found.items()}}
    command = f"make bench-ctr DATA={chosen.data.name} MODELS={','.join(names)}"
    publish(command, table(("model", "AUC", "logloss", "seconds"), rows), figures)


def measured(name: str, split: Split, seeds: int, threads: int) -> Reached:
    """Train with some seeds; give the means."""
    found = [trained(name, split, seed, threads) for seed in range(seeds)]
    means = np.mean([(r.auc, r.logloss, r.seconds) for r in found], 0)
    return Reached(*map(float, means))


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
