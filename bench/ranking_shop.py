"""The demo shop with rankers, for measuring them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from api.spec import Spec
from bench.demo_shop import PLAIN, plain_shop, write_shop

FEATURES: dict[str, dict[str, Any]] = {
    "who": {"type": "word", "of": "person.key", "least": 3},
    "home_city": {"type": "word", "of": "person.city"},
    "device": {"type": "word", "of": "person.device"},
    "scene": {"type": "word", "of": "scene"},
    "hour": {"type": "word", "of": "hour"},
    "item": {"type": "word", "of": "item.key", "least": 10},
    "category": {"type": "word", "of": "item.category"},
    "brand": {"type": "word", "of": "item.brand"},
    "city": {"type": "word", "of": "item.city"},
    "business": {"type": "word", "of": "item.business"},
    "seller": {"type": "word", "of": "item.seller"},
    "price": {"type": "number", "of": "item.price", "scale": "log", "buckets": 30},
    "age": {"type": "age", "of": "item.published_at", "scale": "log"},
    "facets": {"type": "tags", "facets": ["theme", "style", "material", "color", "audience"]},
    "taken": {"type": "past", "by": ["item", "category", "brand"], "length": 30},
    "item_rate": {
        "type": "statistic",
        "of": ["item.key"],
        "events": ["click"],
        "per": ["expose"],
        "window": "7d",
        "every": "1h",
    },
    "item_shown": {
        "type": "statistic",
        "of": ["item.key"],
        "events": ["expose"],
        "window": "7d",
        "every": "1h",
        "scale": "log",
    },
    "likes_category": {
        "type": "statistic",
        "of": ["person.key", "item.category"],
        "events": ["click"],
        "per": ["expose"],
        "window": "14d",
        "every": "1h",
        "smooth": 5,
    },
    "position": {"type": "position", "size": 24},
    "place": {"type": "cross", "of": ["scene", "position"], "least": 1},
}


def _together(embedding: str, attention: str) -> dict[str, Any]:
    moves = {"embedding": embedding, "attention": attention}
    return {"teacher": "fine", "together": True, "moves": moves}


NO_PLACE = [name for name in FEATURES if name not in ("position", "place")]
CHEAP: dict[str, dict[str, Any]] = {"rule": {"type": "rule", "weights": {"item_rate": 1}}}
LEARNS: dict[str, Any] = {"dim": 16, "rate": 0.002, "batch": 1024, "epochs": 4, "patience": 1}
FINE = {"type": "din", **LEARNS}
TOWERS: dict[str, Any] = {"type": "towers", **LEARNS}
BARE = {**TOWERS, "cross": "none"}
TAUGHT = {"distil": {"teacher": "fine"}}


@dataclass(frozen=True)
class Plan:
    """Models that are measured together, and the one that the others are compared with."""

    models: dict[str, dict[str, Any]]
    base: str
    samples: dict[str, Any] = field(default_factory=lambda: {"negatives": "all"})
    curves: bool = False


GROUPS = {
    "stages": Plan(
        {
            "fine": FINE,
            "taught": {**TOWERS, **TAUGHT},
            "coarse": TOWERS,
            "wdl": {"type": "wdl", **LEARNS},
            "gbdt": {"type": "gbdt"},
            "rule": CHEAP["rule"],
        },
        "fine",
    ),
    "options": Plan(
        {
            "fine": FINE,
            "bare": BARE,
            "fm": {**BARE, "cross": "fm"},
            "nova": {**BARE, "attention": "nova"},
            "fibinet": {**BARE, "items": "fibinet"},
            "mlp": {**BARE, "top": "mlp"},
            "taught": {**BARE, **TAUGHT},
            "all": {
                **BARE,
                **TAUGHT,
                "cross": "fm",
                "attention": "nova",
                "items": "fibinet",
                "top": "mlp",
            },
        },
        "bare",
    ),
    "together": Plan(
        {
            "fine": FINE,
            "by_stages": {**TOWERS, **TAUGHT},
            "apart": {**TOWERS, "distil": _together("apart", "student")},
            "teacher_moves": {**TOWERS, "distil": _together("teacher", "both")},
            "both_move": {**TOWERS, "distil": _together("both", "both")},
        },
        "by_stages",
    ),
    "position": Plan(
        {
            "with_tower": {"type": "deepfm", **LEARNS},
            "without": {"type": "deepfm", **LEARNS, "features": NO_PLACE},
        },
        "without",
        curves=True,
    ),
    "tasks": Plan(
        {
            "esmm": {"type": "esmm", **LEARNS},
            "mmoe": {"type": "mmoe", **LEARNS},
            "shared": {"type": "deepfm", **LEARNS},
        },
        "shared",
        samples={
            "negatives": "all",
            "tasks": {"click": {"any": ["click"]}, "cart": {"any": ["cart"]}},
        },
    ),
}


def shop(
    folder: Path,
    models: Mapping[str, Mapping[str, Any]],
    features: Mapping[str, Mapping[str, Any]] = FEATURES,
    samples: Mapping[str, Any] | None = None,
) -> Spec:
    """Give the demo shop these models, and only the plainest channels."""
    spec = plain_shop()
    for name in ("graph", "spaces"):
        spec.pop(name, None)
    for name in ("ner", "keywords", "suggestions"):  # titles are read by the taxonomy alone
        spec["text"].pop(name)
    declared = spec["recall"]["channels"]
    spec["recall"]["channels"] = {name: declared[name] for name in PLAIN}
    spec["scenes"] = {"home": {"recall": list(PLAIN)}}
    spec["ranking"] = {
        "samples": dict(samples or {}),
        "features": {name: dict(feature) for name, feature in features.items()},
        "models": {name: dict(model) for name, model in models.items()},
    }
    return write_shop(folder, spec)
