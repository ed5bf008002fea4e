"""What re-ranking did to an item."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Moved:
    """Where an item stood before and stands now, and which rules had a part in it."""

    before: int | None  # 1 is the first; None: no channel had found it, it was pinned
    place: int
    rules: tuple[str, ...] = ()  # that brought it forward, or held it back on its way here
    waived: tuple[str, ...] = ()  # that gave way, since nothing else could stand here
