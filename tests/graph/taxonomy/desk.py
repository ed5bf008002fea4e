"""An analyst's desk: edits in transactions of their own, and what can be asked afterwards.

wear ← dress ← gown, wear ← skirt, cup; one item for each but wear, called like its tag.
"""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine, text

from graph.columns import sync_columns
from graph.importing.declared import Outcome
from graph.importing.rows import load_rows
from graph.taxonomy.assigning import assign, unassign
from graph.taxonomy.editing import Change, edit
from graph.taxonomy.edits import Author, Edit
from graph.taxonomy.history import Remembered, read_history
from graph.taxonomy.tags import Tag, read_tag
from tests.graph.reading import CATALOG, DECLARED

TAGS = [
    {"key": "wear", "facet": "category", "en": "Wear", "zh": "服装"},
    {"key": "dress", "facet": "category", "en": "Dress", "zh": "连衣裙", "parents": ["wear"]},
    {"key": "gown", "facet": "category", "en": "Gown", "en_hidden": ["gwon"], "parents": ["dress"]},
    {"key": "skirt", "facet": "category", "en": "Skirt", "parents": ["wear"]},
    {"key": "cup", "facet": "category", "en": "Cup"},
    {"key": "acme", "facet": "brand", "en": "Acme"},
]
ITEMS = [{"key": key, "title": key, "category": key} for key in ("dress", "gown", "skirt", "cup")]
ANN = Author("ann", "because")


@dataclass
class Desk:
    """A database with the taxonomy above."""

    engine: Engine
    author: Author = field(default=ANN)

    def __post_init__(self) -> None:
        with self.engine.begin() as connection:
            sync_columns(connection, CATALOG)
        self.load("tag", TAGS)
        self.load("item", ITEMS)

    def load(self, subject: str, rows: list[dict[str, Any]]) -> Outcome:
        with self.engine.begin() as connection:
            return load_rows(connection, subject, rows, DECLARED)

    def edit(self, what: Edit) -> Change:
        with self.engine.begin() as connection:
            return edit(connection, what, self.author)

    def assign(self, item: str, tag: str) -> int:
        with self.engine.begin() as connection:
            return assign(connection, item, tag, self.author)

    def unassign(self, item: str, tag: str) -> int:
        with self.engine.begin() as connection:
            return unassign(connection, item, tag, self.author)

    def say(self, item: str, tag: str, source: str, denied: bool = False) -> None:
        """Let another source say something, and believe it where it is heard."""
        values = {"item": item, "tag": tag, "source": source, "denied": denied}
        with self.engine.begin() as connection:
            connection.execute(SAY, values)

    def tag(self, key: str) -> Tag:
        with self.engine.connect() as connection:
            return read_tag(connection, key)

    def at(self, key: str) -> int:
        return self.tag(key).revision

    def history(self, key: str | None = None) -> tuple[Remembered, ...]:
        with self.engine.connect() as connection:
            return read_history(connection, key)

    def believed(self, item: str) -> set[str]:
        """Give the keys in `tag_ids` of an item."""
        return set(self.ask(BELIEVED, key=item))

    def labels(self, key: str) -> set[tuple[str, str, str]]:
        return {(label.language, label.kind, label.text) for label in self.tag(key).labels}

    def ask(self, question: str, **values: Any) -> list[Any]:
        with self.engine.connect() as connection:
            rows = connection.execute(text(question), values).all()
        return [row[0] if len(row) == 1 else tuple(row) for row in rows]


BELIEVED = "SELECT tag.key FROM item JOIN tag ON tag.id = ANY(item.tag_ids) WHERE item.key = :key"
SAY = text("""
INSERT INTO item_tag (item, tag, source, denied)
SELECT item.id, tag.id, :source, :denied FROM item, tag WHERE item.key = :item AND tag.key = :tag
ON CONFLICT (item, tag, source) DO UPDATE SET denied = excluded.denied
""")
