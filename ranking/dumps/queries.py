"""SQL of dumps."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Insert, insert, text

from ranking.dumps.tables import trace_dump

# No page waits for this, and a power cut may cost the last moments of it.
RELAX = text("SELECT set_config('synchronous_commit', 'off', true)")

DUMP = text("""
SELECT time, release, told, content FROM trace_dump WHERE trace = :trace LIMIT 1
""")

DUMPED = text("""
SELECT trace, content FROM trace_dump
WHERE trace = ANY(:traces) AND time >= :since AND encodings @> ARRAY[CAST(:encoding AS text)]
""")


def keep(rows: Sequence[Mapping[str, Any]]) -> Insert:
    """Keep dumps in one statement."""
    return insert(trace_dump).values(list(rows))
