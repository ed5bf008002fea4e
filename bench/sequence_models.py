"""Which towers the sequence bench knows: the product's own sections, with the options for a table.

Everybody's last deed but one decides when to stop, as in papers. Where persons did little, towers
start from LightGCN instead, and learn all deeds but the last for a fixed number of epochs.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bench.graph_models import Preset

FLOOR, MORE = "linear", "+"
COMMON = {
    "held_out": 1.0,
    "negatives": {"count": 2048, "batch": False, "power": 0.3},
    "dropout": 0.4,
    "forget": 0.0,  # nobody is new here
    "rate": 0.004,
    "epochs": 12,
}
SHORT = 6  # deeds of a person; with fewer on the average, order says little and each one counts
FEW = {
    "negatives": {"count": 512, "batch": False, "power": 0.5, "corrected": "none"},
    "shuffled": True,
    "dropout": 0.0,
    "dim": 64,
    "pretrained": "lightgcn",
    "pretrained_as": "start",
    "popularity": 0.2,
    "temperature": 0.1,
    "rate": 0.001,
    "batch": 4096,
    "epochs": 3,
    "held_out": 0.0,  # where it starts from has learned all deeds but the last
}


@dataclass(frozen=True)
class Tower(Preset):
    """A tower, or a floor beside it."""

    def with_tags(self, there: bool) -> "Tower":
        """Let items have tags, if there are any."""
        return replace(self, options={**self.options, "features": ["tagged"] if there else []})

    def with_few(self, deeds: float) -> "Tower":
        """Take other options where persons did so little, on the average."""
        return replace(self, options={**self.options, **FEW}) if deeds < SHORT else self

    def start(self) -> str | None:
        """Name the space that it starts from."""
        name: str | None = self.options.get("pretrained")
        return name

    def learning_more(self) -> "Tower":
        """Hold the last deeds of few persons out, as shops do."""
        return replace(self, options={**self.options, "held_out": 0.1})


def _tower(section: str, **options: Any) -> Tower:
    return Tower(f"recall.spaces.{section}", {**COMMON, **options})


TOWERS: Mapping[str, Tower] = {
    FLOOR: Tower("recall.spaces.linear:Linear"),
    "youtube": _tower("youtube:YouTube"),
    "dssm": _tower("dssm:DSSM", layers=1),
    "multi-interest": _tower("multi_interest:MultiInterest"),
}


STARTS: Mapping[str, Preset] = {
    "lightgcn": Preset("recall.spaces.lightgcn:LightGCN", {"dim": 64, "epochs": 4}),
}


def tower_of(name: str) -> Tower:
    """Find a tower's options, of `NAME+` with more to learn; say what there is if it is not."""
    plain = name.removesuffix(MORE)
    if plain not in TOWERS:
        raise SystemExit(f"--models: no model called {name!r} here; there are {', '.join(TOWERS)}")
    return TOWERS[plain] if plain == name else TOWERS[plain].learning_more()
