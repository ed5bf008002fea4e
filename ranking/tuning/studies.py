"""Studies: the trials of a stage as Optuna keeps them, and what a kill leaves of them."""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from ranking.rankers.lesson import Progress
from ranking.tuning.report import Stage, Tried
from ranking.tuning.stages import Options
from weft.errors import BadRequest

if TYPE_CHECKING:
    from optuna.distributions import BaseDistribution
    from optuna.samplers import BaseSampler
    from optuna.storages import BaseStorage
    from optuna.study import Study
    from optuna.trial import FrozenTrial

ENDED: Mapping[str, Any] = {"COMPLETE": "whole", "PRUNED": "pruned", "FAIL": "failed"}
CURVE, FAILED = "curve", "failed"
WARM = 4  # trials that run to their end before any is pruned
Curve = tuple[Progress, ...]


def open_study(name: str, storage: "BaseStorage") -> "Study":
    """Open a study, as it was left if there is one of this name."""
    import optuna  # noqa: PLC0415 - takes seconds

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    return optuna.create_study(
        study_name=name,
        storage=storage,
        direction="maximize",
        pruner=optuna.pruners.MedianPruner(WARM, n_warmup_steps=1),
        load_if_exists=True,
    )


def free_the_dead(study: "Study") -> None:
    """Mark trials that a killed run has left as failed, and plan them again."""
    from optuna.trial import TrialState  # noqa: PLC0415 - takes seconds

    for trial in study.get_trials(deepcopy=False, states=(TrialState.RUNNING,)):
        study.tell(trial.number, state=TrialState.FAIL)
        study.enqueue_trial(trial.params)


def begin(study: "Study", options: Options, declared: Mapping[str, Any], known: Curve) -> None:
    """Put what is declared first: as a trial that was run, or as one to run."""
    from optuna.trial import create_trial  # noqa: PLC0415 - takes seconds

    if not known:
        study.enqueue_trial(dict(declared))
        return
    study.add_trial(
        create_trial(
            params=dict(declared),
            distributions=around(options, declared),
            value=best_of(known),
            intermediate_values={p.epoch: p.reached for p in known if p.reached is not None},
            user_attrs={CURVE: [asdict(p) for p in known]},
        )
    )


def sampler(words: str, done: int, trials: int) -> "BaseSampler":
    """Give dice that depend on some words and on how many trials have ended, not on who runs."""
    from optuna.samplers import TPESampler  # noqa: PLC0415 - takes seconds

    seed = hashlib.sha256(f"{words} {done}".encode()).digest()
    some = max(3, trials // 3)
    return TPESampler(seed=int.from_bytes(seed[:4], "big"), n_startup_trials=some)


def around(options: Options, declared: Mapping[str, Any]) -> dict[str, "BaseDistribution"]:
    """Give what options are drawn from."""
    return {name: draw.around(draw.read(declared[name])) for name, draw in options.items()}


def ended(study: "Study") -> list["FrozenTrial"]:
    """Give the trials that count: what a kill left is tried again."""
    from optuna.trial import TrialState  # noqa: PLC0415 - takes seconds

    return [
        trial
        for trial in study.get_trials(deepcopy=False)
        if trial.state in (TrialState.COMPLETE, TrialState.PRUNED) or FAILED in trial.user_attrs
    ]


def options_in(trial: "FrozenTrial", options: Options) -> dict[str, Any]:
    """Give the options of a trial as a spec has them."""
    return {name: options[name].read(stored) for name, stored in trial.params.items()}


def curve_of(trial: "FrozenTrial") -> Curve:
    """Give the epochs of a trial."""
    return tuple(Progress(**point) for point in trial.user_attrs[CURVE])


def staged(name: str, study: "Study", options: Options) -> Stage:
    """Give what a stage came to."""
    trials = ended(study)
    seen = tuple(tried(trial, options) for trial in trials)
    before = trials[0].value
    if before is None:
        raise BadRequest(f"tuning: what is declared fails: {trials[0].user_attrs.get(FAILED)}")
    return Stage(name, before, seen, options_in(study.best_trial, options), study.best_value)


def tried(trial: "FrozenTrial", options: Options) -> Tried:
    """Give what was tried."""
    steps = trial.intermediate_values
    reached = trial.value if trial.value is not None else max(steps.values(), default=None)
    return Tried(options_in(trial, options), reached, len(steps), ENDED[trial.state.name])


def best_of(curve: Curve) -> float:
    """Give the best that was reached."""
    return max(progress.reached for progress in curve if progress.reached is not None)
