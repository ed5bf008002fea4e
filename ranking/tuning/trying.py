"""One stage: trials of some options, which a killed run leaves to the next one."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from ranking.rankers.lesson import Lesson, Progress
from ranking.rankers.spec import NetworkRanker, Ranker
from ranking.training.judging import Measure, judge
from ranking.tuning.report import Stage
from ranking.tuning.stages import Options
from ranking.tuning.studies import (
    CURVE,
    FAILED,
    Curve,
    around,
    begin,
    best_of,
    curve_of,
    ended,
    free_the_dead,
    open_study,
    sampler,
    staged,
    tried,
)
from weft.errors import BuildError

if TYPE_CHECKING:
    from optuna.storages import BaseStorage
    from optuna.study import Study
    from optuna.trial import FrozenTrial, Trial


@dataclass(frozen=True)
class Run:
    """What all stages have in common."""

    name: str
    kinds: TypeAdapter[Ranker]
    lesson: Lesson
    trials: int
    seed: int
    storage: "BaseStorage"
    tell: Callable[[str], None]

    def ranker(self, section: Mapping[str, Any]) -> Ranker:
        """Give the ranker of a section."""
        return self.kinds.validate_python(section)


def try_stage(
    run: Run, stage: str, options: Options, section: Mapping[str, Any], known: Curve
) -> tuple[Stage, Curve]:
    """Try options of a stage; what is declared comes first, and is not run where it is known."""
    study = open_study(_named(run, stage, options, section), run.storage)
    free_the_dead(study)
    declared = _stored(run, options, section)
    if not study.get_trials(deepcopy=False):
        begin(study, options, declared, known)
    while (done := len(ended(study))) < run.trials:
        study.sampler = sampler(f"{run.seed} {stage}", done, run.trials)
        trial = study.ask(around(options, declared))
        drawn = {name: draw.read(trial.params[name]) for name, draw in options.items()}
        _try(run, study, trial, {**section, **drawn})
        run.tell(_line(stage, study.trials[trial.number], options, done + 1, run.trials))
    return staged(stage, study, options), curve_of(study.best_trial)


def _try(run: Run, study: "Study", trial: "Trial", section: Mapping[str, Any]) -> None:
    from optuna.exceptions import TrialPruned  # noqa: PLC0415 - takes seconds
    from optuna.trial import TrialState  # noqa: PLC0415 - takes seconds

    curve: list[Progress] = []

    def tell(progress: Progress) -> None:
        curve.append(progress)
        if progress.reached is not None:
            trial.report(progress.reached, progress.epoch)
            if trial.should_prune():
                raise TrialPruned

    try:
        reached = _reached(run, section, tell, curve)
    except TrialPruned:
        study.tell(trial, state=TrialState.PRUNED)
    except BuildError as error:
        trial.set_user_attr(FAILED, str(error))
        study.tell(trial, state=TrialState.FAIL)
    else:
        trial.set_user_attr(CURVE, [asdict(progress) for progress in curve])
        study.tell(trial, reached)


def _reached(
    run: Run, section: Mapping[str, Any], tell: Callable[[Progress], None], curve: list[Progress]
) -> float:
    """Learn, and give the best that was reached; some rankers are judged only at their end."""
    ranker = run.ranker(section)
    scorer = ranker.fit(replace(run.lesson, tell=tell))
    if not any(progress.reached is not None for progress in curve):
        curve.append(Progress(1, 0.0, judged(ranker, scorer, run.lesson), 0.0))
    return best_of(tuple(curve))


def judged(ranker: Ranker, scorer: Any, lesson: Lesson) -> float:
    """Give what a ranker reaches on the examples that decide."""
    import numpy as np  # noqa: PLC0415 - only here

    assert lesson.check is not None
    chances = scorer.score(lesson.check.inputs).astype(np.float64).clip(1e-7, 1 - 1e-7)
    return judge(measure_of(ranker), np.log(chances / (1 - chances)), lesson.check)


def measure_of(ranker: Ranker) -> Measure:
    """Tell what a ranker is judged by."""
    return ranker.judged_by if isinstance(ranker, NetworkRanker) else "auc"


def _stored(run: Run, options: Options, section: Mapping[str, Any]) -> dict[str, Any]:
    """Give the declared options as storage keeps them, defaults filled in."""
    whole = run.ranker(section).model_dump(mode="json")
    return {name: draw.stored(whole[name]) for name, draw in options.items()}


def _named(run: Run, stage: str, options: Options, section: Mapping[str, Any]) -> str:
    """Name a study by all that decides what comes of it, but for the number of trials."""
    whole = json.dumps([run.ranker(section).model_dump(mode="json"), sorted(options), run.seed])
    told = hashlib.sha256(whole.encode())
    for part in (run.lesson.learn, run.lesson.check):
        if part is not None:
            told.update(part.labels.tobytes() + part.times.tobytes())
    return f"{run.name} {stage} {told.hexdigest()[:12]}"


def _line(stage: str, trial: "FrozenTrial", options: Options, number: int, trials: int) -> str:
    shown = tried(trial, options)
    said = ", ".join(f"{name}: {value}" for name, value in shown.options.items())
    reached = "" if shown.reached is None else f" {shown.reached:.5f}"
    return f"{stage} {number}/{trials}:{reached} {shown.ended}; {said}"
