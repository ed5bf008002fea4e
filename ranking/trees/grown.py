"""Trees that have grown, and their files: LightGBM's own text for each task."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import lightgbm
import numpy as np

from graph.graph import Floats
from ranking.examples import Inputs, Layout
from ranking.training.calibrating import Calibration
from ranking.trees.columns import matrix_of

CALIBRATION = "calibration.json"
AT_ONCE = 65_536  # pairs


@dataclass(frozen=True)
class Grown:
    """Trees for each task."""

    layout: Layout
    boosters: tuple[Any, ...]
    calibration: Calibration
    marks: int

    def score(self, inputs: Inputs) -> Floats:
        """Give the chance of each task for each pair. # (rows, tasks)"""
        starts = range(0, max(len(inputs), 1), AT_ONCE)
        rows = (np.arange(start, min(start + AT_ONCE, len(inputs))) for start in starts)
        parts = (matrix_of(inputs.part(some), self.layout, self.marks) for some in rows)
        odds = [odds_of(self.boosters, part) for part in parts]
        return self.calibration.chances(np.concatenate(odds))

    def save(self) -> dict[str, bytes]:
        """Give the text of each task's trees, and the calibration."""
        tasks = zip(self.layout.tasks, self.boosters, strict=True)
        files = {f"{task}.txt": booster.model_to_string().encode() for task, booster in tasks}
        return {**files, CALIBRATION: json.dumps(vars(self.calibration)).encode()}


def odds_of(boosters: tuple[Any, ...], matrix: Floats) -> Floats:
    """Give the log-odds of each task. # (rows, tasks)"""
    if not len(matrix):
        return np.zeros((0, len(boosters)), np.float32)
    odds = [booster.predict(matrix, raw_score=True, num_threads=1) for booster in boosters]
    return np.stack(odds, 1).astype(np.float32)


def load(layout: Layout, files: Mapping[str, bytes], marks: int) -> Grown:
    """Read trees from their files."""
    texts = [files[f"{task}.txt"].decode() for task in layout.tasks]
    found = json.loads(files[CALIBRATION])
    calibration = Calibration(tuple(found["slopes"]), tuple(found["offsets"]))
    boosters = tuple(lightgbm.Booster(model_str=text) for text in texts)
    return Grown(layout, boosters, calibration, marks)
