"""Brands and their series: the known ones, then as many more as the world needs."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from world.brand_words import (
    BRANDS,
    LATIN_HEADS,
    LATIN_MIDDLES,
    LATIN_TAILS,
    SERIES_LATIN,
    SERIES_ZH,
    ZH_HEADS,
    ZH_MIDDLES,
    ZH_TAILS,
)
from world.domains import DOMAINS
from world.draws import chance
from world.labels import Labels, misspell, read_labels, split

HEADS, MIDDLES, TAILS = LATIN_HEADS.split(), LATIN_MIDDLES.split(), LATIN_TAILS.split()
LATIN_LINES, ZH_LINES = SERIES_LATIN.split(), SERIES_ZH.split()


@dataclass(frozen=True)
class Series:
    """A line of products of one brand in one category; `home` is the category's last slug."""

    slug: str
    zh: Labels
    en: Labels
    home: str


@dataclass(frozen=True)
class Brand:
    """A maker: where it sells, how dear it is (0–4), and its series."""

    slug: str
    zh: Labels
    en: Labels
    domains: tuple[str, ...]
    tier: int
    series: tuple[Series, ...]


def brand_count(items: int) -> int:
    """Brands grow more slowly than items."""
    return min(12_000, round(450 * math.pow(items / 20_000, 0.79)))


def all_brands(seed: int, items: int, leaves: dict[str, tuple[str, ...]]) -> list[Brand]:
    """The known brands followed by invented ones; `leaves` are category slugs by domain."""
    known = [read_brand(line) for line in BRANDS.strip().splitlines()]
    wanted = max(0, brand_count(items) - len(known))
    return known + list(invented(seed, wanted, known, leaves))


def read_brand(line: str) -> Brand:
    """One line of the list of known brands."""
    slug, zh, en, wrong_zh, wrong_en, domains, tier, series = line.split("|")
    lines = tuple(read_series(word) for word in series.split())
    chinese, english = read_labels(zh, wrong_zh), read_labels(en, wrong_en)
    return Brand(slug, chinese, english, tuple(split(domains)), int(tier), lines)


def read_series(word: str) -> Series:
    """`slug=Label@category`."""
    slug, rest = word.split("=")
    label, home = rest.replace("_", " ").split("@")
    zh, en = ("", label) if label.isascii() else (label, "")
    return Series(slug, read_labels(zh, ""), read_labels(en, ""), home)


def invented(
    seed: int, count: int, known: list[Brand], leaves: dict[str, tuple[str, ...]]
) -> Iterator[Brand]:
    """Brands that do not exist, each with a name of its own."""
    rng = chance(seed, "brands")
    taken = {brand.slug for brand in known}
    taken_zh = {brand.zh.preferred or "" for brand in known}
    domains = [name for name in DOMAINS for _ in range(1 if name == "services" else 4)]
    for _ in range(count):
        latin, zh = fresh(rng, latin_name, taken), fresh(rng, chinese_name, taken_zh)
        form = rng.random()
        domain = domains[rng.integers(len(domains))]
        yield Brand(
            latin,
            Labels() if form < 0.3 else Labels(zh, (), misspell(zh)),
            Labels() if form > 0.7 else Labels(latin.title(), (), misspell(latin.title())),
            (domain,),
            int(rng.choice(5, p=(0.3, 0.35, 0.2, 0.1, 0.05))),
            tuple(invented_series(rng, leaves[domain])),
        )


def fresh(
    rng: np.random.Generator, name: Callable[[np.random.Generator], str], taken: set[str]
) -> str:
    """A name that nobody has taken yet."""
    while (word := name(rng)) in taken:
        pass
    taken.add(word)
    return word


def one_of(rng: np.random.Generator, words: Sequence[str]) -> str:
    """One of the words."""
    return words[int(rng.integers(len(words)))]


def latin_name(rng: np.random.Generator) -> str:
    """Three or four syllables."""
    middles = "".join(one_of(rng, MIDDLES) for _ in range(1 + (rng.random() < 0.25)))
    return one_of(rng, HEADS) + middles + one_of(rng, TAILS)


def chinese_name(rng: np.random.Generator) -> str:
    """Two to four characters."""
    middles = "".join(one_of(rng, ZH_MIDDLES) for _ in range(1 + (rng.random() < 0.25)))
    return one_of(rng, ZH_HEADS) + middles + (one_of(rng, ZH_TAILS) if rng.random() < 0.7 else "")


def invented_series(rng: np.random.Generator, leaves: tuple[str, ...]) -> Iterator[Series]:
    """Up to five series, each in a category of its own choice."""
    count = int(rng.choice(6, p=(0.3, 0.32, 0.18, 0.1, 0.06, 0.04)))
    for place in rng.choice(len(LATIN_LINES), size=count, replace=False):
        latin, zh = LATIN_LINES[place], one_of(rng, ZH_LINES)
        number = f" {rng.integers(2, 10)}" if rng.random() < 0.4 else ""
        form = rng.random()
        yield Series(
            (latin + number).lower().replace(" ", "-"),
            Labels() if form < 0.4 else Labels(f"{zh}系列", (zh,)),
            Labels() if form > 0.8 else Labels(latin + number, (), misspell(latin + number)),
            leaves[rng.integers(len(leaves))],
        )
