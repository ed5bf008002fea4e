"""The root of the spec: each stage owns its section, and here they meet."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo, available_timezones

from croniter import croniter
from pydantic import AfterValidator, Field, model_validator

from graph.catalog import Catalog
from graph.edges.finds import Finds
from graph.edges.kind import KEYWORDS
from graph.edges.kinds import Graph
from graph.edges.searches import Searches
from graph.texts.steps import TAGS
from nlp.spec import Text
from ranking.experiments.spec import Experiment, ExperimentKey, check_experiments
from ranking.scenes import Scene, filled, stages_of
from ranking.spec import Ranking, check_ranking
from recall.channels.spec import Around
from recall.spaces.kinds import AnySpace, SpaceKey
from recall.spec import Recall
from weft.events import Events
from weft.monitors.kinds import AnyMonitor
from weft.spec import Section, read_spec, unknown


def _zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError(unknown("time zone", name, available_timezones()))
    return name


def _cron(text: str) -> str:
    if len(text.split()) != 5 or not croniter.is_valid(text):
        raise ValueError("five fields as cron has them are needed, such as 15 * * * *")
    return text


class Keep(Section):
    """How much of the past stays in the database."""

    releases: int = Field(default=5, ge=2, description="releases that can be gone back to")


class Spec(Section):
    """A whole shop."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_-]{0,40}$")
    timezone: Annotated[str, AfterValidator(_zone)] = "UTC"
    catalog: Catalog = Catalog()
    events: Events = Events()
    text: Text | None = None
    graph: Graph | None = None
    spaces: dict[SpaceKey, AnySpace] = {}
    recall: Recall = Recall()
    ranking: Ranking = Ranking()
    scenes: dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,40}$")], Scene] = {}
    experiments: dict[ExperimentKey, Experiment] = {}
    monitors: dict[str, AnyMonitor] = {}
    keep: Keep = Keep()
    refresh: Annotated[str, AfterValidator(_cron)] | None = Field(
        default=None, description='when a worker applies again by itself, such as "15 * * * *"'
    )

    @model_validator(mode="after")
    def _scenes_end(self) -> "Spec":
        for name in self.scenes:
            filled(self.scenes, name)
        return self

    @model_validator(mode="after")
    def _edges_have_keywords(self) -> "Spec":
        for name, edge in self.graph.edges.items() if self.graph else ():
            words = self.text.keywords if self.text else None
            if KEYWORDS in edge.needs() and words is None:
                raise ValueError(f"graph.edges.{name}: needs the section `text.keywords`")
            if isinstance(edge, Searches | Finds) and words is not None and not words.queries:
                raise ValueError(f"graph.edges.{name}: needs `text.keywords` to read `queries`")
        return self

    @model_validator(mode="after")
    def _channels_fit(self) -> "Spec":
        around = channels_around(self)
        for name, channel in self.recall.channels.items():
            try:
                channel.check(around)
            except ValueError as error:
                raise ValueError(f"recall.channels.{name}: {error}") from None
        return self

    @model_validator(mode="after")
    def _rankers_fit(self) -> "Spec":
        try:
            check_ranking(self.ranking, self.catalog)
        except ValueError as error:
            raise ValueError(f"ranking.{error}") from None
        return self

    @model_validator(mode="after")
    def _objectives_fit(self) -> "Spec":
        tasks = tuple(self.ranking.samples.tasks)
        for place, scene in self.said_scenes():
            for stage, declared in stages_of(scene):
                try:
                    declared.objective.of_tasks(tasks)
                except ValueError as error:
                    raise ValueError(f"{place}.{stage}.objective: {error}") from None
        return self

    @model_validator(mode="after")
    def _experiments_fit(self) -> "Spec":
        try:
            check_experiments(self.experiments)
        except ValueError as error:
            raise ValueError(f"experiments.{error}") from None
        return self

    def said_scenes(self) -> Iterator[tuple[str, Scene]]:
        """Give what scenes say, and what arms say in their place, by where it stands."""
        for name, scene in self.scenes.items():
            yield f"scenes.{name}", scene
        for name, experiment in self.experiments.items():
            for arm, declared in experiment.all_arms().items():
                inner = "" if experiment.arms is None else f"arms.{arm}."
                yield f"experiments.{name}.{inner}change", declared.change

    def zone(self) -> ZoneInfo:
        """Give the zone of times that come without one."""
        return ZoneInfo(self.timezone)

    def scene(self, name: str) -> Scene:
        """Give a scene with everything that it inherits."""
        return filled(self.scenes, name)


def open_spec(path: Path) -> Spec:
    """Read the spec of a shop."""
    return read_spec(path, Spec)


def channels_around(spec: Spec) -> Around:
    """Give what of the spec shapes channels."""
    edges = spec.graph.edges if spec.graph else {}
    reading = (TAGS,) if spec.text else ()
    return Around(spec.catalog, spec.events, dict(edges), spec.spaces, reading)


def json_schema() -> str:
    """Give the JSON Schema that editors check and complete a spec with."""
    return json.dumps(Spec.model_json_schema(), indent=1, ensure_ascii=False) + "\n"


def filled_in(spec: Spec) -> dict[str, Any]:
    """Give the spec with every default filled in, as plain JSON."""
    return spec.model_dump(mode="json")
