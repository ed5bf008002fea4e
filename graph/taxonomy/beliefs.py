"""What is believed of items: many sources speak, and the first in precedence is heard."""

from dataclasses import dataclass

from sqlalchemy import Connection

from graph.taxonomy.queries import REFRESH_ITEMS

SOURCES = ("human", "catalog", "rule", "lexicon", "ner", "image")


@dataclass(frozen=True)
class Precedence:
    """Sources in the order in which they are heard; those not named come last, by name."""

    sources: tuple[str, ...] = SOURCES


USUAL = Precedence()


def refresh_items(connection: Connection, items: list[int], precedence: Precedence) -> int:
    """Recompute `tag_ids`; tells how many items are another now."""
    if not items:
        return 0
    values = {"items": items, "precedence": list(precedence.sources)}
    return int(connection.execute(REFRESH_ITEMS, values).rowcount)
