"""The section `experiments`: what is tried on shares of persons."""

from collections.abc import Iterator, Mapping
from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from ranking.scenes import Scene, SceneName
from weft.spec import Section
from weft.words import Percent, print_percent

CONTROL = "control"
ONLY = "changed"  # the name of an arm that is the only one
TENTHS = 1_000  # parts that a layer is divided into
ExperimentKey = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,40}$")]
LayerKey = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,40}$")]


def _own(name: str) -> str:
    if name == CONTROL:
        raise ValueError(f"'{CONTROL}' are all who are in no arm; call the arm something else")
    return name


def _change(change: Scene) -> Scene:
    if change.extends is not None:
        raise ValueError("extends: an arm changes what a scene says; say so option by option")
    if not options_of(change):
        raise ValueError("nothing is changed")
    return change


ArmKey = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,40}$"), AfterValidator(_own)]
Change = Annotated[Scene, AfterValidator(_change)]


class Arm(Section):
    """What is changed for a share of persons."""

    share: Percent = Field(description="of all persons, in tenths of a percent")
    change: Change = Field(description="what a scene says, said otherwise")


class Experiment(Section):
    """Scenes that are put together in another way for some, and what tells whether it is better."""

    scenes: list[SceneName] = Field(min_length=1, description="where it is tried")
    layer: LayerKey = Field(
        default="main",
        description="experiments of one layer share no person; those of two do by chance",
    )
    share: Percent | None = Field(default=None, description="of the only arm")
    change: Change | None = Field(default=None, description="of the only arm")
    arms: dict[ArmKey, Arm] | None = Field(
        default=None, min_length=1, max_length=20, description="several changes, side by side"
    )

    @model_validator(mode="after")
    def _one_or_several(self) -> "Experiment":
        single = (self.share is None, self.change is None)
        if self.arms is None and any(single):
            raise ValueError("`share` and `change` are needed, or several `arms` with both each")
        if self.arms is not None and not all(single):
            raise ValueError("`share` and `change` belong to each of the `arms`")
        return self

    def all_arms(self) -> dict[str, Arm]:
        """Give the arms by name."""
        if self.arms is not None:
            return dict(self.arms)
        assert self.share is not None
        assert self.change is not None
        return {ONLY: Arm.model_construct(share=self.share, change=self.change)}

    def tenths(self) -> dict[str, int]:
        """Give how many tenths of a percent each arm has."""
        return {name: round(arm.share * TENTHS) for name, arm in self.all_arms().items()}


def options_of(scene: Scene) -> dict[str, object]:
    """Give what a scene says itself."""
    return {name: value for name, value in scene if value is not None}


def changed(scene: Scene, change: Scene) -> Scene:
    """Give a scene with what is said otherwise."""
    return scene.model_copy(update=options_of(change))


def check_experiments(experiments: Mapping[str, Experiment]) -> None:
    """Raise a `ValueError` that begins with the place of what does not fit together."""
    taken: dict[str, int] = {}
    for name, experiment in experiments.items():
        layer = experiment.layer
        taken[layer] = taken.get(layer, 0) + sum(experiment.tenths().values())
        if taken[layer] >= TENTHS:
            share = print_percent(taken[layer] / TENTHS)
            raise ValueError(
                f"{name}: shares of the layer '{layer}' come to {share}; "
                "less than 100% is needed, for the rest is what they are compared with"
            )
    for name, other in _pairs(experiments):
        both = _said_by_both(experiments[name], experiments[other])
        if both:
            raise ValueError(
                f"{other}: changes {both} as '{name}' does, and some persons would be in both; "
                f"put both into one layer"
            )


def _pairs(experiments: Mapping[str, Experiment]) -> Iterator[tuple[str, str]]:
    """Give every two experiments that may have persons and scenes in common."""
    names = list(experiments)
    for place, other in enumerate(names):
        for name in names[:place]:
            apart = experiments[name].layer != experiments[other].layer
            if apart and set(experiments[name].scenes) & set(experiments[other].scenes):
                yield name, other


def _said_by_both(first: Experiment, second: Experiment) -> str:
    said = [
        {option for arm in one.all_arms().values() for option in options_of(arm.change)}
        for one in (first, second)
    ]
    return ", ".join(sorted(said[0] & said[1]))
