"""What is on sale: the hidden tags, price, life and appeal of every item, as columns."""

from dataclasses import dataclass

import numpy as np

from world.domains import BUSINESS, DOMAINS
from world.draws import Flags, Floats, Ints, chance, pick, pick_rows, zipf
from world.noise_words import CITIES
from world.span import Span
from world.suits import suitability
from world.taxonomy import Taxonomy

DAY = 86_400
FOREVER = np.iinfo(np.int64).max
AUCTION = BUSINESS.index("auction")
LOCAL = np.array([line in ("used", "service") for line in BUSINESS])
BUSINESS_PRICE = np.array([1.0, 0.45, 0.6, 1.0, 0.2])
TIER_PRICE = np.array([0.6, 0.9, 1.3, 2.2, 5.0])
STOCK_SHARE = 0.6
FACET_HABITS = ("theme", "material", "style", "color", "audience")


@dataclass(frozen=True)
class Items:
    """Columns in order of publication; ordinals of tags by facet, -1 for none."""

    tags: dict[str, Ints]
    business: Ints
    city: Ints
    seller: Ints
    price: Floats
    fit: Floats  # the price against its category's usual one, in log units
    published: Ints
    expires: Ints
    quality: Floats
    bait: Floats
    pull: Floats

    def __len__(self) -> int:
        return len(self.price)


def make_items(seed: int, count: int, span: Span, taxonomy: Taxonomy) -> Items:
    """All items of a world."""
    rng = chance(seed, "items")
    published = publication(rng, count, span)
    tags = choose_tags(rng, count, taxonomy)
    top = taxonomy.top[tags["category"]]
    business = choose_business(rng, taxonomy, top, published >= span.start)
    price, fit = prices(rng, taxonomy, tags, business)
    quality, bait = rng.standard_normal(count), rng.standard_normal(count)
    sellers = max(3, count // 40)
    seller = pick(rng, zipf(sellers, 0.7), count)
    city = pick(rng, zipf(len(CITIES), 0.8), sellers)[seller]
    pull = np.exp(0.9 * rng.standard_normal(count) + 0.35 * quality + 0.15 * bait)
    expires = expiry(rng, published, business)
    return Items(tags, business, city, seller, price, fit, published, expires, quality, bait, pull)


def publication(rng: np.random.Generator, count: int, span: Span) -> Ints:
    """Stock piles up towards the first day; the rest arrives through the days."""
    stock = round(count * STOCK_SHARE)
    age = np.minimum(rng.exponential(60 * DAY, stock), 700 * DAY)
    before = span.start - 1 - age.astype(np.int64)
    during = span.start + (rng.random(count - stock) * (span.end - span.start)).astype(np.int64)
    times: Ints = np.sort(np.concatenate([before, during]))
    return times


def choose_tags(rng: np.random.Generator, count: int, taxonomy: Taxonomy) -> dict[str, Ints]:
    """The true tags: some items start from a series, the others from a category."""
    leaf = pick(rng, popularity(rng, taxonomy.count("category")), count)
    brand = brands_for(rng, taxonomy, leaf)
    series = np.full(count, -1)
    if len(taxonomy.series_brand):
        chosen = pick(rng, zipf(len(taxonomy.series_brand), 0.5), count)
        series = np.where(rng.random(count) < 0.3, chosen, -1)
        leaf = np.where(series < 0, leaf, taxonomy.series_leaf[series])
        brand = np.where(series < 0, brand, taxonomy.series_brand[series])
    tags = {"category": leaf, "brand": brand, "series": series}
    return tags | {facet: facet_for(rng, taxonomy, leaf, facet) for facet in FACET_HABITS}


def popularity(rng: np.random.Generator, count: int) -> Floats:
    """Uneven shares in no particular order."""
    return rng.permutation(zipf(count, 0.6))


def brands_for(rng: np.random.Generator, taxonomy: Taxonomy, leaf: Ints) -> Ints:
    """A brand that sells in the category, or none."""
    brand = np.full(len(leaf), -1)
    for number, name in enumerate(taxonomy.domains):
        inside = np.flatnonzero(taxonomy.top[leaf] == number)
        makers = np.array([at for at, b in enumerate(taxonomy.brands) if name in b.domains])
        if len(makers):
            chosen = makers[pick(rng, zipf(len(makers), 0.75), len(inside))]
            named = rng.random(len(inside)) < DOMAINS[name].branded
            brand[inside] = np.where(named, chosen, -1)
    return brand


def facet_for(rng: np.random.Generator, taxonomy: Taxonomy, leaf: Ints, facet: str) -> Ints:
    """A tag of the facet, by what the category favours, or none."""
    fits = suitability(taxonomy, facet)
    chosen = pick_rows(rng, fits * np.exp(1.2 * rng.standard_normal(fits.shape)), leaf)
    habit = np.array([getattr(DOMAINS[name], facet) for name in taxonomy.domains])
    return np.where(rng.random(len(leaf)) < habit[taxonomy.top[leaf]], chosen, -1)


def choose_business(
    rng: np.random.Generator, taxonomy: Taxonomy, top: Ints, arrives: Flags
) -> Ints:
    """The line of business; auctions are over-represented among what arrives."""
    lines = np.array([DOMAINS[name].lines for name in taxonomy.domains])
    business = pick_rows(rng, lines, top)
    stale = (business == AUCTION) & ~arrives & (rng.random(len(top)) < 0.7)
    return np.where(stale, 0, business)


def prices(
    rng: np.random.Generator, taxonomy: Taxonomy, tags: dict[str, Ints], business: Ints
) -> tuple[Floats, Floats]:
    """Prices as sellers write them, and how dear each is for its category."""
    leaf, brand = tags["category"], tags["brand"]
    usual = np.array([DOMAINS[name].price for name in taxonomy.domains])[taxonomy.top]
    usual = usual * np.exp(0.5 * rng.standard_normal(len(usual)))
    spread = np.array([DOMAINS[name].spread for name in taxonomy.domains])[taxonomy.top[leaf]]
    tier = np.array([brand.tier for brand in taxonomy.brands])
    grade = np.where(brand < 0, 0.7, TIER_PRICE[tier[brand]]) * BUSINESS_PRICE[business]
    fit = np.log(grade) + 0.6 * spread * rng.standard_normal(len(leaf))
    raw = np.maximum(usual[leaf] * np.exp(fit), 1.0)
    step = np.where(raw < 100, 0.1, np.where(raw < 1000, 1.0, 10.0))
    return np.round(np.round(raw / step) * step, 2), fit


def expiry(rng: np.random.Generator, published: Ints, business: Ints) -> Ints:
    """Auctions live for hours, some rentals and services for weeks, the rest for good."""
    size = len(published)
    hours = np.array([3, 6, 12, 24, 48, 72])[rng.integers(0, 6, size)] * 3600
    weeks = rng.integers(1, 9, size) * 7 * DAY
    offered = np.isin(business, (3, 4)) & (rng.random(size) < 0.3)
    life = np.where(business == AUCTION, hours, np.where(offered, weeks, 0))
    return np.where(life > 0, published + life, FOREVER)
