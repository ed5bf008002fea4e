"""The steps of the section `spaces`: each learns, is measured on what came last, and is stored."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from graph.catalog import Catalog
from graph.edges.kind import Around
from graph.edges.kinds import Graph as Woven
from graph.edges.steps import shaped
from recall.samples.survey import survey
from recall.similar.making import make_lists, usable_of
from recall.spaces.kin import place_all_by_kin
from recall.spaces.kinds import AnySpace
from recall.spaces.lessons import School, edges_for, liked_between, read_lesson
from recall.spaces.measuring import exam_of, measure
from recall.spaces.newcomers import place_newcomers
from recall.spaces.storing import sizes, store_vectors
from recall.spaces.trained import Lesson
from weft.errors import NothingToLearn, PastNotKept
from weft.events import Events
from weft.files import load_files, save_file
from weft.steps import Made, Step, Work

SPACE, NEWCOMERS = "space.", "newcomers."
LEARNED, STORED = 0.4, 0.9


def steps(
    spaces: Mapping[str, AnySpace], woven: Woven, catalog: Catalog, events: Events
) -> tuple[Step, ...]:
    """Give a step for each space."""
    around = Around(catalog, events, dict(woven.edges))
    likes = likes_of(woven)
    learning = [_step(name, spaces, around, likes) for name in spaces]
    able = [name for name, space in spaces.items() if space.places_newcomers]
    tagged = tags_of(woven)
    kin = [name for name in spaces if name not in able] if tagged else []
    return (
        *learning,
        *(_newcomers(name, spaces[name], around) for name in able),
        *(_kin(name, spaces[name], tagged or "") for name in kin),
    )


def tags_of(woven: Woven) -> str | None:
    """Name the edges from items to their tags: the first there are."""
    return next((name for name, edge in woven.edges.items() if edge.type == "tags"), None)


def likes_of(woven: Woven) -> str | None:
    """Name the edges that say what persons liked: the first that come from their events."""
    return next((name for name, edge in woven.edges.items() if edge.type == "events"), None)


def _step(name: str, spaces: Mapping[str, AnySpace], around: Around, likes: str | None) -> Step:
    space = spaces[name]
    edges, start = _edges_below(space, spaces, likes), space.start_from()

    def run(work: Work) -> Made:
        now = School(work, around, likes, spaces=spaces)
        return _learn(now, space, _measured(now, space))

    after = [f"graph.{edge}" for edge in edges]
    after += [need for edge in edges for need in around.edges[edge].needs()]
    after += [SPACE + start] if start else []
    return Step(
        SPACE + name,
        _section(space, spaces, edges, around),
        run,
        after=tuple(dict.fromkeys(after)),
        every=space.every,
        alone=True,
    )


def _edges_below(space: AnySpace, spaces: Mapping[str, AnySpace], likes: str | None) -> list[str]:
    """Name the kinds of edge that a space reads, or the one that it starts from."""
    start = space.start_from()
    below = edges_for(spaces[start], likes) if start else []
    return list(dict.fromkeys([*edges_for(space, likes), *below]))


def _section(
    space: AnySpace, spaces: Mapping[str, AnySpace], edges: Sequence[str], around: Around
) -> dict[str, Any]:
    """Give all that decides what a space learns."""
    section: dict[str, Any] = {
        **space.model_dump(mode="json", exclude={"every"}),
        "edges": {edge: shaped(edge, around) for edge in edges},
        "positive": around.events.positive,
    }
    if space.samples():
        section["passed_after"] = around.events.model_dump(mode="json")["passed_after"]
        section["catalog"] = around.catalog.model_dump(mode="json")
    if start := space.start_from():
        section["start"] = spaces[start].model_dump(mode="json", exclude={"every"})
    return section


def _newcomers(name: str, space: AnySpace, around: Around) -> Step:
    """Give the step that places what has come since the space was learned."""
    learned = SPACE + name

    def run(work: Work) -> Made:
        files = load_files(work.connection, work.inputs[learned])
        placer = space.load(files) if files else None
        if placer is None:
            return Made()
        placed = place_newcomers(work, work.inputs[learned], placer, space.by)
        work.say(f"{sum(placed.values()):,.0f} new nodes placed")
        return Made(metrics=placed)

    after = tuple(f"graph.{edge}" for edge in edges_for(space, None))
    reads = ("event", "item", "person", "tag")
    return Step(NEWCOMERS + name, {}, run, reads=reads, needs=(learned,), after=after)


def _kin(name: str, space: AnySpace, tagged: str) -> Step:
    """Give the step that places items that came since in a space that places none itself."""
    learned = SPACE + name

    def run(work: Work) -> Made:
        connection, artifact = work.connection, work.inputs[learned]
        placed = place_all_by_kin(connection, artifact, tagged, space.by)
        work.say(f"{placed:,} new items placed amid those that share most tags")
        return Made(metrics={"item": float(placed)})

    after = (f"graph.{tagged}",)
    return Step(
        NEWCOMERS + name, {"by": tagged}, run, ("item", "item_tag"), (learned,), after=after
    )


def _measured(now: School, space: AnySpace) -> dict[str, float]:
    """Learn from all but the last events, and see how well these are found."""
    if space.holdout is None or now.likes is None:
        return {}
    work, then = now.work, now.before(space.holdout)
    try:
        lesson = read_lesson(then, space, lambda share: work.progress(share * LEARNED))
    except PastNotKept as error:
        work.say(f"not measured: {error}")
        return {}
    liked, since = lesson.graph.edges[now.likes], then.work.moment
    exam = exam_of(liked, liked_between(now, lesson.graph, since), lesson.graph, space.seed)
    if not len(exam.later) or not len(liked):
        work.say("not measured: there is nothing before or nothing after the holdout begins")
        return {}
    try:
        found = measure(space.fit(lesson), exam, lesson.threads)
    except NothingToLearn as error:
        work.say(f"not measured: {error}")
        return {}
    work.say(_told(found))
    return found


def _learn(now: School, space: AnySpace, measured: dict[str, float]) -> Made:
    work, rest = now.work, STORED - LEARNED
    lesson = read_lesson(now, space, lambda share: work.progress(LEARNED + share * rest))
    try:
        trained = space.fit(lesson)
    except NothingToLearn as error:
        work.say(f"empty: {error}")
        empty = [make_lists(work, np.zeros(0, np.int32), None)] if space.lists() else []
        return Made(tuple(empty), {"vectors": 0})
    nodes = lesson.graph.nodes
    tables = store_vectors(work.connection, work.artifact, nodes, trained.vectors, space.by)
    if space.lists():
        usable = usable_of(work, now.around.catalog, nodes["item"])
        tables = (*tables, make_lists(work, nodes["item"], space.lister(trained, usable)))
    for name, content in trained.save().items():
        save_file(work.connection, work.artifact, name, content)
    return Made(tables, {**sizes(trained.vectors), **_sampled(lesson, space), **measured})


def _sampled(lesson: Lesson, space: AnySpace) -> dict[str, float]:
    """Tell what was learned from, if the space learns from samples."""
    if lesson.samples is None:
        return {}
    deeds = len(lesson.samples.deeds.items)
    found = survey(lesson.samples, *space.sampling(), space.seed).metrics()
    return {"samples.positives": float(deeds), **found}


def _told(found: Mapping[str, float]) -> str:
    return (
        f"recall@20 {found['recall@20']:.4f}, popular {found['popular.recall@20']:.4f},"
        f" ItemCF {found['itemcf.recall@20']:.4f}"
    )
