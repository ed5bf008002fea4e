"""A demo world that is searched: its truth says which items have the tag that a word stands for."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, text

from api.building import apply_spec
from api.spec import Spec
from bench.demo_shop import fill, with_spaces, write_shop
from weft.running import Quiet
from world import World

FACETS = ("category", "brand", "theme", "style", "material")
UNITS = ["tagged", "worded", "has"]
SPACES: Mapping[str, Mapping[str, Any]] = {
    "unit": {"type": "item-unit", "units": UNITS, "holdout": None},
    "intent": {
        "type": "keyword-dssm",
        "item": "unit",
        "units": UNITS,
        "fits": ["found", "worded", "tagged"],
        "holdout": None,
    },
}
LANGUAGES = ("zh", "en")
LEAST = 5  # items that a word has to stand for, to be asked


@dataclass(frozen=True)
class Searched:
    """Words to ask by, each with the items that have its tag, by the list that it is of."""

    lists: Mapping[str, Mapping[str, frozenset[str]]]
    titles: Mapping[str, str]


def spec_of(home: Path) -> Spec:
    """Give the demo shop a channel for keywords, and the spaces and edges that it needs."""
    shop = with_spaces(SPACES)
    del shop["text"]["ner"], shop["text"]["suggestions"]
    shop["graph"]["edges"]["found"] = {"type": "finds", "half_life": "30d"}
    shop["recall"]["channels"] = {"keyword": {"type": "keyword", "space": "intent"}}
    shop["scenes"] = {"search": {"recall": ["keyword"]}}
    return write_shop(home, shop)


def build(engine: Engine, spec: Spec, files: Path, items: int, users: int) -> None:
    """Make a world that ends now, import it and build it, as a shop would."""
    fill(engine, spec, files, World(items, users, until=datetime.now(UTC)))
    apply_spec(engine, spec, Quiet())


def searched(engine: Engine, files: Path) -> Searched:
    """Ask by each tag's own names, and by those that the shop's list withholds."""
    offered = _offered(engine)
    having = _having(files, offered)
    known: defaultdict[str, set[str]] = defaultdict(set)
    for tag in _lines(files / "tags.jsonl"):
        if tag["facet"] in FACETS:
            for language in LANGUAGES:
                known[tag.get(language) or ""] |= having[tag["key"]]
    secret: defaultdict[str, set[str]] = defaultdict(set)
    for row in json.loads((files / "truth" / "words.json").read_text("utf-8"))["withheld"]:
        secret[row["word"]] |= having[row["tag"]]
    lists = {"ordinary": known, "withheld": secret}
    asked = {
        name: {w: frozenset(i) for w, i in words.items() if w and len(i) >= LEAST}
        for name, words in lists.items()
    }
    return Searched(asked, offered)


def recall(
    found: Mapping[str, Sequence[str]], wanted: Mapping[str, frozenset[str]], top: int
) -> float:
    """Give the mean share of what was to be found, of at most so many, among the first."""
    shares = [
        len(items & set(found[word][:top])) / min(top, len(items)) for word, items in wanted.items()
    ]
    return sum(shares) / max(len(shares), 1)


def _offered(engine: Engine) -> dict[str, str]:
    query = text("""
        SELECT key, title FROM item
        WHERE removed_at IS NULL AND coalesce(published_at <= now(), true)
          AND coalesce(expires_at > now(), true) ORDER BY id
    """)
    with engine.connect() as connection:
        return {row.key: row.title for row in connection.execute(query)}


def _having(files: Path, offered: Mapping[str, str]) -> defaultdict[str, set[str]]:
    """Give the items of every tag, those of narrower ones among them."""
    parents = {tag["key"]: tag.get("parents") or [] for tag in _lines(files / "tags.jsonl")}
    having: defaultdict[str, set[str]] = defaultdict(set)
    for item in _lines(files / "truth" / "items.jsonl"):
        waiting = [key for key in item["tags"].values() if key] if item["key"] in offered else []
        while waiting:
            tag = waiting.pop()
            having[tag].add(item["key"])
            waiting += parents.get(tag, [])
    return having


def _lines(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]
