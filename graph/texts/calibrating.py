"""How sure mentions may be: fitted to what people decided of them, where that is enough.

A title counts once somebody said something of its item: a mention of a tag that they deny is wrong,
one that they let stand is right.
"""

from collections.abc import Mapping, Sequence
from itertools import chain

from sqlalchemy import Connection

from graph.texts import queries
from graph.texts.tagging import Reader
from nlp.confidence import (
    Calibration,
    Sample,
    as_it_is,
    brier,
    calibrate,
    calibration_error,
    corrected,
    doubts,
)

ENOUGH = 200  # judged mentions; fewer say too little
MOST = 100_000
Titles = Sequence[Sequence[Sample]]


def learn_calibration(
    connection: Connection, reader: Reader
) -> tuple[Calibration, Mapping[str, float]]:
    """Fit to judged titles, and measure on those that the fit has not seen."""
    titles = judged(connection, reader)
    samples = [*chain(*titles)]
    before = measures(samples)
    if len(samples) < ENOUGH:
        return as_it_is(), before
    apart = [*held_out(titles[::2], titles[1::2]), *held_out(titles[1::2], titles[::2])]
    if brier(apart) >= brier(samples):
        return as_it_is(), before
    raw = {"brier.raw": before["brier"], "calibration_error.raw": before["calibration_error"]}
    return fitted(samples), {**measures(apart), **raw}


def judged(connection: Connection, reader: Reader) -> list[list[Sample]]:
    """Give the mentions of each judged title: how sure they are, and whether they are right."""
    rows = connection.execute(queries.JUDGED, {"most": MOST}).all()
    found = reader.read([row.title for row in rows], [row.hints for row in rows])
    return [
        [(span.confidence, span.tag not in row.denied) for span in one.spans if reader.counts(span)]
        for row, one in zip(rows, found, strict=True)
    ]


def fitted(samples: Sequence[Sample]) -> Calibration:
    """Fit with some weight on no correction, so that a few cases cannot say never or always."""
    return calibrate([*doubts(), *samples])


def held_out(lessons: Titles, tests: Titles) -> list[Sample]:
    """Correct the samples of some titles by what others teach."""
    fixed = fitted([*chain(*lessons)])
    return [(corrected(given, fixed), right) for given, right in chain(*tests)]


def measures(samples: Sequence[Sample]) -> dict[str, float]:
    """Count judged mentions, and say how far confidences are from the truth."""
    if not samples:
        return {"judged": 0}
    quality = {"brier": brier(samples), "calibration_error": calibration_error(samples)}
    return {"judged": len(samples), **quality}
