"""What the top categories are like: prices, sizes, facets that matter, lines of business."""

from dataclasses import dataclass

FACETS = ("category", "brand", "series", "theme", "material", "style", "color", "audience")
BUSINESS = ("new", "used", "auction", "service", "rental")


@dataclass(frozen=True)
class Domain:
    """The habits of one top category."""

    price: float
    spread: float
    sizes: str
    branded: float
    theme: float
    material: float
    style: float
    color: float
    audience: float
    lines: tuple[float, float, float, float, float]


SHOP = (0.80, 0.15, 0.02, 0.0, 0.03)
FRESH = (1.0, 0.0, 0.0, 0.0, 0.0)
PRECIOUS = (0.40, 0.25, 0.32, 0.0, 0.03)
HIRED = (0.0, 0.0, 0.0, 1.0, 0.0)

DOMAINS = {
    "clothing": Domain(190, 0.6, "clothes", 0.80, 0.45, 0.75, 0.85, 0.85, 0.7, SHOP),
    "shoes": Domain(320, 0.6, "shoes", 0.88, 0.25, 0.65, 0.6, 0.85, 0.7, SHOP),
    "bags": Domain(600, 1.1, "length", 0.85, 0.3, 0.8, 0.7, 0.8, 0.6, PRECIOUS),
    "jewelry": Domain(1500, 1.2, "grade", 0.7, 0.45, 0.85, 0.6, 0.5, 0.6, PRECIOUS),
    "beauty": Domain(140, 0.7, "volume", 0.92, 0.35, 0.05, 0.2, 0.3, 0.6, FRESH),
    "digital": Domain(1300, 1.1, "digital", 0.93, 0.2, 0.2, 0.2, 0.7, 0.3, SHOP),
    "appliances": Domain(900, 0.9, "count", 0.92, 0.1, 0.3, 0.35, 0.5, 0.2, SHOP),
    "home": Domain(230, 0.9, "length", 0.6, 0.55, 0.85, 0.8, 0.6, 0.3, SHOP),
    "food": Domain(70, 0.6, "weight", 0.6, 0.2, 0.0, 0.05, 0.05, 0.35, FRESH),
    "sports": Domain(380, 0.9, "count", 0.85, 0.25, 0.5, 0.3, 0.6, 0.6, SHOP),
    "kids": Domain(160, 0.7, "count", 0.8, 0.75, 0.4, 0.4, 0.4, 0.7, SHOP),
    "books": Domain(60, 0.6, "count", 0.55, 0.75, 0.2, 0.4, 0.3, 0.5, SHOP),
    "collectibles": Domain(800, 1.4, "grade", 0.3, 0.75, 0.7, 0.6, 0.3, 0.2, PRECIOUS),
    "auto": Domain(260, 0.8, "count", 0.85, 0.15, 0.5, 0.2, 0.5, 0.1, SHOP),
    "pets": Domain(110, 0.6, "weight", 0.8, 0.35, 0.25, 0.25, 0.3, 0.1, SHOP),
    "services": Domain(350, 0.7, "hour", 0.45, 0.25, 0.0, 0.35, 0.0, 0.6, HIRED),
}
