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
    """Follow who learns from whom to its end."""
    chain = [name]
    while (teacher := ranking.models[chain[-1]].learns_from()) is not None:
        if teacher not in ranking.models:
            raise ValueError(f"models.{chain[-1]}: {unknown('model', teacher, ranking.models)}")
        if teacher in chain:
            circle = " → ".join([*chain, teacher])
            raise ValueError(f"models.{name}: models learn from each other in a circle: {circle}")
        chain.append(teacher)
