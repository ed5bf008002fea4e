"""Bringing one kind of edge up to date: from nothing, or by what has changed."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import Connection, Row

from graph.edges import queries
from graph.edges.kind import Around, Content, Fade, Kind, Run
from weft.steps import Made, Work


def keep(work: Work, name: str, kind: Kind, around: Around, section: Mapping[str, Any]) -> Made:
    """Bring a kind of edge up to date."""
    work.connection.execute(queries.MAKE)
    way = way_of(section)
    run = _open(work, name, kind, around, way)
    changed = _renew(run, kind) if run.before is None else _update(run, kind)
    work.connection.execute(queries.SAVE_SEEN, {"kind": name})
    counts = _close(run, kind, way)
    how = "made anew" if run.before is None else f"{changed:,} changed"
    work.say(f"{counts['edges']:,.0f} edges, {how}")
    return Made(metrics={**counts, "changed": changed})


def way_of(section: Mapping[str, Any]) -> str:
    """Hash what decides which edges there are; weights are worked out when they are read."""
    shaping = {key: value for key, value in section.items() if key != "weight"}
    return hashlib.sha256(orjson.dumps(shaping, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _open(work: Work, name: str, kind: Kind, around: Around, way: str) -> Run:
    """See how a kind stands; what is defined otherwise, or has faded too far, begins anew."""
    before = work.connection.execute(queries.KIND, {"kind": name}).one_or_none()
    legs = work.connection.execute(queries.LEGS, {"kinds": list(kind.legs())}).all()
    if before is not None and (
        before.way != way
        or any(leg.rebuilt > before.artifact for leg in legs)
        or _lives(before, work.moment) > queries.FAINTEST
    ):
        before = None
    fade = _fade(kind, before, legs, work.moment)
    return Run(work, name, around, fade, before)


def _lives(before: Row[Any], moment: datetime) -> float:
    if before.half_life is None:
        return 0.0
    return float((moment - before.landmark).total_seconds() / before.half_life)


def _fade(kind: Kind, before: Row[Any] | None, legs: Sequence[Row[Any]], moment: datetime) -> Fade:
    """Give the landmark; masses of a path are products, so their rates of fading add up."""
    life = kind.life()
    fading = [leg for leg in legs for _ in range(_times(kind, leg)) if leg.half_life is not None]
    if fading:
        half_life = 1 / sum(1 / leg.half_life for leg in fading)
        first = fading[0].landmark
        later = sum((leg.landmark - first).total_seconds() / leg.half_life for leg in fading)
        return Fade(half_life, first + timedelta(seconds=half_life * later))
    seconds = None if life is None else life.total_seconds()
    return Fade(seconds, moment if before is None else before.landmark)


def _times(kind: Kind, leg: Row[Any]) -> int:
    return sum(1 for name in kind.legs() if name == leg.kind)


def _renew(run: Run, kind: Kind) -> int:
    """Fill a new table beside the one that is read, and let it take its place."""
    connection, name = run.work.connection, run.name
    connection.execute(queries.FORGET_SEEN, {"kind": name})
    content = kind.content(run)
    connection.execute(queries.make_new(name))
    made = connection.execute(queries.fill_new(name, content.query), content.values).rowcount
    run.work.progress(0.6)
    connection.execute(queries.index_new(name))
    connection.execute(queries.FORGET_NODES, {"kind": name})
    connection.execute(queries.sum_new(name), _named(run))
    connection.execute(queries.put_in_place(name))
    return made


def _update(run: Run, kind: Kind) -> int:
    """Write the difference between what there is and what there should be."""
    connection, name = run.work.connection, run.name
    content = kind.content(run)
    connection.execute(queries.want(content.query), content.values)
    connection.execute(queries.LOOP_AGAIN)
    connection.execute(queries.ANALYZE_WANTED)
    connection.execute(_comparison(name, content))
    connection.execute(queries.write_changes(name))
    connection.execute(queries.WRITE_NODES, _named(run))
    return int(connection.execute(queries.COUNT_CHANGES).scalar_one())


def _comparison(name: str, content: Content) -> Any:
    if content.added:
        return queries.compare_added(name)
    return queries.compare_whole(name, content.scoped)


def _named(run: Run) -> dict[str, object]:
    return {"kind": run.name, "artifact": run.work.artifact}


def _close(run: Run, kind: Kind, way: str) -> dict[str, float]:
    """Write how the kind stands now; give its metrics."""
    connection, before = run.work.connection, run.before
    source, target = kind.ends(run.around.edges)
    values = {
        **_named(run),
        "source": source,
        "target": target,
        "weight": kind.weight,
        "half_life": run.fade.half_life,
        "landmark": run.fade.landmark,
        "moment": run.work.moment,
        "way": way,
        "rebuilt": run.work.artifact if before is None else before.rebuilt,
    }
    row = connection.execute(queries.SAVE_KIND, values).one()
    counts = {"edges": row.edges, "sources": row.sources, "targets": row.targets}
    return {**counts, "coverage": _share(connection, source, row.sources)}


def _share(connection: Connection, node: str, met: int) -> float:
    """Tell the share of nodes that have an edge."""
    nodes = connection.execute(queries.COUNT_NODES[node]).scalar_one()
    return met / nodes if nodes else 0.0
