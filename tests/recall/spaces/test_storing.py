import numpy as np
import pytest
from sqlalchemy import Engine, text

from recall.spaces.storing import sizes, store_vectors
from weft.errors import BuildError

NODES = {"item": np.array([2, 3, 7], np.int32), "person": np.array([1], np.int32)}


def vectors(dim: int = 4):
    numbers = np.random.default_rng(1).normal(size=(4, dim)).astype(np.float32)
    return {"item": numbers[:3], "person": numbers[3:]}


def test_vectors_come_back_as_they_went(engine: Engine) -> None:
    made = vectors()
    with engine.begin() as connection:
        assert store_vectors(connection, 5, NODES, made) == ("derived.vector_5",)
        rows = connection.execute(
            text("SELECT kind, id, e::real[] AS e FROM derived.vector WHERE artifact = 5")
        ).all()
    found = {(row.kind, row.id): row.e for row in rows}
    assert sorted(found) == [("item", 2), ("item", 3), ("item", 7), ("person", 1)]
    for kind, matrix in made.items():
        for number, vector in zip(NODES[kind], matrix, strict=True):
            assert found[kind, number] == pytest.approx(vector, rel=1e-3)


def test_the_nearest_are_found_by_the_index(engine: Engine) -> None:
    nodes = {"item": np.arange(1, 3001, dtype=np.int32)}
    matrix = np.random.default_rng(2).normal(size=(3000, 8)).astype(np.float32)
    with engine.begin() as connection:
        store_vectors(connection, 6, nodes, {"item": matrix})
        query = "SELECT id FROM derived.vector_6_item ORDER BY e::halfvec(8) <#> :q LIMIT 1"
        values = {"q": str((matrix[41] * 5).tolist())}
        plan = connection.execute(text(f"EXPLAIN {query}"), values).scalars().all()
        best = connection.execute(text(query), values).scalar_one()
    assert "Index Scan" in "\n".join(plan)
    assert best == 1 + int(np.argmax(matrix @ matrix[41]))


def test_a_vector_that_is_not_finite_is_refused_whole(engine: Engine) -> None:
    made = vectors()
    made["item"][1, 2] = np.nan
    with engine.connect() as connection:
        with pytest.raises(BuildError, match="1 vectors of kind 'item'"):
            store_vectors(connection, 7, NODES, made)
        assert connection.execute(text("SELECT to_regclass('derived.vector_7')")).scalar() is None


def test_sizes_count_what_is_zero() -> None:
    made = {"item": np.array([[3, 4], [0, 0]], np.float32)}
    assert sizes(made) == {"item.vectors": 2, "item.norm": 2.5, "item.zero": 1}
