"""The SQL of samples: all of it reads what the migration defines, as of a moment."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import text

from graph.catalog import Lifetime

# Partitions that have just been filled have no statistics, and a loop over rows looks cheap.
BY_HASH = text("""
SET LOCAL enable_nestloop = off;
SET LOCAL jit = off;
SET LOCAL work_mem = '256MB';
""")


@dataclass(frozen=True)
class Definition:
    """What counts as a positive, how soon an exposure is answered, and until when is looked."""

    worth: Mapping[str, float]
    within: timedelta
    until: datetime

    def positive(self) -> str:
        """Call what gives positives."""
        return f"weft.positive({_json(self.worth)}, {_time(self.until)})"

    def exposure(self) -> str:
        """Call what gives exposures."""
        return f"weft.exposure({_time(self.until)})"

    def taken(self) -> str:
        """Call what gives exposures that were taken."""
        return f"weft.taken({self._answered()})"

    def passed(self) -> str:
        """Call what gives exposures that were passed by."""
        return f"weft.passed({self._answered()})"

    def _answered(self) -> str:
        within = f"'{self.within.total_seconds()} seconds'::interval"
        return f"{_json(self.worth)}, {within}, {_time(self.until)}"


def deeds(defined: Definition) -> str:
    """Give positives in order of person and time; scenes by number, -1 where there is none."""
    return f"""
        WITH named AS MATERIALIZED (
            SELECT scene, (row_number() OVER (ORDER BY scene) - 1)::int AS number
            FROM ({scene_names(defined)}) AS scenes
        )
        SELECT person, item, extract(epoch FROM time)::float8, weight, coalesce(number, -1)
        FROM {defined.positive()} AS positive LEFT JOIN named USING (scene)
        ORDER BY person, time, id
    """


def scene_names(defined: Definition) -> str:
    """Give the scenes that positives come from, in order."""
    return f"""
        SELECT DISTINCT scene FROM {defined.positive()} AS positive
        WHERE scene IS NOT NULL ORDER BY scene
    """


def exposures(defined: Definition) -> str:
    """Count how often each item was shown."""
    return f"SELECT item, count(*)::int FROM {defined.exposure()} AS shown GROUP BY item"


def passed_by(defined: Definition) -> str:
    """Count how often each person passed by an item that they never liked."""
    return f"""
        SELECT person, item, count(*)::int FROM {defined.passed()} AS passed
        WHERE NOT EXISTS (
            SELECT FROM {defined.positive()} AS liked
            WHERE liked.person = passed.person AND liked.item = passed.item)
        GROUP BY person, item
    """


def listed(lifetime: Lifetime, until: datetime) -> str:
    """Give the items that were offered by then, as far as anything but events says so."""
    begins = f'coalesce("{lifetime.begins}", added_at)' if lifetime.begins else "added_at"
    return f"SELECT id FROM item WHERE {begins} <= {_time(until)}"


def values_of(table: str, attribute: str) -> str:
    """Number the values of an attribute, node by node."""
    return f"""
        SELECT id, (dense_rank() OVER (ORDER BY "{attribute}") - 1)::int
        FROM {table} WHERE "{attribute}" IS NOT NULL
    """


def words_of(table: str, attribute: str) -> str:
    """Give the values of an attribute in the order of their numbers."""
    return f"""
        SELECT DISTINCT "{attribute}" FROM {table}
        WHERE "{attribute}" IS NOT NULL ORDER BY "{attribute}"
    """


def vectors_of(table: str) -> str:
    """Give the vectors of a table."""
    return f"SELECT id, e FROM {table}"


def counted(defined: Definition) -> str:
    """Count positives by kind, and by kind and scene."""
    return f"""
        SELECT kind, scene, count(*) AS count, sum(weight) AS weight,
               count(DISTINCT person) AS persons, count(DISTINCT item) AS items
        FROM {defined.positive()} AS positive
        GROUP BY GROUPING SETS ((kind, scene), ())
        ORDER BY kind, count DESC, scene
    """


def shown(defined: Definition) -> str:
    """Count exposures by what came of them."""
    return f"""
        SELECT (SELECT count(*) FROM {defined.exposure()} AS shown) AS exposures,
               (SELECT count(*) FROM {defined.taken()} AS taken) AS taken,
               (SELECT count(*) FROM {defined.passed()} AS passed) AS passed
    """


def _json(worth: Mapping[str, float]) -> str:
    return f"'{json.dumps(dict(worth))}'::jsonb"


def _time(moment: datetime) -> str:
    return f"'{moment.isoformat()}'::timestamptz"
