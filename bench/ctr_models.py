"""The presets that rankers are measured with, chosen on the validation part."""

from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter

from ranking.rankers.kinds import AnyRanker
from ranking.rankers.spec import Ranker

TOWERS: Mapping[str, Any] = {
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
TAUGHT: Mapping[str, Any] = {
    "distil": {"teacher": "teacher", "drawn": 3},
    "rate": 0.004,
    "batch": 4096,
    "epochs": 3,
    "l2": 1e-6,
    "dropout": 0.0,
}
TEACHER: Mapping[str, Any] = {
    "type": "custom",
    "layers": [{"type": "fm"}, {"type": "mlp", "hidden": [128, 128]}],
    "members": 3,
    "dim": 32,
    "rate": 0.004,
    "schedule": "cosine",
    "epochs": 12,
    "patience": 3,
    "l2": 1e-3,
    "dropout": 0.2,
}
MODELS: Mapping[str, Mapping[str, Any]] = {
    "towers": TOWERS,
    "towers+": {**TOWERS, **TAUGHT},
    "teacher": TEACHER,
    "fm": {"type": "fm", "dim": 10, "rate": 0.003, "l2": 1e-6, "epochs": 30},
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
