"""Calibration: a slope and an offset for log-odds, by which chances come true (Platt 1999)."""

from dataclasses import dataclass

import numpy as np

from graph.graph import Floats

STEPS = 20
LARGEST = 30.0  # log-odds are held within, so that no chance is nought or one
STILL = 1e-9


@dataclass(frozen=True)
class Calibration:
    """What log-odds are multiplied by, and what is added, for each task."""

    slopes: tuple[float, ...]
    offsets: tuple[float, ...]

    def chances(self, odds: Floats) -> Floats:
        """Give calibrated chances. # (rows, tasks)"""
        moved = odds * np.array(self.slopes) + np.array(self.offsets)
        return np.asarray(1 / (1 + np.exp(-moved.clip(-LARGEST, LARGEST))), np.float32)


def uncalibrated(tasks: int) -> Calibration:
    """Take log-odds as they are."""
    return Calibration((1.0,) * tasks, (0.0,) * tasks)


def calibrate(odds: Floats, labels: Floats, weights: Floats) -> Calibration:
    """Fit each task; a task without both answers, or that would be turned round, stays."""
    found = [_fit(odds[:, n], labels[:, n], weights) for n in range(odds.shape[1])]
    return Calibration(tuple(slope for slope, _ in found), tuple(offset for _, offset in found))


def _fit(odds: Floats, labels: Floats, weights: Floats) -> tuple[float, float]:
    """Go by Newton's steps down the logistic loss of a slope and an offset."""
    x = np.stack([odds.astype(np.float64), np.ones(len(odds))], 1)
    found, heavy = np.array([1.0, 0.0]), weights.astype(np.float64)
    if labels.min(initial=1) == labels.max(initial=0):
        return 1.0, 0.0
    for _ in range(STEPS):
        chances = 1 / (1 + np.exp(-(x @ found).clip(-LARGEST, LARGEST)))
        slope = x.T @ (heavy * (chances - labels))
        bend = (x * (heavy * chances * (1 - chances))[:, None]).T @ x
        step = np.linalg.solve(bend + STILL * np.eye(2), slope)
        found = found - step
        if np.abs(step).max() < STILL:
            break
    sound = np.isfinite(found).all() and found[0] > 0
    return (float(found[0]), float(found[1])) if sound else (1.0, 0.0)
