"""Training of towers: windows of deeds are dealt out, and the last deeds of some decide the end."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import torch

from graph.graph import Edges, Floats, Numbers, edges_of
from recall.measures import judge
from recall.samples.negatives import negatives_of
from recall.samples.positives import positives_of
from recall.spaces.devices import device_of
from recall.spaces.trained import Lesson, Samples
from recall.towers.beginnings import lengths_of
from recall.towers.ending import placed_of
from recall.towers.journeys import Journeys, journeys_of, shortened, shuffled
from recall.towers.loss import Held, loss_of
from recall.towers.networks import Towers, kept, restore, towers_of
from recall.towers.placed import Placed, best_of
from recall.towers.spec import TowerSpace
from recall.towers.steps import Course, Lines, lines_of, numbered
from recall.towers.windows import Longs, dealt, last_windows, windows_of
from weft.errors import NothingToLearn

JUDGED = 5_000  # persons at most, whose last deeds decide when to stop
LEAST = 50  # that say anything; with fewer, nothing is held out and all epochs are learned
WARM = 0.02  # share of all steps until the rate is full
LOWEST = 0.1  # of the rate, at the end


@dataclass(frozen=True)
class Exam:
    """Persons, what they did last, and what they had done before."""

    seen: Edges
    wanted: Edges
    lengths: Floats  # (items, 1) by what is learned


def train(space: TowerSpace, lesson: Lesson) -> Placed:
    """Train until held-out deeds are found no better; then place everybody by all deeds."""
    torch.set_num_threads(lesson.threads)
    lesson = replace(lesson, device=device_of(lesson.device))
    samples = samples_in(space, lesson)
    ends, exam = held_out(space, lesson, samples)
    course = course_of(space, lesson, shortened(samples, ends))
    towers = towers_of(space, lesson, samples, course.journeys)
    learn(space, lesson, towers, course, exam)
    return placed_of(space, towers, lesson, journeys_of(lesson, samples))


def samples_in(space: TowerSpace, lesson: Lesson) -> Samples:
    """Give the samples; say what is missing where there are none."""
    if lesson.samples is None or not len(lesson.samples.deeds.items):
        raise NothingToLearn(
            f"{type(space).__name__.lower()} learns from what persons did, and nothing was done: "
            "import events first"
        )
    return lesson.samples


def held_out(space: TowerSpace, lesson: Lesson, samples: Samples) -> tuple[Longs, Exam]:
    """Hold the last deeds of some persons out; give where everybody's deeds end for learning."""
    deeds, draws = samples.deeds, np.random.default_rng(lesson.seed)
    counts = np.diff(deeds.starts)
    some = (counts > 1) & (draws.random(len(counts)) < space.held_out)
    some &= some.sum() >= LEAST
    ends = deeds.starts[1:] - some
    judged = draws.permutation(np.flatnonzero(some))[:JUDGED].astype(np.int32)
    items = lesson.graph.size("item")
    seen = liked_before(samples, ends)
    wanted = edges_of(
        "person",
        "item",
        judged,
        deeds.items[ends[judged]],
        np.ones(len(judged), np.float32),
        len(counts),
    )
    return ends, Exam(seen, wanted, lengths_of(space, seen.targets, items))


def liked_before(samples: Samples, ends: Longs) -> Edges:
    """Give what each person did something to before `ends`."""
    deeds = shortened(samples, ends).deeds
    return Edges("person", "item", deeds.starts, deeds.items, deeds.weights)


def course_of(space: TowerSpace, lesson: Lesson, samples: Samples) -> Course:
    """Prepare what is learned."""
    journeys = journeys_of(lesson, samples)
    deeds, items = samples.deeds, lesson.graph.size("item")
    usable = np.ones(len(deeds.items), np.bool_) if space.again else ~journeys.repeated
    if not journeys.persons.size:  # then nothing is known before the first deed
        firsts = deeds.starts[:-1][np.diff(deeds.starts) > 0]
        usable[firsts] = False
    positives = positives_of(deeds, items, space.balance, usable)
    return Course(samples, journeys, usable, positives, negatives_of(samples, space.negatives))


def learn(space: TowerSpace, lesson: Lesson, towers: Towers, course: Course, exam: Exam) -> None:
    """Learn epoch by epoch, and leave the towers as they were at their best."""
    best, reached, since = kept(towers), -1.0, 0
    for epoch in epochs(space, lesson, towers, course):
        lesson.progress((epoch + 1) / space.epochs)
        if not len(exam.wanted):
            continue
        now = examined(towers, course.journeys, exam, space.length, lesson.threads)
        since = 0 if now > reached else since + 1
        if now > reached:
            best, reached = kept(towers), now
        if since >= space.patience:
            break
    if len(exam.wanted):
        restore(towers, best)


def epochs(space: TowerSpace, lesson: Lesson, towers: Towers, course: Course) -> Iterator[int]:
    """Go through all windows, time and again, at a rate that falls along half a cosine."""
    draws = np.random.default_rng(lesson.seed)
    deeds = course.journeys.deeds
    windows = windows_of(deeds, deeds.starts[1:], space.length)
    weights = [p for module in towers.modules() for p in module.parameters()]
    learner = torch.optim.AdamW(weights, lr=space.rate, weight_decay=space.shrink, fused=True)
    size = max(1, round(space.batch / max(len(deeds.items) / max(len(windows), 1), 1)))
    total, step = space.epochs * -(-len(windows) // size), 0
    for epoch in range(space.epochs):
        if space.shuffled:
            course = course_of(space, lesson, shuffled(course.samples, draws))
        towers.learning(True)
        for some in dealt(windows, size, draws):
            lines = lines_of(space, course, some, draws)
            step += 1
            if lines is not None:
                rate = space.rate * pace(step, total)
                learner.param_groups[0]["lr"] = rate
                take_step(space, towers, course.journeys, lines)
                learner.step()
                learner.zero_grad()
                for table in towers.tables.values():
                    table.step(rate)
        towers.learning(False)
        yield epoch


def pace(step: int, total: int) -> float:
    """Give the share of the rate at some step."""
    turn = (1 + np.cos(np.pi * step / total)) / 2
    return float(min(1.0, step / (WARM * total)) * (LOWEST + (1 - LOWEST) * turn))


def take_step(space: TowerSpace, towers: Towers, journeys: Journeys, lines: Lines) -> None:
    """Work out the slopes of one step."""
    against = lines.against
    deeds, _ = lines.windows.places()
    read = journeys.deeds.items[deeds[:, :-1]]
    items, places = numbered(read, lines.targets, against.shared, against.own)
    x = towers.items(items)
    where = [torch.from_numpy(some).to(towers.device) for some in places]
    vectors = towers.ask(x[where[0]], journeys, lines.windows, lines.asked)
    x = towers.placed(x)
    off, own_off, weights, *barred = (
        torch.from_numpy(some).to(towers.device)
        for some in (against.shared_off, against.own_off, lines.weights, *against.barred)
    )
    held = Held(
        x[where[1]], weights, x[where[2]], off, (barred[0], barred[1]), x[where[3]], own_off
    )
    loss_of(vectors, held, space.temperature, space.apart()).backward()  # type: ignore[no-untyped-call]


def examined(towers: Towers, journeys: Journeys, exam: Exam, length: int, threads: int) -> float:
    """Give the recall of held-out deeds."""
    vectors = towers.all_items()
    searched = towers.placed(vectors).cpu().numpy() * exam.lengths

    def score(persons: Numbers) -> Floats:
        ends = journeys.deeds.starts[1:]
        windows = last_windows(journeys.deeds, ends, length, persons)
        asked = towers.ends(vectors, journeys, windows).cpu().numpy()
        return best_of(asked, searched)

    return judge(score, exam.seen, exam.wanted, threads=threads).recall
