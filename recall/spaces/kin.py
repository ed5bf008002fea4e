"""New items in spaces that place no newcomers themselves: where those are that share most tags."""

from collections.abc import Sequence

import numpy as np
from sqlalchemy import Connection

from graph.graph import Floats, Numbers
from recall.spaces import queries
from recall.spaces.newcomers import store_some
from recall.spaces.trained import unit

EACH, MOST = 200, 50  # items that a tag gives; items whose mean is taken


def place_all_by_kin(
    connection: Connection, artifact: int, tagged: str, by: str | None = None
) -> int:
    """Place all items that came since the space was learned."""
    learned = connection.execute(queries.LEARNED, {"artifact": artifact}).scalar()
    if not learned:
        return 0
    ids = connection.execute(queries.newcomers("item"), {"learned": learned}).scalars().all()
    return place_by_kin(connection, artifact, tagged, ids, by)


def place_by_kin(
    connection: Connection, artifact: int, tagged: str, ids: Sequence[int], by: str | None = None
) -> int:
    """Place items that came since the space was learned; tells how many have any kin."""
    learned = connection.execute(queries.LEARNED, {"artifact": artifact}).scalar()
    new = [number for number in ids if learned and number > learned]
    if not new:
        return 0
    values = {"ids": new, "learned": learned, "each": EACH, "most": MOST}
    rows = connection.execute(queries.among_kin(artifact, tagged), values).all()
    connection.execute(queries.forget_newcomers(artifact, "item"), {"ids": new})
    there: Numbers = np.array([row.id for row in rows], np.int32)
    if len(there):
        vectors = as_long(
            np.array([row.mean for row in rows], np.float32), [r.length for r in rows]
        )
        store_some(connection, artifact, "item", there, vectors, by)
    return len(there)


def as_long(means: Floats, lengths: Sequence[float]) -> Floats:
    """Make means as long as what they are of: a mean is shorter, and would be found too rarely."""
    scaled: Floats = unit(means) * np.array(lengths, np.float32)[:, None]
    return scaled
