"""Who is in which arm: a layer is divided into a thousand parts, and arms hold some of them.

What an arm holds depends on what it held before: three arms cannot each grow into all the room
that is left, and never move anybody, by a rule that knows nothing but their shares.
"""

import hashlib
from collections.abc import Iterable, Mapping

from ranking.experiments.spec import TENTHS, Experiment

Parts = Mapping[str, tuple[int, ...]]  # experiment/arm → parts, in the order in which they came
Allotment = Mapping[str, Parts]  # layer → what its arms hold
NOTHING: Allotment = {}


def allot(before: Allotment, experiments: Mapping[str, Experiment]) -> dict[str, Parts]:
    """Give every arm its share: who has too much gives back what came last, then others take."""
    wanted: dict[str, dict[str, int]] = {}
    for name, experiment in experiments.items():
        sizes = {f"{name}/{arm}": size for arm, size in experiment.tenths().items()}
        wanted.setdefault(experiment.layer, {}).update(sizes)
    return {layer: _layer(before.get(layer, {}), sizes) for layer, sizes in wanted.items()}


def _layer(before: Parts, sizes: Mapping[str, int]) -> Parts:
    held = {arm: before.get(arm, ())[:size] for arm, size in sizes.items()}
    free = set(range(TENTHS)) - {part for parts in held.values() for part in parts}
    for arm, size in sizes.items():
        new = _shuffled(arm, free)[: size - len(held[arm])]
        held[arm] = (*held[arm], *new)
        free -= set(new)
    return held


def _shuffled(arm: str, parts: Iterable[int]) -> list[int]:
    """Order parts by chance, for each arm by its own: who comes after another mixes its persons."""
    return sorted(parts, key=lambda part: _hash(f"{arm}\0{part}"))


def part_of(layer: str, unit: str) -> int:
    """Tell in which part of a layer somebody is; each layer divides all persons anew."""
    return _hash(f"{layer}\0{unit}") % TENTHS


def unit_of(person: str | None, session: str | None = None) -> str | None:
    """Name who is in an arm: the person or else the session; nobody without either."""
    if person is not None:
        return f"person {person}"
    return None if session is None else f"session {session}"


def _hash(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest())
