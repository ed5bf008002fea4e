"""Words that people write in a spec: durations such as `30m`, shares such as `10%`."""

import re
from datetime import timedelta
from typing import Annotated

from pydantic import BeforeValidator, PlainSerializer

UNITS = {"ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 604_800_000}


def parse_duration(text: object) -> timedelta:
    """Read `200ms`, `30s`, `15m`, `12h`, `3d` or `2w`."""
    if isinstance(text, timedelta):
        return text
    match = re.fullmatch(r"(\d{1,6})(ms|[smhdw])", str(text).strip())
    if not match or int(match[1]) == 0:
        raise ValueError("a duration such as 30s, 15m, 12h, 3d or 2w is needed (or 200ms)")
    return timedelta(milliseconds=int(match[1]) * UNITS[match[2]])


def print_duration(value: timedelta) -> str:
    """Write a duration in the largest unit that fits it exactly."""
    whole = value // timedelta(milliseconds=1)
    unit = next(u for u in reversed(UNITS) if whole % UNITS[u] == 0)
    return f"{whole // UNITS[unit]}{unit}"


Duration = Annotated[
    timedelta,
    BeforeValidator(parse_duration, json_schema_input_type=str),
    PlainSerializer(print_duration, return_type=str),
]


def plural(count: int, noun: str) -> str:
    """Say `1 row`, `12,304 rows`."""
    head, space, rest = noun.partition(" with ")
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {head}s{space}{rest}"


def parse_percent(text: object) -> float:
    """Read `10%` or `0.5%` as a part of one."""
    match = re.fullmatch(r"(\d{1,3}(?:\.\d)?)%", str(text).strip())
    if not match or not 0 < float(match[1]) <= 100:
        raise ValueError("a share such as 10% or 0.5% is needed, in tenths of a percent")
    return round(float(match[1]) / 100, 6)


def print_percent(value: float) -> str:
    """Write a part of one as a share."""
    return f"{round(100 * value, 1):g}%"


Percent = Annotated[
    float,
    BeforeValidator(parse_percent, json_schema_input_type=str),
    PlainSerializer(print_percent, return_type=str),
]
