"""Random small graphs of items, persons and tags, with networkx views of them."""

from collections.abc import Mapping

import networkx as nx
from hypothesis import strategies as st
from sqlalchemy import Engine, text

from tests.graph.weaving import Edge, add_nodes, weave

SIZE = 6
ENDS = {"liked": ("person", "item"), "tagged": ("item", "tag"), "together": ("item", "item")}
EMPTY = "TRUNCATE derived.edge_node, derived.edge_kind, item, person, tag, word, value CASCADE"
World = Mapping[str, Mapping[tuple[int, int], float]]

numbers = st.integers(1, SIZE)
edges = st.dictionaries(st.tuples(numbers, numbers), st.floats(0.1, 100), max_size=14)
worlds = st.fixed_dictionaries(dict.fromkeys(ENDS, edges))


def make(engine: Engine, world: World) -> None:
    """Put a world in the place of the one before."""
    with engine.begin() as connection:
        for kind in ENDS:
            connection.execute(text(f"DROP TABLE IF EXISTS derived.edge_{kind}"))
        connection.execute(text(EMPTY))
    add_nodes(engine, item=SIZE, person=SIZE, tag=SIZE)
    for kind, pairs in world.items():
        rows: list[Edge] = [(source, target, mass) for (source, target), mass in pairs.items()]
        weave(engine, kind, ENDS[kind], rows)


def view(world: World, backwards: bool = True) -> nx.MultiDiGraph:
    """Give the world as networkx has it: each step an edge, with its mass and its share."""
    graph = nx.MultiDiGraph()
    for kind, pairs in world.items():
        source, target = ENDS[kind]
        out: dict[int, float] = {}
        into: dict[int, float] = {}
        for (s, t), mass in pairs.items():
            out[s], into[t] = out.get(s, 0) + mass, into.get(t, 0) + mass
        for (s, t), mass in pairs.items():
            about = {"mass": mass, "share": mass / (out[s] * into[t]) ** 0.5}
            graph.add_edge((source, s), (target, t), key=kind, **about)
            if backwards:
                graph.add_edge((target, t), (source, s), key=f"~{kind}", **about)
    return graph
