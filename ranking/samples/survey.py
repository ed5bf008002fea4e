"""What was sampled: rows that count, rows that do not and why, and what cannot be known."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from ranking.samples import queries
from ranking.samples.reading import span_of
from ranking.samples.spec import ShownSamples
from weft.events import Events

LOST = {
    "clicks": (
        "what was seen and left: negatives are drawn from what was on offer, and some were never "
        "seen",
        "positions: their influence cannot be told from that of the item",
        "requests: a click stands alone with its negatives, so there are no pages to compare",
        "chances: how often a click follows depends on how many negatives are drawn",
        "purchases and the like that no click came before",
    ),
    "exposures": (),
}
UNTRACED = (
    "exposures without trace: requests are guessed by scene and pause, and an answer goes to what "
    "was shown last"
)


@dataclass(frozen=True)
class Count:
    """Rows of one fate."""

    rows: int
    requests: int
    untraced: int  # of these rows
    answered: Mapping[str, int]  # by task
    late: Mapping[str, int]  # by task, of these: after the row had counted as not answered


@dataclass(frozen=True)
class Survey:
    """What was sampled between two moments, and what of all days could not be used."""

    uses: Mapping[str, Count]  # sample, below, unclicked, open
    repeated: int  # shown again in the same request
    deeds: int  # events that can be answers
    stray: int  # of these, what answers nothing that was shown
    lost: tuple[str, ...]

    def sampled(self) -> Count:
        """Give what counts."""
        return self.uses.get("sample", Count(0, 0, 0, {}, {}))

    def metrics(self) -> dict[str, float]:
        """Give figures by name."""
        one = self.sampled()
        shares = {f"positive.{name}": count / one.rows for name, count in one.answered.items()}
        dropped = {use: float(count.rows) for use, count in self.uses.items() if use != "sample"}
        return {"rows": float(one.rows), "requests": float(one.requests), **shares, **dropped}


def survey(
    connection: Connection,
    samples: ShownSamples,
    events: Events,
    since: datetime,
    until: datetime,
) -> Survey:
    """Count what `read_labelled` reads, and what it leaves out."""
    span = span_of(connection, samples, events, since, until)
    with connection.begin_nested() as aside:
        connection.execute(queries.BY_HASH)
        names, settled = samples.names(), samples.settled(events)
        query = queries.counted(span.called, span.until, len(names), settled)
        rows = [row._asdict() for row in connection.execute(query)]
        uses = {row["use"]: _count(row, names) for row in rows}
        sums = connection.execute(queries.SUMS).one()
        aside.rollback()
    lost = LOST[samples.source]
    if samples.source == "exposures" and any(count.untraced for count in uses.values()):
        lost = (*lost, UNTRACED)
    return Survey(uses, int(sums.shown - sums.rows), int(sums.deeds), int(sums.stray), lost)


def _count(row: Mapping[str, int], names: list[str]) -> Count:
    return Count(
        row["rows"],
        row["requests"],
        row["untraced"],
        {name: row[f"answered_{n}"] for n, name in enumerate(names, 1)},
        {name: row[f"late_{n}"] for n, name in enumerate(names, 1)},
    )
