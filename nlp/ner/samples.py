"""What a named-entity model learns from and what it finds."""

from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True, order=True)
class Span:
    """Characters `start` to `end` of a text are an entity of this label."""

    start: int
    end: int
    label: str


@dataclass(frozen=True)
class Sample:
    """A text and its entities; in a partial one, characters outside the spans are unknown."""

    text: str
    spans: tuple[Span, ...]
    weight: float = 1.0
    partial: bool = False


class Found(NamedTuple):
    """An entity that a model found; the confidence is the probability that span and label hold."""

    start: int
    end: int
    label: str
    confidence: float
