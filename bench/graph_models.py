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
        return cast(Trained, made(type=name, over=over, **self.options).fit(lesson))


LIKES: Mapping[str, Preset] = {
    "linear": Preset("recall.spaces.linear:Linear"),
    "lightgcn": Preset("recall.spaces.lightgcn:LightGCN"),
}

LINKS: Mapping[str, Preset] = {
    "linear": Preset("recall.spaces.linear:Linear"),
}
