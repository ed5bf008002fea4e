"""Arms of experiments, as answers name them."""

from collections.abc import Sequence

import strawberry

from ranking.experiments.standing import Assigned


@strawberry.type
class ExperimentArm:
    """Where somebody stands in an experiment."""

    experiment: str
    arm: str = strawberry.field(description="`control` for who is in no arm of its layer.")


def arms_told(arms: Sequence[Assigned]) -> list[ExperimentArm]:
    """Write in which arms somebody is."""
    return [ExperimentArm(experiment=one.experiment, arm=one.arm) for one in arms]
