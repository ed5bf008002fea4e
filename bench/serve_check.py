"""Whether answers are all of one release: scores are worked out again from what was read."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from sqlalchemy import Connection, Engine

from api.spec import Spec
from ranking.dumps.dump import read_dump
from ranking.explaining.parts import scored
from ranking.ready import Ready
from ranking.seen import Seen
from ranking.standing import load_models
from weft.releases import read_release

CLOSE = 1e-5  # sums of fewer rows are added up in another order


class Answered(NamedTuple):
    """An answer as it arrived: its trace, its release, and the scores in the order shown."""

    trace: str
    release: int
    scores: Sequence[float]


class Checked(NamedTuple):
    """How many answers were checked, how many have another release's scores, how many no dump."""

    checked: int
    mixed: int
    lost: int
    apart: int  # how many would have other scores by the models of another release


def check(engine: Engine, answers: Sequence[Answered]) -> Checked:
    """Work the scores of all answers out again."""
    models: dict[int, dict[str, Ready]] = {}
    checked, mixed, lost, apart = 0, 0, 0, 0
    with engine.connect() as connection:
        for release in {one.release for one in answers}:
            models[release] = _models(connection, release)
        for one in answers:
            kept = read_dump(connection, one.trace)
            if kept is None or not kept.told.seen:
                lost += 1
                continue
            last = kept.told.seen[-1]
            checked += 1
            mixed += kept.release != one.release or not _is_of(last, one, models[one.release])
            others = (models[release] for release in models if release != one.release)
            apart += any(not _is_of(last, one, other) for other in others)
    return Checked(checked, mixed, lost, apart)


def _models(connection: Connection, number: int) -> dict[str, Ready]:
    live = read_release(connection, number)
    spec = Spec.model_validate(live.spec)
    return load_models(connection, spec.ranking, live.artifacts)


def _is_of(seen: Seen, answer: Answered, models: dict[str, Ready]) -> bool:
    ready = models[seen.model]
    if ready.mark != seen.encoding or len(seen) != len(answer.scores):
        return False
    again = scored(ready, seen.objective, seen.material)
    return bool(np.allclose(again, answer.scores, rtol=CLOSE, atol=1e-7))
