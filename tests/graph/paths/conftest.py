import pytest
from sqlalchemy import Engine

from tests.graph.weaving import add_nodes, weave


@pytest.fixture
def silk(engine: Engine) -> Engine:
    """Person 1 searches silk (word 1), which means dress (tag 1); items 1 to 3 are dresses.

    Item 3 is a cup (tag 2) as well, and person 2 searches cups (word 2). Tag 3 is nobody's.
    """
    add_nodes(engine, item=4, person=2, tag=3, keyword=2, value=1)
    tagged = [(1, 1, 1.0), (2, 1, 1.0), (3, 1, 0.5), (3, 2, 1.0)]
    weave(engine, "tagged", ("item", "tag"), tagged, weight="confidence")
    weave(engine, "means", ("keyword", "tag"), [(1, 1, 1.0), (2, 2, 1.0)])
    weave(engine, "searched", ("person", "keyword"), [(1, 1, 3.0), (2, 2, 1.0)])
    weave(engine, "has", ("item", "value"), [(1, 1, 1.0)])
    return engine
