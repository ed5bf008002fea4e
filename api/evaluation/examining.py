"""From what was told and what was wanted to figures."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine

from api.evaluation.choosing import Chosen, Options, choose
from graph.graph import Edges, edges_of
from graph.where import read_where
from ranking.asking import Scenes
from ranking.pages import scene_of
from ranking.rehearsal import Asked, Told, rehearse
from ranking.scenes import insist_on_items, of_items
from recall.evaluation.exam import CHANNEL, FUSED, NOBODY, Answers, Exam, Flags, Kind
from recall.evaluation.figures import Figure, figures_of, overlaps
from recall.evaluation.floors import floors
from recall.evaluation.groups import group_of
from recall.evaluation.reading import Later, Past, read_offered, read_past
from recall.evaluation.shares import draw
from weft.database import connect_async
from weft.errors import NotFound
from weft.words import plural

POOL = 24  # connections: some questions at a time, each to several channels
Tell = Callable[[str, float], None]


@dataclass(frozen=True)
class Examined:
    """Figures, and what else is to be said."""

    figures: tuple[Figure, ...]
    notes: tuple[str, ...]


def examine(
    engine: Engine,
    scenes: Scenes,
    later: Sequence[Later],
    moment: datetime,
    options: Options,
    tell: Tell,
) -> Examined:
    """Ask a database as if it were a moment, and measure what is found of what came later."""
    offered, past = _read(engine, scenes, moment, options)
    chosen = choose(later, offered, of_items(scenes.scenes), options)
    asked, depth = list(chosen.wanted), max(options.tops)
    told = asyncio.run(_ask(engine, scenes, asked, moment, depth, tell))
    open_, unseen = without_seen(chosen, told)
    kept = [place for place, one in enumerate(asked) if open_[one]]
    asked, told = [asked[n] for n in kept], [told[n] for n in kept]
    notes = (*_notes(chosen, unseen, len(asked)), *_dropped(told))
    if not asked:
        raise NotFound("nothing is left to be found:\n" + "\n".join(notes))
    exam = exam_of(asked, told, open_, offered, past)
    answers = [*answers_of(told, depth), *_floors(exam, told, past.liked, depth)]
    tell("measure", 0.0)
    draws = draw(exam.persons, options.seed)
    figures = (*figures_of(exam, answers, options.tops, draws), *overlaps(answers, depth))
    tell("measure", 1.0)
    return Examined(figures, notes)


def without_seen(
    chosen: Chosen, told: Sequence[Told]
) -> tuple[Mapping[Asked, frozenset[int]], int]:
    """Take out what the scene leaves out as seen: no channel may find it."""
    pairs = zip(chosen.wanted.items(), told, strict=True)
    left = {asked: items - set(answer.left_out.tolist()) for (asked, items), answer in pairs}
    before = sum(map(len, chosen.wanted.values()))
    return left, before - sum(map(len, left.values()))


def exam_of(
    asked: Sequence[Asked],
    told: Sequence[Told],
    wanted: Mapping[Asked, frozenset[int]],
    offered: Mapping[str, Flags],
    past: Past,
) -> Exam:
    """Put everything into arrays."""
    left_out = [
        int(_kept(t.left_out, offered[a.scene]).sum()) for a, t in zip(asked, told, strict=True)
    ]
    return Exam(
        persons=np.array([one.person for one in asked], np.int32),
        scenes=tuple(one.scene for one in asked),
        groups=tuple(group_of(answer.deeds) for answer in told),
        wanted=_listed([np.array(sorted(wanted[one]), np.int32) for one in asked]),
        left_out=np.array(left_out, np.int64),
        offered={scene: offered[scene] for scene in dict.fromkeys(one.scene for one in asked)},
        young=past.young,
        known=past.known,
        crowd=past.crowd,
    )


def answers_of(told: Sequence[Told], depth: int) -> list[Answers]:
    """Put what was found side by side: fused, and channel by channel."""
    names = sorted({name for answer in told for name in answer.found})
    lists = [_stacked(FUSED, FUSED, [answer.fused for answer in told], depth)]
    for name in names:
        lists.append(_stacked(CHANNEL, name, [answer.found.get(name) for answer in told], depth))
    return lists


def _read(
    engine: Engine, scenes: Scenes, moment: datetime, options: Options
) -> tuple[dict[str, Flags], Past]:
    if options.scene is not None:
        scene_of(scenes, options.scene)
        insist_on_items(scenes.scenes, options.scene)
    if not of_items(scenes.scenes):
        raise NotFound("there is no scene to ask in: declare one in the section `scenes`")
    catalog = scenes.catalog
    wheres = {name: read_where(scene_of(scenes, name).where, catalog) for name in scenes.scenes}
    with engine.begin() as connection:
        offered = {
            name: read_offered(connection, catalog, where, moment) for name, where in wheres.items()
        }
        return offered, read_past(connection, catalog, scenes.positive, moment)


async def _ask(
    engine: Engine,
    scenes: Scenes,
    asked: Sequence[Asked],
    moment: datetime,
    depth: int,
    tell: Tell,
) -> list[Told]:
    pool = connect_async(engine.url.render_as_string(hide_password=False), POOL)
    try:
        return await rehearse(pool, scenes, asked, moment, depth, lambda s: tell("ask", s))
    finally:
        await pool.dispose()


def _floors(exam: Exam, told: Sequence[Told], liked: Edges, depth: int) -> list[Answers]:
    left_out = _listed([answer.left_out for answer in told])
    return floors(liked, exam.persons, exam.scenes, left_out, exam.offered, depth)


def _stacked(
    kind: Kind, name: str, lists: Sequence[NDArray[np.int32] | None], depth: int
) -> Answers:
    items = np.full((len(lists), depth), NOBODY, np.int32)
    for row, found in enumerate(lists):
        if found is not None:
            items[row, : len(found)] = found[:depth]
    return Answers(kind, name, items, np.array([found is not None for found in lists]))


def _listed(lists: Sequence[NDArray[np.int32]]) -> Edges:
    """Tie each question to some items."""
    sources = np.repeat(np.arange(len(lists), dtype=np.int32), [len(items) for items in lists])
    targets = np.concatenate([np.zeros(0, np.int32), *lists])
    return edges_of(
        "question", "item", sources, targets, np.ones(len(targets), np.float32), len(lists)
    )


def _kept(items: NDArray[np.int32], flags: Flags) -> Flags:
    return flags[items[items < len(flags)]]


def _dropped(told: Sequence[Told]) -> Iterator[str]:
    """Say which channels gave nothing to some questions: that is counted as nothing found."""
    counts = Counter((d.channel, d.reason) for answer in told for d in answer.dropped)
    for (channel, reason), count in sorted(counts.items()):
        yield f"channel {channel} was {reason} for {plural(count, 'question')}"


def _notes(chosen: Chosen, seen: int, questions: int) -> list[str]:
    persons = len({asked.person for asked in chosen.wanted})
    return [
        f"{plural(persons, 'person')} asked: {plural(questions, 'question')} that can be answered",
        f"{plural(chosen.unoffered, 'thing')} done later with what was not on offer at the moment "
        "(begun since, ended, or filtered out), which nobody could find",
        f"{plural(seen, 'thing')} done again with what its person had seen, "
        "which the scene leaves out",
    ]
