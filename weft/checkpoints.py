"""Checkpoints of steps that learn for long: kept at once, whatever becomes of the step.

A step's own transaction is committed when it ends. How far it came has to outlive a kill, so it is
written on a connection of its own, by the artifact number that a resumed build promises again.
"""

from sqlalchemy import Engine

from weft import queries

PART = 64 * 2**20  # bytes; a value may have 1 GiB, and passes through memory several times


def save_checkpoint(engine: Engine, artifact: int, content: bytes) -> None:
    """Keep how far a step came, in place of what was kept before."""
    with engine.begin() as connection:
        connection.execute(queries.DROP_CHECKPOINT, {"artifact": artifact})
        for part, start in enumerate(range(0, len(content), PART)):
            values = {"artifact": artifact, "part": part, "content": content[start : start + PART]}
            connection.execute(queries.SAVE_CHECKPOINT, values)


def load_checkpoint(engine: Engine, artifact: int) -> bytes | None:
    """Give how far a step came, if it was begun before."""
    with engine.begin() as connection:
        parts = connection.execute(queries.LOAD_CHECKPOINT, {"artifact": artifact}).scalars().all()
    return b"".join(parts) if parts else None
