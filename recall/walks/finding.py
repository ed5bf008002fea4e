"""Finding items by walking: along one path, or anywhere near (personalised PageRank)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncConnection

from graph.arrays.kinds import read_kinds
from graph.catalog import Catalog
from graph.paths.closeness import Surroundings, pushed
from graph.paths.nodes import Place
from graph.paths.steps import Pattern, both_ways
from recall.candidates import Candidates, Question, candidates_of
from recall.narrowing import allowed
from recall.seeds import seeds_of
from recall.walks import queries


@dataclass(frozen=True)
class Starts:
    """Where walks begin: at the person, or at items of their history."""

    half_life: timedelta
    recent: int

    def nodes(self, kind: str, question: Question) -> tuple[list[int], list[float]]:
        """Give nodes and what each of them counts."""
        if kind == "person":
            known = question.person is not None
            return ([question.person], [1.0]) if known else ([], [])  # type: ignore[list-item]
        items, weights = seeds_of(question.history, question.moment, self.half_life, self.recent)
        return items.tolist(), (weights / max(weights.sum(), 1e-300)).tolist()


@dataclass(frozen=True)
class PathFinder:
    """Goes one path."""

    channel: str
    catalog: Catalog
    pattern: Pattern
    starts: Starts
    breadth: int
    keep: int

    async def find(self, connection: AsyncConnection, question: Question, top: int) -> Candidates:
        """Find at most `top` items; nothing where the path has no beginning."""
        nodes, weights = self.starts.nodes(self.pattern[0].near, question)
        if not nodes:
            return candidates_of(self.channel, ())
        condition = allowed(self.catalog, question)
        statement = queries.walked(self.pattern, self.breadth, self.keep, condition)
        values = {
            "nodes": nodes,
            "weights": weights,
            "left_out": list(question.leave_out),
            "top": top,
        }
        return candidates_of(self.channel, (await connection.execute(statement, values)).all())


@dataclass(frozen=True)
class ClosenessFinder:
    """Pushes along edges of some kinds, from the person and what they did of late."""

    channel: str
    catalog: Catalog
    over: tuple[str, ...]
    starts: Starts
    breadth: int
    anew: float
    small: float

    async def find(self, connection: AsyncConnection, question: Question, top: int) -> Candidates:
        """Find at most `top` items; nothing for somebody of whom nothing is known."""
        begin = self._begin(question)
        scores = await connection.run_sync(self._scores, begin) if begin else {}
        items = [number for kind, number in scores if kind == "item"]
        values = {"items": items, "left_out": list(question.leave_out)}
        statement = queries.let_through(allowed(self.catalog, question))
        kept = (await connection.execute(statement, values)).scalars().all() if items else []
        best = sorted(kept, key=lambda number: (-scores["item", number], number))[:top]
        found = np.array([scores["item", number] for number in best], np.float64)
        return Candidates(self.channel, np.array(best, np.int32), found)

    def _begin(self, question: Question) -> Mapping[Place, float]:
        """Begin half at the person and half at the history, or all at what is known of these."""
        sides = [(kind, *self.starts.nodes(kind, question)) for kind in ("person", "item")]
        known = [(kind, nodes, weights) for kind, nodes, weights in sides if nodes]
        return {
            (kind, node): weight / len(known)
            for kind, nodes, weights in known
            for node, weight in zip(nodes, weights, strict=True)
        }

    def _scores(
        self, connection: Connection, begin: Mapping[Place, float]
    ) -> Mapping[Place, float]:
        kinds = read_kinds(connection)
        around = Surroundings(connection, kinds, both_ways(kinds, self.over), self.breadth)
        return pushed(around, begin, self.anew, self.small)


def pattern_ends(pattern: Sequence[str], ends: Mapping[str, tuple[str, str]]) -> list[str]:
    """Give the kinds of node along a path; raise `ValueError` where its parts do not meet."""
    nodes: list[str] = []
    for name in pattern:
        near, far = ends[name.removeprefix("~")][:: -1 if name.startswith("~") else 1]
        if nodes and nodes[-1] != near:
            raise ValueError(f"path: '{name}' begins at {near}, and here is {nodes[-1]}")
        nodes += [far] if nodes else [near, far]
    return nodes
