"""A searched catalogue from files: a line of JSON for each item, and queries with ratings.

What a field is, is known by what it holds: one that most items have and that has few values names
tags; other common ones are texts. Of the rest short values are details, long ones are notes.
"""

import csv
import json
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

Product = Mapping[str, Any]
Row = dict[str, Any]
COMMON = 0.5  # share of items that have a field, to make it an attribute of its own
FEW = 0.1  # values for each item that has one, to make them tags
SAID = ("product_type", "category")  # what a field ends in that says what a thing is
KINDS, DETAILS, NOTES = "kinds", "details", "notes"
SHORT = 80  # characters of what is compared whole, at most
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT.*")


@dataclass(frozen=True)
class Judged:
    """A catalogue, and how well items fit queries."""

    products: Sequence[Product]
    ratings: Mapping[str, Mapping[str, int]]  # query -> item -> 0 to 3

    @cached_property
    def fields(self) -> dict[str, str]:
        """Tell what each common field is: tag or text."""
        filled = Counter(name for product in self.products for name in written(product))
        common = [n for n, times in filled.items() if times >= COMMON * len(self.products)]
        values = {n: [p[n] for p in map(written, self.products) if n in p] for n in common}
        return {n: "tag" if len(set(v)) <= FEW * len(v) else "text" for n, v in values.items()}

    def catalog(self) -> dict[str, Row]:
        """Give the section `catalog.item` of a spec."""
        facets = {n: {"facet": n} if kind == "tag" else {} for n, kind in self.fields.items()}
        own = {n: {"type": kind, **facets[n]} for n, kind in self.fields.items()}
        kinds = {"type": "tag", "facet": KINDS, "many": True}
        details = {"type": "keyword", "many": True}
        return {**own, KINDS: kinds, DETAILS: details, NOTES: {"type": "text"}}

    def tags(self) -> list[Row]:
        """Give the tags of items, each in the facet where it is first met."""
        found: dict[str, Row] = {}
        for product in self.products:
            for name, value in written(product).items():
                if facet := self._facet(name):
                    key = key_of(facet, value)
                    found.setdefault(key, {"key": key, "facet": facet, "en": value})
        return list(found.values())

    def items(self) -> list[Row]:
        """Give items as a shop would bring them."""
        return [self._item(product) for product in self.products]

    def texts(self) -> list[str]:
        """Give everything that is written of each item as one text."""
        return [" ".join([p["title"], *written(p).values()]) for p in self.products]

    def _facet(self, name: str) -> str | None:
        return name if self.fields.get(name) == "tag" else KINDS if name.endswith(SAID) else None

    def _item(self, product: Product) -> Row:
        said = written(product)
        own = {
            name: key_of(name, value) if self.fields[name] == "tag" else value
            for name, value in said.items()
            if name in self.fields
        }
        kinds = sorted({key_of(KINDS, v) for n, v in said.items() if self._facet(n) == KINDS})
        rest = list(dict.fromkeys(v for n, v in said.items() if n not in self.fields))
        notes = " ; ".join(value for value in rest if len(value) > SHORT)
        return {
            **own,
            "key": product["id"],
            "title": product["title"],
            KINDS: kinds,
            DETAILS: [value for value in rest if len(value) <= SHORT],
            **({NOTES: notes} if notes else {}),
        }


def written(product: Product) -> dict[str, str]:
    """Give what is written of an item beside its title; times say nothing."""
    return {
        name: value
        for name, value in product.items()
        if isinstance(value, str)
        and value
        and name not in ("id", "title")
        and not _MOMENT.fullmatch(value)
    }


def read(folder: Path) -> Judged:
    """Read `*.jsonl` and each CSV that has query, docid and rating."""
    items = next(iter(sorted(folder.glob("*.jsonl"))))
    with items.open(encoding="utf-8") as file:
        products = [json.loads(line) for line in file]
    ratings: dict[str, dict[str, int]] = defaultdict(dict)
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            rows = csv.DictReader(file)
            if {"query", "docid", "rating"} <= set(rows.fieldnames or ()):
                for row in rows:
                    ratings[row["query"]][row["docid"]] = int(row["rating"])
    return Judged(products, ratings)


def key_of(facet: str, value: str) -> str:
    """Make a key of what is written."""
    return f"{facet}/{' '.join(value.lower().split())}"
