"""What a process remembers of persons, until a notice says that more is stored of them.

Nothing is remembered where nobody listens to notices. What is dated ahead of its time comes to
count by itself, and so nothing is remembered for long.
"""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from typing import Any

from recall.kept import Kept

ROOM = 5_000  # persons
AGE = 60.0  # seconds
MOST = 100_000  # persons of whom is known when something was stored


@dataclass
class Persons:
    """What was read of each, by what it is."""

    listening: bool = False
    known: Kept[dict[Hashable, Any]] = field(default_factory=lambda: Kept(ROOM, AGE))
    forgotten: dict[int, int] = field(default_factory=dict)  # person → when, by number of notices
    notices: int = 0
    since: int = 0  # everybody was forgotten then
    numbers: Kept[int] = field(default_factory=lambda: Kept(10 * ROOM))  # of keys; they stay so

    def find(self, person: int, what: Hashable) -> Any:
        """Give what is remembered, or None."""
        known = self.known.get(person) if self.listening else None
        return None if known is None else known.get(what)

    def keep(self, person: int, what: Hashable, value: Any, asked: int) -> None:
        """Remember what was read; `asked` is how many notices there were before that."""
        if not self.listening or asked < max(self.since, self.forgotten.get(person, 0)):
            return
        known = self.known.get(person)
        if known is None:
            self.known.keep(person, {what: value})
        else:
            known[what] = value

    def forget(self, persons: Iterable[int]) -> None:
        """Read anew what is stored of some."""
        self.notices += 1
        for person in persons:
            self.known.drop(person)
            self.forgotten[person] = self.notices
        if len(self.forgotten) > MOST:
            self.forget_all()

    def forget_all(self) -> None:
        """Read anew what is stored of anybody."""
        self.notices += 1
        self.since = self.notices
        self.forgotten.clear()
        self.known = Kept(ROOM, AGE)
