"""Keeping labelled rows current: the days whose events have changed are made anew, whole."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

import orjson

from ranking.samples import queries
from ranking.samples.spec import DAY, ShownSamples
from weft.events import Events
from weft.steps import Made, Work

CODE = 1  # raise it when the same section would make other rows


@dataclass(frozen=True)
class Due:
    """A day to be made, and the number of events around it that says which version this is."""

    day: date
    version: int


def keep_labelled(work: Work, samples: ShownSamples, events: Events) -> Made:
    """Bring rows up to date; a run that is killed leaves the rows of before."""
    way, since = way_of(samples, events), (work.moment - samples.history).date()
    due = _due(work, way, samples.reach(events), since)
    work.connection.execute(queries.BY_HASH)
    for place, one in enumerate(due):
        _make(work, one, samples, events)
        work.progress(0.9 * (place + 1) / len(due))
    _replace(work, [one.day for one in due], way, since)
    work.connection.execute(queries.SAVE_WAY, _stand(work, way, samples, events))
    sums = work.connection.execute(queries.SUMS).one()
    work.say(f"{sums.rows:,} rows of {sums.days} days, {len(due)} of them made anew")
    if not sums.rows and samples.source == "exposures":
        work.say("nothing was shown: send `expose` events, or say `source: clicks`")
    return Made(metrics={**{k: float(v) for k, v in sums._mapping.items()}, "renewed": len(due)})


def way_of(samples: ShownSamples, events: Events) -> str:
    """Hash what decides which rows there are; which of them count is decided by who reads."""
    shaping = {
        "source": samples.source,
        "tasks": {
            name: [sorted(task.any), samples.within(name, events).total_seconds()]
            for name, task in samples.tasks.items()
        },
        "skew": samples.leeway().total_seconds(),
        "pause": samples.pause.total_seconds(),
        "credit": samples.credit,
        "looked": samples.looked if samples.source == "clicks" else None,
        "code": CODE,
    }
    return hashlib.sha256(orjson.dumps(shaping, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _due(work: Work, way: str, reach: int, since: date) -> list[Due]:
    """Find the days around which there are other events than when they were made."""
    before = work.connection.execute(queries.WAY).one_or_none()
    days = work.connection.execute(queries.DAYS, {"reach": reach, "since": since}).all()
    anew = before is None or before.way != way
    return [Due(day.day, int(day.version)) for day in days if anew or day.before != day.version]


def _make(work: Work, due: Due, samples: ShownSamples, events: Events) -> None:
    """Join a day into a table of its own."""
    connection, values = work.connection, _values(due.day, samples, events)
    connection.execute(queries.make_day(due.day))
    query = queries.day_of(samples.source, samples.credit, len(samples.tasks))
    connection.execute(queries.fill_day(due.day, query), values)
    counts = connection.execute(queries.count_day(due.day, samples.source), values).one()
    saved = {**counts._mapping, "artifact": work.artifact}
    connection.execute(queries.SAVE_DAY, {"day": due.day, "version": due.version, **saved})


def _values(day: date, samples: ShownSamples, events: Events) -> dict[str, Any]:
    names = samples.names()
    counted = [(n, kind) for n, name in enumerate(names, 1) for kind in samples.tasks[name].any]
    begins = datetime.combine(day, time(), UTC)
    return {
        "day": day,
        "begins": begins,
        "ends": begins + DAY,
        "skew": samples.leeway(),
        "pause": samples.pause,
        "longest": samples.longest(events),
        "numbers": [number for number, _ in counted],
        "kinds": [kind for _, kind in counted],
        "withins": [samples.within(names[number - 1], events) for number, _ in counted],
        "worth": _worth(kind for _, kind in counted),
        "looked": _worth(samples.tasks[samples.looked].any),
    }


def _worth(kinds: Any) -> str:
    return orjson.dumps(dict.fromkeys(kinds, 1)).decode()


def _replace(work: Work, days: list[date], way: str, since: date) -> None:
    """Let the new days be read, and drop those that are too old or were made in another way."""
    made = work.connection.execute(queries.MADE_DAYS).scalars().all()
    before = work.connection.execute(queries.WAY).one_or_none()
    anew = before is not None and before.way != way
    gone = [day for day in made if day < since or (anew and day not in days)]
    if gone:
        work.connection.execute(queries.drop_days(gone))
        work.connection.execute(queries.FORGET_DAYS, {"days": gone})
    if days:
        work.connection.execute(queries.put_in_place(days))


def _stand(work: Work, way: str, samples: ShownSamples, events: Events) -> Mapping[str, Any]:
    return {
        "way": way,
        "tasks": samples.names(),
        "looked": looked_of(samples),
        "above": samples.negatives == "above_last_click",
        "unclicked": samples.unclicked == "keep",
        "settled": samples.settled(events),
        "moment": work.moment,
        "artifact": work.artifact,
    }


def looked_of(samples: ShownSamples) -> int:
    """Give the place of the task that tells how far somebody looked."""
    return samples.names().index(samples.looked) + 1
