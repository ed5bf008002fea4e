"""The presets that rankers are measured with, chosen on the validation part."""

from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter

from ranking.rankers.kinds import AnyRanker
from ranking.rankers.spec import Ranker

MODELS: Mapping[str, Mapping[str, Any]] = {
    "fm": {"type": "fm", "dim": 10, "rate": 0.003, "l2": 1e-6, "epochs": 30},
}


def preset(name: str, seed: int) -> Ranker:
    """Give a ranker by the name of its preset."""
    if name not in MODELS:
        raise SystemExit(f"no model called {name}; there are {', '.join(MODELS)}")
    ranker: Ranker = TypeAdapter(AnyRanker).validate_python({**MODELS[name], "seed": seed})
    return ranker
