"""How purely the vectors of a person stand for the interests that the demo world gave them."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import orjson
from numpy.typing import NDArray
from sqlalchemy import Connection, text

from graph.graph import Edges, Floats, Graph, Numbers

WANTED = 3  # interests of the persons that are looked at
FEWEST = 6  # likes that come from one of them
KEYS = {
    kind: text(f"SELECT key, id FROM {kind} WHERE key = ANY(:keys)") for kind in ("person", "item")
}


@dataclass(frozen=True)
class Truth:
    """Persons with three interests, and the interest that each of their likes is from."""

    persons: Numbers  # (persons,)
    likes: tuple[tuple[Numbers, Numbers], ...]  # for each person: items, numbers of interests

    def largest(self) -> float:
        """Tell the purity of one vector for everything: the share of the largest interest."""
        return float(np.mean([_largest(labels) / len(labels) for _, labels in self.likes]))


@dataclass(frozen=True)
class Moods:
    """What was recovered."""

    purity: float  # share of likes whose nearest vector is mostly of their own interest
    found: float  # share of interests that are the largest in some vector
    alike: float  # mean cosine of two vectors of a person


def read_truth(connection: Connection, folder: Path, graph: Graph, liked: Edges) -> Truth:
    """Read the world's truth: a like is from the interest that has the item's category."""
    users = [orjson.loads(line) for line in (folder / "users.jsonl").read_bytes().splitlines()]
    items = [orjson.loads(line) for line in (folder / "items.jsonl").read_bytes().splitlines()]
    chosen = {u["key"]: u["interests"] for u in users if len(u["interests"]) == WANTED}
    persons = _numbers(connection, graph, "person", list(chosen))
    kinds = {i["key"]: i["tags"]["category"] for i in items if "category" in i["tags"]}
    of_item = {n: kinds[key] for key, n in _numbers(connection, graph, "item", list(kinds)).items()}
    kept, likes = [], []
    for key, person in persons.items():
        wanted = [interest["category"] for interest in chosen[key]]
        found = _labelled(liked, person, wanted, of_item)
        if len(found[0]) >= FEWEST and len(np.unique(found[1])) > 1:
            kept.append(person)
            likes.append(found)
    return Truth(np.array(kept, np.int32), tuple(likes))


def judge_moods(truth: Truth, asked: Floats, items: Floats) -> Moods:
    """Give each like to the vector that it is nearest to, and see whose company it is in.

    asked: (all persons, interests, dim)
    """
    pure, found = [], []
    for person, (liked, labels) in zip(truth.persons, truth.likes, strict=True):
        nearest = (asked[person] @ items[liked].T).argmax(0)  # (likes,)
        groups = [labels[nearest == vector] for vector in np.unique(nearest)]
        pure.append(sum(map(_largest, groups)) / len(labels))
        largest = {int(np.bincount(group).argmax()) for group in groups}
        found.append(len(largest) / len(np.unique(labels)))
    return Moods(float(np.mean(pure)), float(np.mean(found)), alike(asked[truth.persons]))


def alike(asked: Floats) -> float:
    """Give the mean cosine of two vectors of one person."""
    ways = asked / np.maximum(np.linalg.norm(asked, axis=2, keepdims=True), 1e-12)
    upper = np.triu_indices(asked.shape[1], 1)
    products: NDArray[np.float32] = (ways @ ways.transpose(0, 2, 1))[:, upper[0], upper[1]]
    return float(products.mean()) if products.size else 1.0


def _largest(labels: Numbers) -> int:
    return int(np.bincount(labels).max())


def _labelled(
    liked: Edges, person: int, wanted: list[str], of_item: Mapping[int, str]
) -> tuple[Numbers, Numbers]:
    """Give what a person likes and is from an interest, with the interest's number."""
    mine = liked.targets[liked.starts[person] : liked.starts[person + 1]].tolist()
    pairs = [(item, wanted.index(of_item[item])) for item in mine if of_item.get(item) in wanted]
    items, labels = zip(*pairs, strict=True) if pairs else ((), ())
    return np.array(items, np.int32), np.array(labels, np.int32)


def _numbers(connection: Connection, graph: Graph, kind: str, keys: list[str]) -> dict[str, int]:
    rows = connection.execute(KEYS[kind], {"keys": keys}).all()
    numbers = graph.numbers(kind, np.array([row.id for row in rows], np.int32))
    return {row.key: int(number) for row, number in zip(rows, numbers, strict=True)}
