"""What a student learns from: what was shown, what was recalled and what was drawn, all judged."""

from dataclasses import dataclass, replace

import numpy as np
import torch

from graph.graph import Floats
from ranking.distilling.joining import joined
from ranking.examples import Examples, Inputs, Layout, nothing
from ranking.networks.towers.taught import softened
from ranking.rankers.lesson import Lesson, Scorer
from ranking.rankers.towers import Distil, Stage
from weft.errors import BuildError

NOBODY = -1


@dataclass(frozen=True)
class Judged:
    """Examples, shown or not, and a teacher's chances of them."""

    examples: Examples  # labels are no numbers where nothing was shown
    chances: Floats  # (rows, tasks)


def judged(distil: Distil, lesson: Lesson, teacher: Scorer) -> Judged:
    """Let a teacher judge everything that its student learns from."""
    examples = widened(distil, lesson)
    return Judged(examples, teacher.score(examples.inputs))


def widened(distil: Distil, lesson: Lesson) -> Examples:
    """Give what was shown, and pairs besides that nobody knows the answer of."""
    examples, draws = lesson.learn, np.random.default_rng((lesson.seed, 5))
    if distil.drawn:
        source = np.repeat(np.arange(len(lesson.learn)), distil.drawn)
        pairs = drawn(lesson.learn.inputs, source, draws)
        examples = beside(examples, pairs, lesson.learn.times[source], distil.pool)
    if lesson.pool is not None:
        times = draws.choice(lesson.learn.times, len(lesson.pool))
        examples = beside(examples, lesson.pool, times, distil.pool)
    return examples


def drawn(inputs: Inputs, source: np.ndarray, draws: np.random.Generator) -> Inputs:
    """Give pairs of those who asked with items drawn alike from all."""
    if inputs.pairs.ones.shape[1] or inputs.pairs.numbers.size or inputs.pairs.bags:
        raise BuildError("distil.drawn: features of pairs are unknown for items that are drawn")
    item = draws.integers(0, len(inputs.items), len(source))
    bias = np.zeros((len(source), inputs.bias.shape[1]), np.int32)
    pairs = nothing(len(source))
    return Inputs(inputs.asks, inputs.items, pairs, inputs.ask[source], item, bias)


def beside(examples: Examples, pairs: Inputs, times: np.ndarray, weight: float) -> Examples:
    """Put pairs of which nothing is known beside examples."""
    many, tasks = len(pairs), examples.labels.shape[1]
    nobody = np.full(many, NOBODY)
    return Examples(
        joined(examples.inputs, pairs),
        np.concatenate([examples.labels, np.full((many, tasks), np.nan, np.float32)]),
        np.concatenate([examples.weights, np.full(many, weight, np.float32)]),
        np.concatenate([examples.persons, nobody]),
        np.concatenate([examples.groups, nobody]),
        np.concatenate([examples.times, times]),
        np.concatenate([examples.scenes, nobody.astype(np.int32)]),
        examples.scene_names,
    )


def staged(lesson: Lesson, distil: Distil, found: Judged, stage: Stage) -> Lesson:
    """Give a stage's lesson: labels, or chances in their place, and softened chances."""
    hard = found.chances if stage == "soft" else found.examples.labels
    soft = softened(torch.from_numpy(found.chances), distil.temperature).numpy()
    labels = np.concatenate([hard, soft], 1)
    return replace(lesson, learn=replace(found.examples, labels=labels))


def headed(lesson: Lesson, heads: int) -> Lesson:
    """Give the lesson of a network that foretells every task several times."""
    check = lesson.check
    if check is not None:
        check = replace(check, labels=np.tile(check.labels, (1, heads)))
    return replace(lesson, layout=heads_of(lesson.layout, heads), check=check)


def heads_of(layout: Layout, heads: int) -> Layout:
    """Give the layout of a network that foretells every task several times."""
    names = (f"{task} {n}" if n else task for n in range(heads) for task in layout.tasks)
    return replace(layout, tasks=tuple(names))
