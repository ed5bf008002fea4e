"""Which tags suit which categories, so that nobody sells amber chargers often."""

import numpy as np

from world.draws import Floats
from world.taxonomy import Taxonomy

UNSUITED = 0.01

CLOTH = (
    "leather sheepskin suede cotton linen silk wool cashmere merino denim polyester nylon velvet"
)
HARD = "metal stainless titanium aluminum copper glass plastic silicone carbon ceramic"
WOODEN = "wood walnut oak rosewood bamboo rattan metal stainless glass resin plastic leather"
GEMS = "gold silver titanium stainless crystal jade pearl diamond amber leather ceramic"

SUITS = {
    "category/clothing": {"material": CLOTH},
    "category/shoes": {
        "material": "leather cowhide sheepskin suede canvas-cloth rubber nylon denim"
    },
    "category/bags": {
        "material": "leather cowhide sheepskin suede canvas-cloth nylon denim rattan"
    },
    "category/jewelry": {"material": GEMS, "audience": "women men couple gift unisex"},
    "category/digital": {"material": HARD},
    "category/appliances": {"material": HARD},
    "category/home/furniture": {"material": WOODEN},
    "category/home/textile": {
        "material": "cotton linen silk wool velvet polyester memory-foam latex"
    },
    "category/home/decor": {
        "material": "ceramic glass crystal wood resin copper bamboo paper metal"
    },
    "category/home/kitchenware": {
        "material": "ceramic glass stainless wood bamboo titanium copper"
    },
    "category/sports": {
        "material": "nylon polyester carbon aluminum titanium rubber leather cotton"
    },
    "category/books": {"material": "paper resin metal leather wood copper"},
    "category/collectibles": {
        "material": "ceramic jade rosewood copper gold silver paper amber resin"
    },
    "category/auto": {"material": "leather rubber carbon plastic metal silicone linen"},
    "category/pets": {"material": "cotton nylon plastic wood rattan stainless leather silicone"},
    "category/clothing/women": {"audience": "women girls teens students pregnant plussize"},
    "category/clothing/men": {"audience": "men boys teens students seniors plussize"},
    "category/shoes/dress-shoes/heels": {"audience": "women"},
    "category/bags/handbags": {"audience": "women gift teens"},
    "category/beauty/makeup": {"audience": "women students gift beginners"},
    "category/kids": {
        "material": "plastic cotton wood silicone resin latex bamboo polyester",
        "audience": "kids girls boys infants gift",
    },
    "category/kids/baby": {"audience": "infants pregnant gift"},
}


def suitability(taxonomy: Taxonomy, facet: str) -> Floats:
    """1 where a tag suits a category, next to nothing where it does not. (category, tag)"""
    leaves = [taxonomy.tags[place].key for place in taxonomy.places["category"]]
    slugs = [taxonomy.tags[place].key.split("/")[-1] for place in taxonomy.places[facet]]
    fits = np.ones((len(leaves), len(slugs)))
    for prefix, facets in SUITS.items():
        if facet in facets:
            rows = [f"{leaf}/".startswith(f"{prefix}/") for leaf in leaves]
            unsuited = [slug not in facets[facet].split() for slug in slugs]
            fits[np.ix_(rows, unsuited)] = UNSUITED
    return fits
