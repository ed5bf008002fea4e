"""The section `ranking`: what is foretold, from which features, by which models."""

from typing import Annotated

from pydantic import Field

from graph.catalog import Catalog
from ranking.features.sides import check_features
from ranking.features.spec import Features
from ranking.rankers.kinds import AnyRanker
from ranking.samples.spec import ShownSamples
from weft.spec import Section, unknown

ModelKey = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,40}$")]


class Ranking(Section):
    """Models that sort what was recalled."""

    samples: ShownSamples = Field(
        default=ShownSamples(), description="which rows models learn from, and what counts as yes"
    )
    features: Features = Field(default={}, description="what models read")
    models: dict[ModelKey, AnyRanker] = Field(default={}, description="what scenes sort by")
    dumped: float = Field(
        default=1.0,
        ge=0,
        le=1,
        description="share of the answers of `recommend` that are kept with what models read",
    )

    def first_teacher(self, name: str) -> str:
        """Name who a model, or its teacher, learns from in the end; itself, if it learns alone."""
        teacher = self.models[name].learns_from()
        return name if teacher is None else self.first_teacher(teacher)


def check_ranking(ranking: Ranking, catalog: Catalog) -> None:
    """Raise a `ValueError` that begins with the place of what does not fit."""
    try:
        check_features(ranking.features, catalog)
    except ValueError as error:
        raise ValueError(f"features.{error}") from None
    if ranking.models and not ranking.features:
        raise ValueError("models: models need `features` to read")
    for name in ranking.models:
        _check_teachers(ranking, name)


def _check_teachers(ranking: Ranking, name: str) -> None:
    """Follow who learns from whom to its end; a student reads what its teacher reads."""
    chain = [name]
    while (teacher := ranking.models[chain[-1]].learns_from()) is not None:
        student = f"models.{chain[-1]}"
        if teacher not in ranking.models:
            raise ValueError(f"{student}: {unknown('model', teacher, ranking.models)}")
        if teacher in chain:
            circle = " → ".join([*chain, teacher])
            raise ValueError(f"models.{name}: models learn from each other in a circle: {circle}")
        if ranking.models[chain[-1]].features is not None:
            raise ValueError(
                f"{student}.features: a student reads what its teacher '{teacher}' reads; leave it"
                " out, and choose the teacher's"
            )
        chain.append(teacher)
