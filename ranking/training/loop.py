"""The loop that all networks learn by: epochs, a checkpoint after each, the best one at the end."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import nn

from ranking.examples import Examples, Longs
from ranking.networks.batch import batch_of
from ranking.networks.whole import loss_of, whole_of
from ranking.rankers.lesson import Lesson, Progress
from ranking.rankers.spec import NetworkRanker
from ranking.training.calibrating import calibrate, uncalibrated
from ranking.training.judging import mean_auc
from ranking.training.moving import Mover, mover_of
from ranking.training.packing import Arrays
from ranking.training.resuming import kept, resume
from ranking.training.trained import Trained, odds_of, restore
from recall.spaces.devices import device_of

DAY = 86_400


@dataclass(frozen=True)
class Course:
    """A network that learns, and what moves it."""

    network: nn.Module
    mover: Mover
    lesson: Lesson


def train(ranker: NetworkRanker, lesson: Lesson) -> Trained:
    """Learn until what is held out is foretold no better, then calibrate."""
    torch.set_num_threads(lesson.threads)
    lesson = replace(lesson, device=device_of(lesson.device))
    course = course_of(ranker, lesson)
    best = learn(ranker, course)
    restore(course.network, best)
    if lesson.check is None:
        calibration = uncalibrated(len(lesson.layout.tasks))
    else:
        odds = odds_of(course.network, lesson.check.inputs, lesson.device)
        calibration = calibrate(odds, lesson.check.labels, lesson.check.weights)
    return Trained(course.network, calibration, lesson.device)


def course_of(ranker: NetworkRanker, lesson: Lesson) -> Course:
    """Draw where the network begins."""
    torch.manual_seed(ranker.seed)
    network = whole_of(ranker, lesson.layout)
    if lesson.start is not None:
        restore(network, lesson.start)
    network.to(lesson.device)
    steps = ranker.epochs * -(-len(lesson.learn) // ranker.batch)
    return Course(network, mover_of(ranker, network, steps), lesson)


def learn(ranker: NetworkRanker, course: Course) -> Arrays:
    """Go through the epochs that are left; give the weights of the best one."""
    lesson, state = course.lesson, resume(course.network, course.mover, course.lesson.checkpoints)
    while state.epoch < ranker.epochs and state.since < ranker.patience:
        began = time.monotonic()
        loss = epoch(ranker, course, state.epoch)
        reached = judged(course)
        state = state.after(reached, course.network)
        course.mover.tell(reached, state.since)
        lesson.checkpoints.save(kept(state, course.network, course.mover))
        lesson.tell(Progress(state.epoch, loss, reached, time.monotonic() - began))
        lesson.progress(state.epoch / ranker.epochs)
    return state.best


def epoch(ranker: NetworkRanker, course: Course, number: int) -> float:
    """Learn every example once; give the mean loss."""
    course.network.train()
    examples, total = course.lesson.learn, 0.0
    draws = np.random.default_rng((ranker.seed, number))
    for rows in dealt(examples, ranker.batch, draws):
        total += step(course, examples.part(rows)) * len(rows)
    return total / max(len(examples), 1)


def step(course: Course, some: Examples) -> float:
    """Move the weights by some examples."""
    device = course.lesson.device
    odds = course.network(batch_of(some.inputs.part(np.arange(len(some))), device))
    labels, weights = torch.from_numpy(some.labels), torch.from_numpy(some.weights)
    loss = loss_of(course.network, odds, labels.to(device), weights.to(device))
    loss.backward()  # type: ignore[no-untyped-call]
    course.mover.step()
    return float(loss.detach())


def dealt(examples: Examples, size: int, draws: np.random.Generator) -> Iterator[Longs]:
    """Deal all rows, day after day, in a new order within each day."""
    days = (examples.times // DAY).astype(np.int64)
    order = np.lexsort((draws.random(len(days)), days))
    for start in range(0, len(order), size):
        yield order[start : start + size]


def judged(course: Course) -> float:
    """Give how well what is held out is foretold."""
    check = course.lesson.check
    if check is None:
        return 0.0
    odds = odds_of(course.network, check.inputs, course.lesson.device)
    return mean_auc(odds, check.labels)
