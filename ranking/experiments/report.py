"""What came of an experiment: rates of each arm beside control, and whether arms are balanced."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from ranking.experiments import queries
from ranking.experiments.spec import CONTROL, TENTHS
from ranking.experiments.standing import allotment_of
from ranking.experiments.statistics import (
    Balance,
    Difference,
    Rate,
    Sums,
    balance_of,
    difference_of,
    rate_of,
)
from weft.errors import NotFound

ALARM = 0.001  # an imbalance that is less likely by chance is no chance


@dataclass(frozen=True)
class Asked:
    """Which experiment, since when, and what counts."""

    name: str
    since: datetime | None
    until: datetime
    clicks: tuple[str, ...] = ("click",)
    converts: tuple[str, ...] = ("purchase",)
    within: timedelta = timedelta(days=1)


@dataclass(frozen=True)
class ArmFigures:
    """One arm: how many, how often, and how that compares with control."""

    arm: str
    share: float | None  # that it has now; none where it has ended
    persons: int
    pages: int
    shown: int
    clicks: int
    conversions: int
    ctr: Rate | None
    cvr: Rate | None
    ctr_difference: Difference | None = None
    cvr_difference: Difference | None = None


@dataclass(frozen=True)
class Report:
    """An experiment between two moments."""

    name: str
    layer: str | None
    since: datetime
    until: datetime
    settled: datetime | None  # since when all shares of the layer are as they are
    arms: tuple[ArmFigures, ...]  # control first
    balance: Balance | None
    balanced: Mapping[str, int]  # persons of each arm since shares are as they are

    @property
    def alarm(self) -> bool:
        """Tell whether arms differ by more than what is shown in them."""
        return self.balance is not None and self.balance.p < ALARM


@dataclass(frozen=True)
class Allotted:
    """The layer and the shares of an experiment's arms, and since when they are so."""

    layer: str
    shares: Mapping[str, float]  # control too
    since: datetime  # arms have these shares
    settled: datetime  # and so has control, which other experiments of the layer take from


def report(connection: Connection, asked: Asked) -> Report:
    """Read what came of an experiment; by default since its shares are as they are."""
    allotted = allotted_of(connection, asked.name)
    began: datetime | None = connection.execute(queries.BEGAN, {"name": asked.name}).scalar()
    if began is None:
        raise NotFound(f"no page was made in an experiment called '{asked.name}'")
    since = asked.since or max(began, allotted.since if allotted else began)
    values = {
        "name": asked.name,
        "since": since,
        "until": asked.until,
        "clicks": list(asked.clicks),
        "converts": list(asked.converts),
        "within": asked.within,
    }
    rows = {row.arm: row for row in connection.execute(queries.OUTCOMES, values)}
    balanced = _persons(connection, asked, allotted, since)
    return Report(
        asked.name,
        allotted.layer if allotted else None,
        since,
        asked.until,
        allotted.settled if allotted else None,
        _arms(rows, allotted),
        _balance(balanced, allotted),
        balanced,
    )


def allotted_of(connection: Connection, name: str) -> Allotted | None:
    """Give the shares that arms have, and since when."""
    found: Allotted | None = None
    for row in connection.execute(queries.ALLOTMENTS):
        now = _shares(row.held, name)
        if now is None or (found is not None and now[0] != found.layer):
            break
        if found is None:
            found = Allotted(*now, since=row.made_at, settled=row.made_at)
        elif _without_control(now[1]) != _without_control(found.shares):
            break
        else:
            settled = found.settled == found.since and now[1] == found.shares
            made = row.made_at
            found = replace(found, since=made, settled=made if settled else found.settled)
    return found


def _without_control(shares: Mapping[str, float]) -> dict[str, float]:
    return {arm: share for arm, share in shares.items() if arm != CONTROL}


def _shares(held: Mapping[str, Any], name: str) -> tuple[str, dict[str, float]] | None:
    for layer, arms in allotment_of(held).items():
        own = {arm.removeprefix(f"{name}/"): len(parts) / TENTHS for arm, parts in arms.items()
               if arm.startswith(f"{name}/")}  # fmt: skip
        if own:
            rest = TENTHS - sum(map(len, arms.values()))
            return layer, {CONTROL: rest / TENTHS, **own}
    return None


def _persons(
    connection: Connection, asked: Asked, allotted: Allotted | None, since: datetime
) -> dict[str, int]:
    """Count persons of each arm since shares are as they are: before, they were other ones."""
    if allotted is None:
        return {}
    values = {"name": asked.name, "since": max(since, allotted.settled), "until": asked.until}
    counted = {row.arm: row.persons for row in connection.execute(queries.PERSONS, values)}
    return {arm: counted.get(arm, 0) for arm in allotted.shares}


def _balance(persons: Mapping[str, int], allotted: Allotted | None) -> Balance | None:
    if allotted is None or not sum(persons.values()):
        return None
    return balance_of(list(persons.values()), [allotted.shares[arm] for arm in persons])


def _arms(rows: Mapping[str, Any], allotted: Allotted | None) -> tuple[ArmFigures, ...]:
    names = dict.fromkeys([CONTROL, *(allotted.shares if allotted else ()), *rows])
    control = _rates(rows[CONTROL]) if CONTROL in rows else (None, None)
    shares = allotted.shares if allotted else {}
    return tuple(
        _arm(name, shares.get(name), rows[name], control) for name in names if name in rows
    )


def _arm(name: str, share: float | None, row: Any, control: Sequence[Rate | None]) -> ArmFigures:
    ctr, cvr = _rates(row)
    first = name == CONTROL
    return ArmFigures(
        arm=name,
        share=share,
        persons=int(row.persons),
        pages=int(row.pages),
        shown=int(row.shown),
        clicks=int(row.clicks),
        conversions=int(row.conversions),
        ctr=ctr,
        cvr=cvr,
        ctr_difference=None if first else _against(ctr, control[0]),
        cvr_difference=None if first else _against(cvr, control[1]),
    )


def _against(rate: Rate | None, control: Rate | None) -> Difference | None:
    return None if rate is None or control is None else difference_of(rate, control)


def _rates(row: Any) -> tuple[Rate | None, Rate | None]:
    """Give clicks per item that was shown, and conversions per click."""
    values = {name: float(value) for name, value in row._mapping.items() if name != "arm"}
    shown, clicks, converts = (values[name] for name in ("shown", "clicks", "conversions"))
    ctr = Sums(row.persons, clicks, shown, values["clicks_clicks"], values["shown_clicks"],
               values["shown_shown"])  # fmt: skip
    cvr = Sums(row.persons, converts, clicks, values["conversions_conversions"],
               values["clicks_conversions"], values["clicks_clicks"])  # fmt: skip
    return rate_of(ctr), rate_of(cvr)
