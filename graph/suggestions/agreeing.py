"""How well a word's clicks agree with a tag: most of them, and more than chance has it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

from sqlalchemy import Connection

from graph.suggestions import queries
from graph.suggestions.asked import Asked

SAME = 0.7  # how much the same clicks count beside a tag of the items themselves


@dataclass(frozen=True)
class Agreement:
    """A word, a tag, how sure it is that they mean the same, and the numbers for that."""

    word: str
    tag: int
    score: float
    numbers: Mapping[str, float]
    items: Sequence[str] = ()
    facet: str = ""


def clicks_agree(connection: Connection, asked: Asked, at_least: int) -> Iterator[Agreement]:
    """Words and the tags of what was clicked after them, or was also clicked after a label."""
    for row in connection.execute(queries.AGREEMENTS):
        if asked.counts.get(row.word, 0) >= at_least:
            names = ("clicks", "items", "agreeing", "usual", "shared", "usual_shared")
            numbers = {name: float(getattr(row, name)) for name in names}
            has = sureness(numbers["agreeing"], numbers["clicks"], numbers["usual"])
            same = sureness(numbers["shared"], numbers["clicks"], numbers["usual_shared"])
            score = 1 - (1 - has) * (1 - SAME * same)
            yield Agreement(row.word, row.tag, score, numbers, row.examples, row.facet)


def sureness(hits: float, tries: float, usual: float) -> float:
    """Score 0 to 1: how far the share's lower bound is above what chance has (Cohen 1960)."""
    return max(0.0, (lower_bound(hits, tries) - usual) / (1 - usual)) if usual < 1 else 0.0


def lower_bound(hits: float, tries: float) -> float:
    """Wilson's lower bound of a share, one deviation down (Wilson 1927)."""
    share = hits / tries
    middle = share + 1 / (2 * tries)
    spread = sqrt(share * (1 - share) / tries + 1 / (4 * tries * tries))
    return (middle - spread) / (1 + 1 / tries)
