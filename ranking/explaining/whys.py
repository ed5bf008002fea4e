"""Why items stand where they stand: what each stage thought of them, and on what account."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ranking.dumps.grounds import Told
from ranking.explaining.parts import Part, parts_of
from ranking.ready import Ready
from ranking.seen import Seen

TOP = 8


@dataclass(frozen=True)
class Share:
    """A feature, and what it adds to the score of one item."""

    feature: str
    side: str
    worth: float


@dataclass(frozen=True)
class StageWhy:
    """What a stage thought of one item."""

    stage: str
    model: str
    score: float
    chances: Mapping[str, float]  # by task
    shares: tuple[Share, ...] = ()  # those that count most, of the stage that decided


def stages_why(
    told: Told,
    models: Mapping[str, Ready],
    items: Sequence[int],
    top: int = TOP,
) -> Mapping[int, tuple[StageWhy, ...]]:
    """Explain what the stages thought; the shares of features only of the one that decided."""
    last = {item: seen.stage for seen in told.seen for item in seen.items.tolist()}
    found: dict[int, list[StageWhy]] = {item: [] for item in items}
    for seen in told.seen:
        ready = models.get(seen.model)
        parts = _parts(ready, seen) if seen.stage in last.values() else ()
        for row, item in enumerate(seen.items.tolist()):
            if item in found:
                shares = _shares(parts, row, top) if last[item] == seen.stage else ()
                found[item].append(_stage(seen, ready, row, shares))
    return {item: tuple(stages) for item, stages in found.items()}


def _parts(ready: Ready | None, seen: Seen) -> tuple[Part, ...]:
    """Give nothing where the model that thought is not there any more."""
    if ready is None or ready.mark != seen.encoding or not len(seen):
        return ()
    return parts_of(ready, seen)


def _shares(parts: Sequence[Part], row: int, top: int) -> tuple[Share, ...]:
    worth = np.array([part.worth[row] for part in parts])
    order = np.argsort(-np.abs(worth), kind="stable")[:top].tolist()
    return tuple(Share(parts[n].feature, parts[n].side, float(worth[n])) for n in order if worth[n])


def _stage(seen: Seen, ready: Ready | None, row: int, shares: tuple[Share, ...]) -> StageWhy:
    tasks = ready.encoding.tasks if ready else tuple(map(str, range(seen.chances.shape[1])))
    chances = dict(zip(tasks, seen.chances[row].tolist(), strict=True))
    return StageWhy(seen.stage, seen.model, float(seen.scores[row]), chances, shares)
