"""The loop that all networks learn by: epochs, checkpoints, the best epoch at the end."""

import math
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from torch import Tensor

from graph.graph import Floats
from ranking.networks.batch import Batch
from ranking.networks.whole import loss_of, whole_of
from ranking.rankers.lesson import Lesson, Progress
from ranking.rankers.spec import NetworkRanker
from ranking.training.averaging import Average
from ranking.training.calibrating import calibrate, uncalibrated
from ranking.training.dealing import Deck, Hand, dealt, deck_of
from ranking.training.judging import judge
from ranking.training.moving import Mover
from ranking.training.packing import Arrays
from ranking.training.resuming import Keeper, Learning, State
from ranking.training.trained import Trained, arrays_of, odds_of, restore
from recall.spaces.devices import device_of
from weft.errors import BuildError

TOLD = 50  # steps between two reports of how far it is


@dataclass(frozen=True)
class Course:
    """A network that learns, what moves it, and what it learns from."""

    ranker: NetworkRanker
    lesson: Lesson
    learning: Learning
    forward: Callable[[Batch], Tensor]
    deck: Deck
    keeper: Keeper

    @property
    def steps(self) -> int:
        """Count the steps of an epoch."""
        return -(-len(self.lesson.learn) // self.ranker.batch)


def train(ranker: NetworkRanker, lesson: Lesson) -> Trained:
    """Learn until what is held out is foretold no better, then calibrate."""
    torch.set_num_threads(lesson.threads)
    lesson = replace(lesson, device=device_of(lesson.device))
    with always_the_same(lesson.device) if ranker.deterministic else nullcontext():
        course = course_of(ranker, lesson)
        state = learn(course)
        network = course.learning.network
        restore(network, state.best or _last(course))
        calibration = uncalibrated(len(lesson.layout.tasks))
        if lesson.check is not None:
            served = lesson.check.inputs.without_bias()  # chances are to come true in serving
            odds = odds_of(network, served, lesson.device)
            calibration = calibrate(odds, lesson.check.labels, lesson.check.weights)
    network.eval()
    return Trained(network, calibration, lesson.device, state.curve)


def course_of(ranker: NetworkRanker, lesson: Lesson) -> Course:
    """Draw where the network begins."""
    torch.manual_seed(ranker.seed)
    network = whole_of(ranker, lesson.layout)
    if lesson.start is not None:
        restore(network, lesson.start)
    network.to(lesson.device)
    mover = Mover(ranker, network, ranker.epochs * -(-len(lesson.learn) // ranker.batch))
    average = Average(network, ranker.averaged) if ranker.averaged else None
    learning = Learning(network, mover, average, lesson.device)
    forward = torch.compile(network) if ranker.compile else network
    keeper = Keeper(ranker, len(lesson.learn), lesson.checkpoints)
    return Course(ranker, lesson, learning, forward, deck_of(lesson.learn, lesson.device), keeper)


def learn(course: Course) -> State:
    """Go through the epochs that are left."""
    state = course.keeper.resume(course.learning)
    while state.epoch < course.ranker.epochs and state.since < course.ranker.patience:
        state = epoch(course, state)
        course.learning.mover.tell(state.since)
        course.keeper.keep(state, course.learning)
        course.lesson.tell(state.curve[-1])
        course.lesson.progress(state.epoch / course.ranker.epochs)
    return state


def epoch(course: Course, state: State) -> State:
    """Learn every example that the epoch has left once, and see how well it went."""
    began, size = time.monotonic() - state.seconds, len(course.lesson.learn)
    total = torch.tensor(state.total, dtype=torch.float64, device=course.lesson.device)
    course.learning.network.train()
    for place, hand in hands(course, state):
        total += step(course, hand).double() * len(hand)
        if place < course.steps and course.keeper.due(place):
            spent = time.monotonic() - began
            now = replace(state, place=place, total=float(total), seconds=spent)
            course.keeper.keep(now, course.learning)
        if place % TOLD == 0:
            course.lesson.progress((state.epoch + place / course.steps) / course.ranker.epochs)
    loss = float(total) / max(size, 1)
    if not math.isfinite(loss):
        raise BuildError(f"epoch {state.epoch + 1}: the loss is no number; lower `rate`, or `clip`")
    with weights_to_keep(course):
        progress = Progress(state.epoch + 1, loss, judged(course), time.monotonic() - began)
        return state.after(progress, course.learning.network)


def hands(course: Course, state: State) -> Iterator[tuple[int, Hand]]:
    """Deal what the epoch has left, each hand with its number from 1 on."""
    draws = np.random.default_rng((course.ranker.seed, state.epoch))
    for place, rows in enumerate(dealt(course.lesson.learn, course.ranker.batch, draws), 1):
        if place > state.place:
            yield place, course.deck.hand(torch.from_numpy(rows).to(course.lesson.device))


def step(course: Course, hand: Hand) -> Tensor:
    """Move the weights by some examples; give their loss."""
    kind = torch.device(course.lesson.device).type
    half = course.ranker.precision == "bf16"
    with torch.autocast(kind, torch.bfloat16) if half else nullcontext():
        odds = course.forward(hand.batch)
    loss = loss_of(course.learning.network, odds.float(), hand.labels, hand.weights)
    loss.backward()  # type: ignore[no-untyped-call]
    course.learning.mover.step()
    if course.learning.average is not None:
        course.learning.average.step()
    return loss.detach()


def judged(course: Course) -> float | None:
    """Give how well what is held out is foretold."""
    check = course.lesson.check
    if check is None:
        return None
    odds: Floats = odds_of(course.learning.network, check.inputs, course.lesson.device)
    return judge(course.ranker.judged_by, odds, check)


def weights_to_keep(course: Course) -> Any:
    """Let the network have the weights that count, for the length of a block."""
    average = course.learning.average
    return average.worn() if average is not None else nullcontext()


def _last(course: Course) -> Arrays:
    with weights_to_keep(course):
        return arrays_of(course.learning.network)


@contextmanager
def always_the_same(device: str) -> Iterator[None]:
    """Let torch use only what gives the same each time, for the length of the block."""
    if device.startswith("cuda"):
        os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
    before = torch.are_deterministic_algorithms_enabled()
    torch.use_deterministic_algorithms(True)
    try:
        yield
    finally:
        torch.use_deterministic_algorithms(before)
