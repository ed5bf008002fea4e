"""What an answer says besides its data: what it cost, what it had to do without."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from recall.gathering import Dropped


@dataclass
class Told:
    """What becomes the `extensions` of one answer."""

    limit: int
    asked: int = 0
    degraded: bool = False
    dropped: list[dict[str, str]] = field(default_factory=list)

    def drop(self, field_name: str, dropped: Iterable[Dropped]) -> None:
        """Tell which channels and stages gave nothing to a field."""
        for each in dropped:
            named = {"field": field_name, "name": each.channel, "reason": each.reason}
            self.dropped.append(named)

    def extensions(self) -> dict[str, Any]:
        """Give what there is to tell."""
        found: dict[str, Any] = {"cost": {"asked": self.asked, "limit": self.limit}}
        if self.degraded:
            found["degraded"] = True
        if self.dropped:
            found["dropped"] = self.dropped
        return found
