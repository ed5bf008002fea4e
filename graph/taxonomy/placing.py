"""Where a tag stands: under tags of its own facet, and never in a circle."""

from collections.abc import Sequence

import networkx as nx
from sqlalchemy import Connection

from graph.taxonomy import queries
from graph.taxonomy.tags import Tag, read_tag
from weft.errors import BadRequest


def put_under(connection: Connection, tag: Tag, parents: Sequence[str]) -> None:
    """Put a tag under others."""
    for parent in parents:
        above = read_tag(connection, parent)
        check_in_use(above)
        if above.facet != tag.facet:
            wrong = f"{parent} is a {above.facet}, {tag.key} a {tag.facet}"
            raise BadRequest(f"{wrong}; a parent is of the same facet")
        refuse_circle(connection, [tag.key], above.key)
        connection.execute(queries.ADD_PARENT, {"tag": tag.id, "other": above.id})


def refuse_circle(connection: Connection, below: Sequence[str], above: str) -> None:
    """Refuse, by name, to put tags under one that is one of them or stands under one of them."""
    graph = nx.DiGraph(map(tuple, connection.execute(queries.RELATIONS_ABOVE, {"key": above})))
    graph.add_node(above)
    for key in below:
        if key in graph:
            circle = [key, *nx.shortest_path(graph, above, key)]
            raise BadRequest(f"that would be a circle: {' → '.join(circle)}")


def check_in_use(tag: Tag) -> None:
    """Refuse tags that were merged or retired."""
    if tag.redirect is not None:
        raise BadRequest(f"{tag.key} was merged into {tag.redirect}")
    if tag.retired:
        raise BadRequest(f"{tag.key} is retired")
