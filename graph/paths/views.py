"""The graph as `networkx` knows graphs."""

import networkx as nx

from graph.paths.subgraphs import Subgraph


def as_networkx(part: Subgraph) -> nx.MultiDiGraph:
    """Give nodes by names such as `item:KEY`, and edges by kind, with weights."""
    view = nx.MultiDiGraph()
    for node in part.nodes:
        view.add_node(str(node), kind=node.kind, key=node.key, label=node.label)
    for tie in part.ties:
        view.add_edge(str(tie.source), str(tie.target), key=tie.edges, weight=tie.weight)
    return view
