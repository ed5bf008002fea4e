"""Nodes by their names: `item:red-dress`, `tag:dress`, `keyword:silk`, `value:city=Paris`."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from graph.arrays.queries import FACTS
from graph.paths import queries
from weft.errors import BadRequest, NotFound

Place = tuple[str, int]


@dataclass(frozen=True)
class Node:
    """A node by kind and id, with the key that others know it by and a label to read."""

    kind: str
    id: int
    key: str
    label: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.key}"

    @property
    def place(self) -> Place:
        """Give what tells it from all others."""
        return self.kind, self.id


def find_nodes(connection: Connection, names: Iterable[str]) -> tuple[Node, ...]:
    """Find nodes by their names, in this order."""
    wanted = [_split(name) for name in names]
    keys: dict[str, list[str]] = {kind: [] for kind in FACTS}
    for kind, key in wanted:
        keys[kind].append(key)
    rows = connection.execute(queries.NODES_BY_KEY, keys)
    found = {(node.kind, node.key): node for node in (Node(*row) for row in rows)}
    for kind, key in wanted:
        if (kind, key) not in found:
            raise NotFound(f"there is no {kind} {key!r}")
    return tuple(found[name] for name in wanted)


def named(connection: Connection, places: Collection[Place]) -> Mapping[Place, Node]:
    """Read the names of nodes."""
    ids: dict[str, list[int]] = {kind: [] for kind in FACTS}
    for kind, number in set(places):
        ids[kind].append(number)
    rows = connection.execute(queries.NODES_BY_ID, ids)
    return {node.place: node for node in (Node(*row) for row in rows)}


def _split(name: str) -> tuple[str, str]:
    kind, colon, key = name.partition(":")
    if kind not in FACTS or not colon:
        raise BadRequest(f"node {name!r}: a kind and a key are needed, such as item:KEY; "
                         f"there are {', '.join(FACTS)}")  # fmt: skip
    return kind, key
