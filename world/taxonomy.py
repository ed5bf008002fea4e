"""The tree of categories and the facets around it, as tags and as arrays."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from world.brands import Brand, all_brands
from world.category_words import CATEGORIES
from world.domains import FACETS
from world.draws import Ints
from world.facet_words import AUDIENCES, COLORS, MATERIALS, STYLES, THEMES
from world.labels import Labels, read_labels

WORDS = {
    "category": CATEGORIES,
    "theme": THEMES,
    "material": MATERIALS,
    "style": STYLES,
    "color": COLORS,
    "audience": AUDIENCES,
}


@dataclass(frozen=True)
class Tag:
    """One concept: its key, facet, parents and names."""

    key: str
    facet: str
    parents: tuple[str, ...]
    zh: Labels
    en: Labels


@dataclass(frozen=True)
class Taxonomy:
    """Every tag; ordinals count within a facet, and categories count leaves only."""

    tags: tuple[Tag, ...]
    places: dict[str, Ints]
    middle: Ints
    top: Ints
    domains: tuple[str, ...]
    brands: tuple[Brand, ...]
    series_brand: Ints
    series_leaf: Ints

    def place(self, facet: str, ordinals: Ints) -> Ints:
        """Positions in `tags`, -1 where there is no ordinal."""
        return np.where(ordinals < 0, -1, self.places[facet][ordinals])

    def count(self, facet: str) -> int:
        """How many ordinals the facet has."""
        return len(self.places[facet])


def read_tags(facet: str, text: str) -> Iterator[Tag]:
    """Tags from an indented list."""
    path: list[str] = []
    for line in text.strip().splitlines():
        depth = len(line) - len(line.lstrip())
        slug, zh, en, wrong_zh, wrong_en = [*line.strip().split("|"), "", ""][:5]
        parents = (path[depth - 1],) if depth else ()
        key = f"{parents[0] if parents else facet}/{slug}"
        path[depth:] = [key]
        yield Tag(key, facet, parents, read_labels(zh, wrong_zh), read_labels(en, wrong_en))


def build_taxonomy(seed: int, items: int) -> Taxonomy:
    """The taxonomy of a world of so many items."""
    listed = {facet: list(read_tags(facet, text)) for facet, text in WORDS.items()}
    leaves = leaves_of(listed["category"])
    by_slug = {leaf.key.split("/")[-1]: at for at, leaf in enumerate(leaves)}
    brands = tuple(all_brands(seed, items, slugs_by_domain(leaves)))
    listed["brand"] = [Tag(f"brand/{b.slug}", "brand", (), b.zh, b.en) for b in brands]
    series = [(at, line) for at, brand in enumerate(brands) for line in brand.series]
    listed["series"] = [
        Tag(
            f"series/{brands[at].slug}/{s.slug}",
            "series",
            (f"brand/{brands[at].slug}",),
            s.zh,
            s.en,
        )
        for at, s in series
    ]
    tags = without_clashes([tag for facet in FACETS for tag in listed[facet]])
    middle, top, domains = ancestors(leaves)
    return Taxonomy(
        tags,
        places_of(tags, {leaf.key for leaf in leaves}),
        middle,
        top,
        domains,
        brands,
        np.array([at for at, _ in series], np.int64),
        np.array([by_slug[line.home] for _, line in series], np.int64),
    )


def leaves_of(categories: list[Tag]) -> list[Tag]:
    """The categories of the third level, which items are filed under."""
    return [tag for tag in categories if tag.key.count("/") == 3]


def slugs_by_domain(leaves: list[Tag]) -> dict[str, tuple[str, ...]]:
    """Slugs of the leaves below each top category."""
    slugs: dict[str, list[str]] = {}
    for leaf in leaves:
        _, domain, _, slug = leaf.key.split("/")
        slugs.setdefault(domain, []).append(slug)
    return {domain: tuple(found) for domain, found in slugs.items()}


def ancestors(leaves: list[Tag]) -> tuple[Ints, Ints, tuple[str, ...]]:
    """Ordinals of the second and the first level for each leaf, and the names of the first."""
    seconds = list(dict.fromkeys(leaf.parents[0] for leaf in leaves))
    firsts = list(dict.fromkeys(leaf.key.split("/")[1] for leaf in leaves))
    middle = np.array([seconds.index(leaf.parents[0]) for leaf in leaves], np.int64)
    top = np.array([firsts.index(leaf.key.split("/")[1]) for leaf in leaves], np.int64)
    return middle, top, tuple(firsts)


def places_of(tags: tuple[Tag, ...], leaves: set[str]) -> dict[str, Ints]:
    """Positions of each facet's ordinals."""
    found: dict[str, list[int]] = {facet: [] for facet in FACETS}
    for at, tag in enumerate(tags):
        if tag.facet != "category" or tag.key in leaves:
            found[tag.facet].append(at)
    return {facet: np.array(places, np.int64) for facet, places in found.items()}


def without_clashes(tags: list[Tag]) -> tuple[Tag, ...]:
    """Drop misspellings and withheld words that are somebody's open label."""
    open_words = {word.casefold() for tag in tags for word in open_labels(tag)}
    return tuple(
        replace(t, zh=private(t.zh, open_words), en=private(t.en, open_words)) for t in tags
    )


def private(labels: Labels, open_words: set[str]) -> Labels:
    """The same labels, secret ones only where they are secret."""
    hidden = tuple(word for word in labels.hidden if word.casefold() not in open_words)
    withheld = tuple(word for word in labels.withheld if word.casefold() not in open_words)
    return replace(labels, hidden=hidden, withheld=withheld)


def open_labels(tag: Tag) -> Iterator[str]:
    """What the shop itself calls the tag."""
    for labels in (tag.zh, tag.en):
        if labels.preferred:
            yield labels.preferred
        yield from labels.synonyms


def ambiguous_words(tags: tuple[Tag, ...]) -> dict[str, list[str]]:
    """Words that more than one tag goes by, and those tags."""
    owners = [(word.casefold(), tag.key) for tag in tags for word in set(open_labels(tag))]
    owners = sorted(set(owners))
    counts = Counter(word for word, _ in owners)
    shared: dict[str, list[str]] = {}
    for word, key in owners:
        if counts[word] > 1:
            shared.setdefault(word, []).append(key)
    return shared
