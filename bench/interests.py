"""Whether the vectors of a person are their interests, which only the demo world knows."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from api.evaluation.holdout import Past
from api.spec import Spec
from bench.recall_shop import INTERESTS, SCENE
from bench.results import table
from ranking.asking import Request, read_question
from ranking.pages import scene_of
from recall.candidates import Question
from recall.spaces.queries import vectors_of
from weft.database import connect_async
from weft.files import load_files

HELD, LEAST = 3, 6  # interests of the persons looked at; deeds that can be told apart
ROUNDS = 20  # of letting deeds fall blindly
PERSONS = text("SELECT key, id FROM person")
CATEGORIES = text("SELECT id, category FROM item")


@dataclass(frozen=True)
class Truth:
    """The truth about a world, in its folder."""

    world: Path

    def interests(self, held: int) -> dict[str, list[str]]:
        """Give the categories that somebody is interested in, if they are so many."""
        lines = (self.world / "truth" / "users.jsonl").read_bytes().splitlines()
        users = [orjson.loads(line) for line in lines]
        wanted = {u["key"]: [i["category"] for i in u["interests"]] for u in users}
        return {key: some for key, some in wanted.items() if len(set(some)) == len(some) == held}


@dataclass(frozen=True)
class Purity:
    """How purely deeds fall to vectors by interest."""

    persons: int
    purity: float
    one: float  # if all deeds fell to one vector
    blind: float  # if as many deeds fell to each vector, but whichever
    recovered: float  # share of the interests in the deeds that are the most of some vector

    def lines(self) -> Iterator[str]:
        """Lay out what there is."""
        if self.persons:
            heads = ["persons with 3 interests", "purity", "of one vector", "blind", "recovered"]
            values = (self.purity, self.one, self.blind, self.recovered)
            yield table(heads, [[self.persons, *(f"{value:.3f}" for value in values)]])

    def figures(self) -> dict[str, float]:
        """Give the figures of the goals."""
        if not self.persons:
            return {}
        return {"purity": self.purity, "blind": self.blind, "recovered": self.recovered}


NOTHING = Purity(0, 0.0, 0.0, 0.0, 0.0)


def purity_of(past: Past, spec: Spec, truth: Truth) -> Purity:
    """Let each deed fall to the nearest of its person's vectors, and see whose interest it was."""
    if INTERESTS not in spec.spaces:
        return NOTHING
    space, artifact = spec.spaces[INTERESTS], past.scenes.artifacts[f"space.{INTERESTS}"]
    with past.engine.begin() as connection:
        asker = space.asker(load_files(connection, artifact))
        persons: dict[str, int] = {r.key: r.id for r in connection.execute(PERSONS)}
        categories: dict[int, str] = {r.id: r.category for r in connection.execute(CATEGORIES)}
        found = connection.execute(text(f"SELECT id, e::text FROM {vectors_of(artifact, 'item')}"))
        vectors = {number: np.array(orjson.loads(e), np.float32) for number, e in found}
    if asker is None:
        return NOTHING
    wanted = {persons[key]: some for key, some in truth.interests(HELD).items() if key in persons}
    judged = []
    for person, question in asyncio.run(_questions(past, list(wanted))).items():
        deeds = _deeds(question, wanted[person], categories, vectors)
        if len(deeds) >= LEAST:
            searches = asker.ask(question.history, question.words)
            judged.append(_judge(deeds, np.asarray(searches), vectors))
    return Purity(len(judged), *np.mean(judged, 0).tolist()) if judged else NOTHING


async def _questions(past: Past, persons: Sequence[int]) -> dict[int, Question]:
    pool = connect_async(past.engine.url.render_as_string(hide_password=False))
    try:
        return {person: await _question(pool, past, person) for person in persons}
    finally:
        await pool.dispose()


async def _question(pool: AsyncEngine, past: Past, person: int) -> Question:
    request = Request(SCENE, person, 1, past.split)
    async with pool.connect() as connection:
        scene = scene_of(past.scenes, SCENE)
        return (await read_question(connection, past.scenes, scene, request)).question


def _deeds(
    question: Question,
    interests: Sequence[str],
    categories: Mapping[int, Any],
    vectors: Mapping[int, NDArray[np.float32]],
) -> list[tuple[int, int]]:
    """Give the items of the history with the interest that each is of, where that is clear."""
    places = {category: place for place, category in enumerate(interests)}
    items = dict.fromkeys(question.history.items.tolist())
    known = [item for item in items if item in vectors and categories.get(item) in places]
    return [(item, places[categories[item]]) for item in known]


def _judge(
    deeds: Sequence[tuple[int, int]],
    searches: NDArray[np.float32],
    vectors: Mapping[int, NDArray[np.float32]],
) -> tuple[float, float, float, float]:
    items = np.stack([vectors[item] for item, _ in deeds])
    nearest = np.argmax(items @ searches.T, 1)
    interests = np.array([interest for _, interest in deeds])
    counts = _counts(nearest, interests, len(searches))
    chance, whole = np.random.default_rng(len(deeds)), counts.sum(0)
    blind = [_counts(chance.permutation(nearest), interests, len(searches)) for _ in range(ROUNDS)]
    owners = {int(row.argmax()) for row in counts if row.any()}
    return (
        counts.max(1).sum() / len(deeds),
        whole.max() / len(deeds),
        float(np.mean([some.max(1).sum() for some in blind])) / len(deeds),
        len(owners) / np.count_nonzero(whole),
    )


def _counts(
    nearest: NDArray[np.intp], interests: NDArray[np.int64], searches: int
) -> NDArray[np.float64]:
    """Count deeds by vector and interest. # (searches, interests)"""
    counts = np.zeros((searches, HELD))
    np.add.at(counts, (nearest, interests), 1)
    return counts
