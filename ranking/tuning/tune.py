"""Staged tuning: each stage tries one group of options, from the best of the stage before."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from ranking.rankers.kinds import AnyRanker
from ranking.rankers.lesson import Lesson
from ranking.tuning.report import Stage, Tuning
from ranking.tuning.stages import options_of, stages_of
from ranking.tuning.studies import Curve
from ranking.tuning.trying import Run, measure_of, try_stage
from weft.errors import BadRequest

if TYPE_CHECKING:
    from optuna.storages import BaseStorage


def tune(
    name: str,
    section: Mapping[str, Any],
    lesson: Lesson,
    stages: Sequence[str],
    trials: int,
    storage: "BaseStorage",
    seed: int = 0,
    tell: Callable[[str], None] = lambda line: None,
) -> Tuning:
    """Try options of a ranker stage by stage; a run that was killed goes on where it was."""
    if lesson.check is None:
        raise BadRequest("tuning: there are no later examples to choose by")
    run = Run(name, TypeAdapter(AnyRanker), lesson, trials, seed, storage, tell)
    kind = type(run.ranker(section))
    wanted = stages_of(kind, stages)
    if not wanted:
        raise BadRequest(f"stages: {', '.join(stages)} try no option of this type of ranker")
    best, known, found = dict(section), Curve(), list[Stage]()
    for stage in wanted:
        ended, known = try_stage(run, stage, options_of(kind, stage), best, known)
        best |= ended.best
        found.append(ended)
    measure = measure_of(run.ranker(section))
    return Tuning(measure, found[0].before, tuple(found), best, known)
