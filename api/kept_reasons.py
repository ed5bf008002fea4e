"""Why items of an answer stood where they stood, from what is kept under its trace."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping

from api import queries
from api.explaining import Explained, paths_of
from api.spec import Spec
from graph.paths.nodes import Node, named
from ranking.dumps.dump import Kept, read_dump
from ranking.explaining.paths import ToldPath
from ranking.explaining.whys import StageWhy, stages_why
from ranking.page import Asked
from ranking.ready import Ready, load_ready
from ranking.rerank.moved import Moved
from recall.fusion import Hit
from weft.errors import NotFound, WeftError
from weft.releases import Live, read_release


@dataclass(frozen=True)
class ItemWhy:
    """Why an item stood where it stood."""

    place: int  # 1 is the first
    key: str
    title: str
    score: float | None
    channels: tuple[Hit, ...]  # who decided comes first
    path: ToldPath | None
    stages: tuple[StageWhy, ...]
    moved: Moved | None


@dataclass(frozen=True)
class TraceWhy:
    """Why a page was as it was."""

    trace: str
    time: datetime
    release: int
    query: str
    scene: str
    person: str | None
    where: Mapping[str, Any]
    left_out: int
    channels: tuple[Asked, ...]
    items: tuple[ItemWhy, ...]
    arms: Mapping[str, str]  # by experiment
    notes: tuple[str, ...] = ()


def why_of_trace(connection: Connection, trace: str) -> TraceWhy:
    """Explain an answer that is kept with what its models read, of this release or an earlier."""
    row = connection.execute(queries.TRACE, {"id": trace}).mappings().first()
    if row is None:
        raise NotFound(f"no trace '{trace}' is kept")
    kept = read_dump(connection, trace)
    if kept is None:
        raise NotFound(
            f"trace '{trace}' is kept, but not what it was made of: only answers of `recommend` "
            "are dumped, the share `ranking.dumped` of them, none while too many wait to be written"
        )
    live = read_release(connection, kept.release)
    models, notes = _models(connection, live, kept)
    return _told(connection, row, kept, Spec.model_validate(live.spec), models, notes)


def _models(
    connection: Connection, live: Live, kept: Kept
) -> tuple[dict[str, Ready], tuple[str, ...]]:
    """Load the models that thought; those that are gone are named."""
    ranking, models, notes = Spec.model_validate(live.spec).ranking, {}, []
    for name in dict.fromkeys(seen.model for seen in kept.told.seen):
        try:
            models[name] = load_ready(connection, ranking, name, live.artifacts)
        except WeftError:
            notes.append(f"model '{name}' of release {live.release} is not kept any more: "
                         "what its features add is not known")  # fmt: skip
    return models, tuple(notes)


def _told(
    connection: Connection,
    row: RowMapping,
    kept: Kept,
    spec: Spec,
    models: Mapping[str, Ready],
    notes: tuple[str, ...],
) -> TraceWhy:
    told, ids = kept.told, tuple(row["items"])
    page = Explained(row["id"], kept.release, row["scene"], row["number"], ids, told)
    stages = stages_why(told, models, ids)
    nodes = named(connection, [("item", item) for item in ids])
    paths = paths_of(connection, page, spec)
    items = tuple(
        _item(row, place, nodes["item", item], paths.get(item), stages[item], told.moved.get(item))
        for place, item in enumerate(ids)
    )
    same = (row["time"], kept.release, row["query"], row["scene"], row["person"])
    return TraceWhy(
        row["id"],
        *same,
        told.where,
        told.left_out,
        told.channels,
        items,
        dict(row["arms"] or {}),
        notes,
    )


def _item(
    row: RowMapping,
    place: int,
    node: Node,
    path: ToldPath | None,
    stages: tuple[StageWhy, ...],
    moved: Moved | None,
) -> ItemWhy:
    hits: Sequence[Any] = row["found_by"][place] if row["found_by"] else ()
    score = row["scores"][place][0] if row["scores"] else None
    found = tuple(Hit(*hit) for hit in hits)
    return ItemWhy(place + 1, node.key, node.label, score, found, path, stages, moved)
