"""The SQL of evaluation: what persons did before and after a moment, and what was offered."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Select, insert, select, text

from graph.catalog import Catalog
from graph.queries import clause, offered
from graph.tables import item
from graph.where import Where
from recall.evaluation.tables import evaluation_figure
from recall.queries import begin_column

LATER = text("""
SELECT DISTINCT person, item, scene FROM event
WHERE kind = ANY(:kinds) AND item IS NOT NULL AND time > :since AND time <= :until
ORDER BY person, item, scene
""")
NEWEST = text("SELECT max(time) FROM event WHERE kind = ANY(:kinds)")
LARGEST = text("""
SELECT coalesce((SELECT max(id) FROM item), 0) AS item,
       coalesce((SELECT max(id) FROM person), 0) AS person
""")
RELEASED = text("""
SELECT build.moment,
       ARRAY(SELECT artifact.step FROM weft.artifact
             WHERE artifact.dropped_at IS NOT NULL
               AND artifact.id IN (SELECT part.id::integer
                                   FROM jsonb_each_text(release.artifacts) AS part(step, id))
             ORDER BY artifact.step) AS dropped,
       (SELECT max(later.id) FROM weft.build AS later
        WHERE later.state = 'done' AND later.id > release.build) AS later
FROM weft.release JOIN weft.build ON build.id = release.build WHERE release.id = :release
""")

LOCK_EVALUATIONS = text("LOCK TABLE weft.evaluation IN SHARE ROW EXCLUSIVE MODE")
ADD_EVALUATION = text("""
INSERT INTO weft.evaluation (id, way, release, split, until, tops, persons, seed, author)
SELECT coalesce(max(id), 0) + 1, :way, :release, :split, :until, :tops, :persons, :seed, :author
FROM weft.evaluation RETURNING id
""")
ADD_FIGURES = insert(evaluation_figure)
FIGURES = text("""
SELECT kind, source, scene, who, measure, value, low, high, questions
FROM weft.evaluation_figure WHERE evaluation = :evaluation
ORDER BY kind, source, scene, who, measure
""")


def liked_until(positive: Mapping[str, float], since: datetime, until: datetime) -> str:
    """Give each person with each item that they liked in a time."""
    kinds = ", ".join(f"'{kind}'" for kind in positive)
    return f"""
        SELECT DISTINCT person, item FROM event
        WHERE kind IN ({kinds}) AND item IS NOT NULL
            AND time > '{since.isoformat()}' AND time <= '{until.isoformat()}'
    """


def offered_at(catalog: Catalog, where: Where, moment: datetime) -> Select[Any]:
    """Give the items that may be found at a moment under a filter."""
    return select(item.c.id).where(offered(catalog, moment), clause(where, catalog))


def begun_between(catalog: Catalog, since: datetime, until: datetime) -> Select[Any]:
    """Give the items that began to be offered in a time."""
    begins = text(f"{begin_column(catalog.lifetime)} > :since")
    ends = text(f"{begin_column(catalog.lifetime)} <= :until")
    return select(item.c.id).where(begins, ends).params(since=since, until=until)
