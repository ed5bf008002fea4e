"""What a process holds of the experiments of a release: who is in which arm."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from ranking.experiments import queries
from ranking.experiments.allotting import NOTHING, Allotment, allot, part_of
from ranking.experiments.spec import CONTROL, Experiment
from weft.logs import log


@dataclass(frozen=True)
class Assigned:
    """An experiment, and the arm of it that somebody is in."""

    experiment: str
    arm: str


@dataclass(frozen=True)
class Tables:
    """Which arm holds each part of each layer."""

    arms: Mapping[str, Mapping[int, str]] = field(default_factory=dict)

    def arm(self, layer: str, unit: str) -> str | None:
        """Give the arm, behind the name of its experiment, that somebody is in."""
        return self.arms.get(layer, {}).get(part_of(layer, unit))


class Experiments:
    """The experiments of a release; who is in them is read once."""

    def __init__(self, declared: Mapping[str, Experiment], release: int) -> None:
        self.declared, self.release = declared, release
        self.tables: Tables | None = None
        self.guard = asyncio.Lock()

    async def assigned(
        self, database: AsyncEngine, scene: str | None, unit: str | None
    ) -> tuple[Assigned, ...]:
        """Give the arms that somebody is in, in a scene or in any; nobody in particular is in none.

        Whoever is in an arm may not be known while the database does not answer: then a page is
        made as for control, and counts for nobody.
        """
        here = {name: one for name, one in self.declared.items() if scene in (None, *one.scenes)}
        if not here or unit is None:
            return ()
        try:
            tables = self.tables or await self._hold(database)
        except (SQLAlchemyError, OSError) as error:
            log("ranking").warning("a page was made in no experiment", error=str(error))
            return ()
        return arms_of(tables, here, unit)

    async def _hold(self, database: AsyncEngine) -> Tables:
        async with self.guard:
            if self.tables is None:
                async with database.begin() as connection:
                    held = await connection.run_sync(hold, self.declared, self.release)
                self.tables = tables_of(held)
        return self.tables


def arms_of(
    tables: Tables, experiments: Mapping[str, Experiment], unit: str
) -> tuple[Assigned, ...]:
    """Give the arm of each experiment that has any to do with somebody.

    Who is in no arm of a layer is in the control of all its experiments; who is in an arm is in
    none of the others.
    """
    found = []
    for name, experiment in experiments.items():
        arm = tables.arm(experiment.layer, unit)
        if arm is None:
            found.append(Assigned(name, CONTROL))
        elif arm.startswith(f"{name}/"):
            found.append(Assigned(name, arm.removeprefix(f"{name}/")))
    return tuple(found)


def hold(connection: Connection, experiments: Mapping[str, Experiment], release: int) -> Allotment:
    """Read what arms hold in a release, or allot it: the first who asks keeps it for all."""
    connection.execute(queries.LOCK)
    row = connection.execute(queries.HELD, {"release": release}).one_or_none()
    before = allotment_of(row.held) if row else NOTHING
    if row is not None and row.release == release:
        return before
    after = allot(before, experiments)
    if row is None or after != before:
        connection.execute(queries.KEEP, {"release": release, "held": after})
    return after


def allotment_of(held: Mapping[str, Mapping[str, list[int]]]) -> Allotment:
    """Read an allotment as the database keeps it."""
    return {
        layer: {arm: tuple(parts) for arm, parts in arms.items()} for layer, arms in held.items()
    }


def tables_of(held: Allotment) -> Tables:
    """Turn what arms hold into who holds what."""
    return Tables(
        {
            layer: {part: arm for arm, parts in arms.items() for part in parts}
            for layer, arms in held.items()
        }
    )


def no_experiments() -> Experiments:
    """Give what a shop without experiments holds."""
    return Experiments({}, 0)
