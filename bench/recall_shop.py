"""The demo shop with every channel there is, for measuring recall."""

from pathlib import Path
from typing import Any

from api.spec import Spec
from bench.demo_shop import plain_shop, write_shop
from recall.blending import Reciprocal, Snake

SCENE, INTERESTS = "home", "moods"
FUSIONS = {
    "snake": Snake(),
    "reciprocal, smooth 10": Reciprocal(type="reciprocal", smooth=10),
    "reciprocal, smooth 60": Reciprocal(type="reciprocal"),
    "reciprocal, smooth 200": Reciprocal(type="reciprocal", smooth=200),
}
SPACES: dict[str, dict[str, Any]] = {
    "known": {"type": "linear", "over": ["liked", "tagged"]},
    "unit": {"type": "item-unit", "units": ["tagged", "has"]},
}
TOWERS: dict[str, dict[str, Any]] = {
    "taste": {"type": "dssm", "features": ["tagged"], "layers": 1, "epochs": 8},
    INTERESTS: {"type": "multi-interest", "features": ["tagged"], "interests": 3, "epochs": 8},
}
CHANNELS: dict[str, dict[str, Any]] = {
    "itemcf": {"type": "itemcf", "over": "liked"},
    "swing": {"type": "swing", "over": "liked"},
    "walk": {"type": "walk", "path": ["liked", "~liked", "liked"]},
    "topics": {"type": "tags", "over": "fond"},
}


def shop(folder: Path, towers: bool = True) -> Spec:
    """Give the demo shop these spaces and channels; no names are guessed from its titles."""
    spec = plain_shop()
    spaces = SPACES | (TOWERS if towers else {})
    for name in ("ner", "suggestions"):
        spec["text"].pop(name)
    spec["spaces"] = {name: {**space, "holdout": None} for name, space in spaces.items()}
    nearest = {name: {"type": "nearest", "space": name} for name in spaces}
    spec["recall"]["channels"] |= CHANNELS | nearest
    names = ["popular", "fresh", *CHANNELS, *nearest]
    spec["scenes"][SCENE] = {"recall": names, "fusion": {"type": "reciprocal"}}
    return write_shop(folder, spec)
