"""Circles in a hierarchy of tags, and the rows that close them."""

from collections.abc import Iterable

import networkx as nx

Relation = tuple[str, str, int]


def closing(
    standing: Iterable[Relation], proposed: Iterable[Relation]
) -> dict[str, tuple[int, str]]:
    """Find rows whose parents close a circle: line and circle by key; line 0 is never to blame."""
    graph = nx.DiGraph()
    graph.add_weighted_edges_from([*standing, *proposed], weight="line")
    blamed: dict[str, tuple[int, str]] = {}
    while not nx.is_directed_acyclic_graph(graph):
        circle = nx.find_cycle(graph)
        line, tag = max((graph.edges[edge]["line"], edge[0]) for edge in circle)
        if line == 0:
            break
        blamed[tag] = (line, " → ".join([*(edge[0] for edge in circle), circle[-1][1]]))
        graph.remove_edges_from(list(graph.out_edges(tag)))
    return blamed
