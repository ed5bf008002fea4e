"""The ground of a page as JSON and back; what models have seen is packed apart."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from graph.where import plain_where
from ranking.page import Asked, Did, Ground
from ranking.rerank.moved import Moved
from ranking.seen import Seen

Plain = dict[str, Any]


@dataclass(frozen=True)
class Told:
    """What is known of a page for whoever asks why: as it was made, or as it was kept."""

    where: Plain  # the filter as it may be asked for
    left_out: int
    channels: tuple[Asked, ...]
    did: tuple[Did, ...]
    moved: Mapping[int, Moved]
    seen: tuple[Seen, ...] = field(default=())


def told_of(ground: Ground) -> Told:
    """Tell of a page that was just made."""
    channels = tuple(Asked(one.channel, one.found, _plain(one.told)) for one in ground.channels)
    where = plain_where(ground.where)
    return Told(where, ground.left_out, channels, ground.did, ground.moved, ground.seen)


def write_told(told: Told) -> Plain:
    """Write what is told; what models have seen is not in it."""
    return {
        "where": told.where,
        "left_out": told.left_out,
        "channels": [asdict(one) for one in told.channels],
        "did": [[one.item, one.kind, one.weight] for one in told.did],
        "moved": {str(item): asdict(moved) for item, moved in told.moved.items()},
    }


def read_told(words: Mapping[str, Any], seen: Sequence[Seen]) -> Told:
    """Read what was written."""
    return Told(
        words["where"],
        words["left_out"],
        tuple(Asked(**one) for one in words["channels"]),
        tuple(Did(*one) for one in words["did"]),
        {int(item): _moved(one) for item, one in words["moved"].items()},
        tuple(seen),
    )


def _plain(told: Mapping[str, Any]) -> Plain:
    """Leave out what is no word and no number."""
    return {n: value for n, value in told.items() if isinstance(value, str | int | float)}


def _moved(words: Mapping[str, Any]) -> Moved:
    return Moved(words["before"], words["place"], tuple(words["rules"]), tuple(words["waived"]))
