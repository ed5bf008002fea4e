"""Which models the graph bench knows: the product's own sections, with the options for a format.

A line names the section's module and class, and what differs from the product's defaults.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, cast

from recall.spaces.trained import Lesson, Trained


@dataclass(frozen=True)
class Preset:
    """A model for one format of data."""

    section: str  # module:class
    options: Mapping[str, Any] = field(default_factory=dict)
    apart: bool = False  # one space for each kind of edge instead of one over all

    def fit(self, name: str, over: list[str], lesson: Lesson) -> Trained:
        """Make the section, as the spec would, and train it."""
        module, _, kind = self.section.partition(":")
        made = getattr(import_module(module), kind)
        edges = {"over": over} if "over" in made.model_fields else {}
        return cast(Trained, made(type=name, **edges, **self.options).fit(lesson))


SAGE = "recall.spaces.graphsage:GraphSAGE"

WALKED = {"walks": 20, "window": 3, "power": 0.4}  # what is popular may come more often

LIKES: Mapping[str, Preset] = {
    "linear": Preset("recall.spaces.linear:Linear"),
    "lightgcn": Preset(
        "recall.spaces.lightgcn:LightGCN",
        {"dim": 192, "epochs": 4},  # published with 64
    ),
    "graphsage": Preset(
        SAGE,
        {
            "layers": 1,
            "forget": 0.0,  # nobody is new here
            "temperature": 0.1,
            "batch": 8192,
            "negatives": {"random": 512, "power": 0.0, "batch": 0},
            "rounds": 60,
        },
    ),
    "item2vec": Preset(
        "recall.spaces.item2vec:Item2Vec",
        {"shuffled": True, "window": 10, "epochs": 40, "power": 0.4},  # likes come without order
    ),
    "deepwalk": Preset("recall.spaces.deepwalk:DeepWalk", WALKED),
    "node2vec": Preset("recall.spaces.node2vec:Node2Vec", WALKED),
    "metapath2vec": Preset("recall.spaces.metapath2vec:MetaPath2Vec", {**WALKED, "walks": 40}),
}

LINKS: Mapping[str, Preset] = {
    "linear": Preset("recall.spaces.linear:Linear"),
    "graphsage": Preset(
        SAGE, {"batch": 2048, "negatives": {"random": 128, "batch": 128}, "rounds": 30}
    ),
    "deepwalk": Preset("recall.spaces.deepwalk:DeepWalk", apart=True),
    "node2vec": Preset("recall.spaces.node2vec:Node2Vec", apart=True),
}
