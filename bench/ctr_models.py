"""The presets that rankers are measured with, chosen on the validation part.

Those with a published figure have embeddings of ten numbers, as the published ones have.
"""

from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter

from ranking.rankers.kinds import AnyRanker
from ranking.rankers.spec import Ranker

Preset = Mapping[str, Any]

PLAIN: Preset = {"batch": 1024, "schedule": "cosine"}
DEEP: Preset = {**PLAIN, "rate": 0.003, "epochs": 10, "patience": 10, "l2": 1e-3, "dropout": 0.3}
HIDDEN: Preset = {**DEEP, "dim": 10, "hidden": [128, 128]}

TOWERS: Preset = {
    "type": "towers",
    "dim": 16,
    "hidden_asks": [128, 64],
    "hidden_items": [128, 64],
    "rate": 0.003,
    "schedule": "cosine",
    "batch": 2048,
    "epochs": 9,
    "patience": 3,
    "l2": 3e-4,
    "dropout": 0.1,
}
TAUGHT: Preset = {
    "distil": {"teacher": "custom", "drawn": 3},
    "epochs": 3,
    "patience": 5,
    "l2": 3e-5,
    "dropout": 0.0,
}
MODELS: Mapping[str, Preset] = {
    "lr": {**PLAIN, "type": "lr", "rate": 0.01, "epochs": 5, "patience": 5, "l2": 1e-6},
    "fm": {
        **PLAIN,
        "type": "fm",
        "dim": 10,
        "rate": 0.01,
        "epochs": 15,
        "patience": 15,
        "l2": 1e-6,
    },
    "wdl": {**HIDDEN, "type": "wdl"},
    "deepfm": {**HIDDEN, "type": "deepfm"},
    "dcn": {**HIDDEN, "type": "dcn"},
    "xdeepfm": {**HIDDEN, "type": "xdeepfm", "cin": [16, 16]},
    "fibinet": {**HIDDEN, "type": "fibinet"},
    "custom": {
        **DEEP,
        "type": "custom",
        "dim": 20,
        "batch": 512,
        "rate": 0.0015,
        "epochs": 8,
        "layers": [{"type": "fm"}, {"type": "mlp", "hidden": [128, 128]}],
        "members": 8,
    },
    "towers": TOWERS,
    "towers+": {**TOWERS, **TAUGHT},
}


def teacher_of(name: str) -> str | None:
    """Give the preset that a model learns from."""
    distil = MODELS[name].get("distil") if name in MODELS else None
    return distil["teacher"] if distil else None


def preset(name: str, seed: int) -> Ranker:
    """Give a ranker by the name of its preset."""
    if name not in MODELS:
        raise SystemExit(f"no model called {name}; there are {', '.join(MODELS)}")
    ranker: Ranker = TypeAdapter(AnyRanker).validate_python({**MODELS[name], "seed": seed})
    return ranker
