"""The steps of the section `spaces`: each learns, is measured on what came last, and is stored."""

from collections.abc import Mapping
from typing import Any

from graph.catalog import Catalog
from graph.edges.spec import Graph as Woven
from recall.spaces.kinds import AnySpace
from recall.spaces.lessons import School, liked_between, read_lesson
from recall.spaces.measuring import exam_of, measure
from recall.spaces.storing import sizes, store_vectors
from weft.events import Events
from weft.files import save_file
from weft.steps import Made, Step, Work

SPACE = "space."
LEARNED, STORED = 0.4, 0.9


def steps(
    spaces: Mapping[str, AnySpace], woven: Woven, catalog: Catalog, events: Events
) -> tuple[Step, ...]:
    """Give a step for each space."""
    return tuple(_step(name, space, woven, catalog, events) for name, space in spaces.items())


def _step(name: str, space: AnySpace, woven: Woven, catalog: Catalog, events: Events) -> Step:
    likes = likes_of(woven)
    edges = _edges(space, likes)

    def run(work: Work) -> Made:
        now = School(work.connection, woven, catalog, events, work.moment, likes)
        measured = _measured(work, space, now) if space.holdout and likes else {}
        return _learn(work, space, now, measured)

    section: dict[str, Any] = {
        **space.model_dump(mode="json", exclude={"every"}),
        "edges": {edge: woven.edges[edge].model_dump(mode="json") for edge in edges},
        "positive": events.positive,
    }
    after = tuple(f"graph.{edge}" for edge in edges)
    return Step(SPACE + name, section, run, after=after, every=space.every, alone=True)


def likes_of(woven: Woven) -> str | None:
    """Name the edges that say what persons liked: the first from persons' events to items."""
    return next((name for name, edge in woven.edges.items() if edge.type == "events"), None)


def _edges(space: AnySpace, likes: str | None) -> list[str]:
    names = [name.removeprefix("~") for name in (*space.over, *space.featured())]
    return list(dict.fromkeys([*names, *([likes] if likes else [])]))


def _measured(work: Work, space: AnySpace, now: School) -> dict[str, float]:
    """Learn from all but the last events, and see how well these are found."""
    assert space.holdout is not None and now.likes is not None
    then = now.before(space.holdout)
    lesson = read_lesson(then, space, lambda share: work.progress(share * LEARNED))
    liked = lesson.graph.edges[now.likes]
    exam = exam_of(liked, liked_between(now, lesson.graph, then.until), lesson.graph, space.seed)
    if not len(exam.later) or not len(liked):
        work.say("not measured: there is nothing before or nothing after the holdout begins")
        return {}
    found = measure(space.fit(lesson), exam, lesson.threads)
    work.say(_told(found))
    return found


def _learn(work: Work, space: AnySpace, now: School, measured: dict[str, float]) -> Made:
    rest = STORED - LEARNED
    lesson = read_lesson(now, space, lambda share: work.progress(LEARNED + share * rest))
    trained = space.fit(lesson)
    tables = store_vectors(work.connection, work.artifact, lesson.graph.nodes, trained.vectors)
    for name, content in trained.save().items():
        save_file(work.connection, work.artifact, name, content)
    return Made(tables, {**sizes(trained.vectors), **measured})


def _told(found: Mapping[str, float]) -> str:
    return (
        f"recall@20 {found['recall@20']:.4f}, popular {found['popular.recall@20']:.4f},"
        f" ItemCF {found['itemcf.recall@20']:.4f}"
    )
