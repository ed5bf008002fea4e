"""Training rows rebuilt from dumps: what models read when they answered, and what came of it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
from sqlalchemy import Connection

from ranking.dumps import queries
from ranking.dumps.packing import unpack
from ranking.examples import Codes, Columns, Examples, Inputs, Longs
from ranking.features.asked import asked_of
from ranking.features.rows import encode
from ranking.labelled import Labelled
from ranking.ready import Ready
from ranking.samples.reading import part
from ranking.seen import Seen

AHEAD = timedelta(days=1)  # an answer is older than what it has shown, but not by much
AT_ONCE = 1_000  # traces


def rebuilt(connection: Connection, ready: Ready, labelled: Labelled) -> Examples | None:
    """Give the rows whose trace was dumped under this encoding; None where there is no such row.

    What models read is that of the answer, to the last bit. Only where an item was shown, which
    no answer knows, is worked out from the labels.
    """
    seen = _dumped(connection, ready, labelled)
    rows, places = _places(labelled, seen)
    if not len(rows):
        return None
    few = part(labelled, np.isin(np.arange(len(labelled)), rows))
    inputs = _joined([seen[trace].material for trace in few.traces], few, places)
    inputs = replace(inputs, bias=_bias(connection, ready, few))
    once = np.ones(len(few), np.float32)
    told = (few.persons, few.groups, few.times, few.scenes, few.scene_names)
    return Examples(inputs, few.labels, once, *told)


def _dumped(connection: Connection, ready: Ready, labelled: Labelled) -> dict[str | None, Seen]:
    """Read what was dumped of pairs under this encoding, by trace."""
    found: dict[str | None, Seen] = {}
    traces = [trace for trace in labelled.traces if trace is not None]
    if not traces:
        return found
    since = datetime.fromtimestamp(float(labelled.times.min()), UTC) - AHEAD
    for first in range(0, len(traces), AT_ONCE):
        values = {"traces": traces[first : first + AT_ONCE], "since": since}
        for row in connection.execute(queries.DUMPED, {**values, "encoding": ready.mark}):
            for one in unpack(row.content):
                if _fits(one, ready):
                    found[row.trace] = one
    return found


def _fits(seen: Seen, ready: Ready) -> bool:
    return seen.encoding == ready.mark and isinstance(seen.material, Inputs) and len(seen) > 0


def _places(labelled: Labelled, seen: Mapping[str | None, Seen]) -> tuple[Longs, list[int]]:
    """Give the rows that were dumped, and the place of each among the items of its dump."""
    at = {trace: {int(i): n for n, i in enumerate(one.items)} for trace, one in seen.items()}
    traces = (labelled.traces[group] for group in labelled.groups.tolist())
    pairs = zip(traces, labelled.items.tolist(), strict=True)
    found = [at.get(trace, {}).get(item, -1) for trace, item in pairs]
    rows = np.flatnonzero(np.array(found, np.int64) >= 0)
    return rows, [found[row] for row in rows.tolist()]


def _joined(dumps: Sequence[object], few: Labelled, places: list[int]) -> Inputs:
    """Lay the dumps of all requests behind each other, and point to the rows that are wanted."""
    inputs = [one for one in dumps if isinstance(one, Inputs)]
    asks, ask = _stacked([one.asks for one in inputs], [one.ask for one in inputs])
    items, item = _stacked([one.items for one in inputs], [one.item for one in inputs])
    pairs, _ = _stacked([one.pairs for one in inputs], [])
    starts = _starts([len(one) for one in inputs])
    rows = starts[few.groups] + np.array(places, np.int64)
    none: Codes = np.zeros((len(rows), 0), np.int32)
    return Inputs(asks, items, pairs.part(rows), ask[rows], item[rows], none)


def _stacked(columns: Sequence[Columns], pointers: Sequence[Longs]) -> tuple[Columns, Longs]:
    """Put columns below each other, and let what points to them point there still."""
    starts = _starts([len(one) for one in columns])
    moved = [to + start for to, start in zip(pointers, starts.tolist(), strict=False)]
    whole = Columns(
        np.concatenate([one.ones for one in columns]),
        tuple(_even(some) for some in zip(*(one.bags for one in columns), strict=True)),
        np.concatenate([one.numbers for one in columns]),
        tuple(_even(some) for some in zip(*(one.pasts for one in columns), strict=True)),
    )
    return whole, np.concatenate([np.zeros(0, np.int64), *moved])


def _starts(sizes: Sequence[int]) -> Longs:
    return np.concatenate([[0], np.cumsum(sizes)])[:-1].astype(np.int64)


def _even(parts: Sequence[Codes]) -> Codes:
    """Fill all up to the longest."""
    longest = max(one.shape[1] for one in parts)
    wide = [((0, 0), (0, longest - one.shape[1]), *[(0, 0)] * (one.ndim - 2)) for one in parts]
    return np.concatenate([np.pad(one, pad) for one, pad in zip(parts, wide, strict=True)])


def _bias(connection: Connection, ready: Ready, few: Labelled) -> Codes:
    """Work out how rows were shown."""
    names = ready.encoding.named("bias")
    if not names:
        return np.zeros((len(few), 0), np.int32)
    return encode(connection, ready.encoding.only(names), asked_of(few)).bias
