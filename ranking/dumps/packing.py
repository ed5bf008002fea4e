"""What models have seen as bytes and back: a line of JSON, then the arrays as they lie in memory.

An answer is packed in some ten microseconds an array, which a file of `numpy` would take far
longer for; there is no pickle in it.
"""

import zlib
from collections.abc import Sequence
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from ranking.examples import Columns, Inputs
from ranking.material import Material, Met
from ranking.objectives import Objective
from ranking.seen import Seen

FAST = 1  # how hard to press: more takes longer than it spares
Array = NDArray[Any]


def pack(seen: Sequence[Seen]) -> bytes:
    """Give what all stages have seen as one piece."""
    stages, arrays = [], []
    for one in seen:
        words, own = _laid_out(one)
        stages.append({**words, "arrays": [[a.dtype.str, a.shape] for a in own]})
        arrays += own
    head = orjson.dumps(stages)
    body = [np.ascontiguousarray(a).tobytes() for a in arrays]
    return zlib.compress(b"\n".join([head, b"".join(body)]), FAST)


def unpack(content: bytes) -> tuple[Seen, ...]:
    """Read what was packed."""
    head, _, body = zlib.decompress(content).partition(b"\n")
    found, at = [], 0
    for words in orjson.loads(head):
        arrays = []
        for kind, shape in words["arrays"]:
            size = int(np.prod(shape))
            arrays.append(np.frombuffer(body, kind, size, at).reshape(shape).copy())
            at += arrays[-1].nbytes
        found.append(_taken_up(words, arrays))
    return tuple(found)


def _laid_out(seen: Seen) -> tuple[dict[str, Any], list[Array]]:
    words: dict[str, Any] = {n: getattr(seen, n) for n in ("stage", "model", "encoding")}
    words["objective"] = seen.objective.model_dump()
    own: list[Array] = [seen.items, seen.chances, seen.scores]
    if isinstance(seen.material, Met):
        met = seen.material
        shape, columns = _columns(met.asks)
        return {**words, "met": shape}, [*own, met.side, met.rows, *columns]
    inputs, shapes, arrays = seen.material, [], list[Array]()
    for side in (inputs.asks, inputs.items, inputs.pairs):
        shape, some = _columns(side)
        shapes.append(shape)
        arrays += some
    return {**words, "pairs": shapes}, [*own, inputs.ask, inputs.item, inputs.bias, *arrays]


def _columns(columns: Columns) -> tuple[list[int], list[Array]]:
    """Give how many bags and pasts there are, and all arrays."""
    arrays = [columns.ones, columns.numbers, *columns.bags, *columns.pasts]
    return [len(columns.bags), len(columns.pasts)], arrays


def _taken_up(words: dict[str, Any], arrays: list[Array]) -> Seen:
    items, chances, scores, *rest = arrays
    material: Material
    if "met" in words:
        side, rows, *columns = rest
        material = Met(_column_of(words["met"], columns), side, rows)
    else:
        ask, item, bias, *columns = rest
        shapes = words["pairs"]
        first, second, _ = np.cumsum([2 + sum(shape) for shape in shapes]).tolist()
        parts = (columns[:first], columns[first:second], columns[second:])
        asks, offered, pairs = map(_column_of, shapes, parts)
        material = Inputs(asks, offered, pairs, ask, item, bias)
    named = (words["stage"], words["model"], words["encoding"])
    return Seen(*named, items, material, chances, scores, Objective(**words["objective"]))


def _column_of(shape: list[int], arrays: list[Array]) -> Columns:
    bags, _ = shape
    ones, numbers, *rest = arrays
    return Columns(ones, tuple(rest[:bags]), numbers, tuple(rest[bags:]))
