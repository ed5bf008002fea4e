"""Steps along edges, by name: `liked` goes from source to target, `~liked` back."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from graph.arrays.kinds import Kind, chosen
from weft.errors import BadRequest

LONGEST = 3


@dataclass(frozen=True)
class Step:
    """Edges of one kind, gone in one direction."""

    edges: str
    near: str  # the kind of node that it begins at
    far: str
    back: bool = False

    def __str__(self) -> str:
        return f"~{self.edges}" if self.back else self.edges

    def sides(self) -> tuple[str, str]:
        """Give the columns of both ends, the near one first."""
        return ("target", "source") if self.back else ("source", "target")

    def turned(self) -> "Step":
        """Give the same edges, gone the other way."""
        return Step(self.edges, self.far, self.near, not self.back)


Pattern = tuple[Step, ...]


def both_ways(kinds: Mapping[str, Kind], names: Iterable[str] = ()) -> tuple[Step, ...]:
    """Give the steps of some kinds of edge, or of all, in both directions."""
    ahead = [Step(kind.name, *kind.ends()) for kind in chosen(kinds, names)]
    return (*ahead, *(step.turned() for step in ahead))


def read_steps(kinds: Mapping[str, Kind], names: Sequence[str]) -> tuple[Step, ...]:
    """Give steps by name; no name at all gives every step."""
    plain = {name.removeprefix("~"): None for name in names}
    steps = both_ways(kinds, plain)
    known = {str(step): step for step in steps}
    return tuple(known[name] for name in names) or steps


def read_pattern(kinds: Mapping[str, Kind], names: Sequence[str], near: str, far: str) -> Pattern:
    """Give the pattern of these steps, each of which begins where the one before has led."""
    at = near
    pattern = read_steps(kinds, names)
    for step in pattern:
        if step.near != at:
            raise BadRequest(f"path: {step} begins at {step.near}, and here is {at}")
        at = step.far
    if at != far:
        raise BadRequest(f"path: it ends at {at}, and has to end at {far}")
    return pattern


def patterns(
    steps: Sequence[Step], near: str, far: str, longest: int = LONGEST
) -> Iterator[Pattern]:
    """Give every pattern that leads from one kind of node to another, the shortest first."""
    begun: list[Pattern] = [()]
    for _ in range(longest):
        begun = [
            (*before, step)
            for before in begun
            for step in steps
            if step.near == (before[-1].far if before else near)
        ]
        yield from (pattern for pattern in begun if pattern[-1].far == far)
