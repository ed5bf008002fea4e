"""Batches to learn items' vectors from: what was done side by side, and items with themselves."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from graph.graph import Edges, Floats, Numbers
from graph.products import rows_of
from nlp.compiled import Flags
from recall.spaces.trained import Sessions


@dataclass(frozen=True)
class Pairs:
    """Bags of anchors; of their targets, a row for each, and of others to tell them from."""

    anchors: Edges
    targets: Edges
    numbers: Numbers  # (targets,) the items that they are of
    expected: Floats  # (targets,) how often each was to be drawn

    def right(self) -> Flags:
        """Mark what is the same item as an anchor's target. # (anchors, targets)"""
        rows = len(self.anchors.starts) - 1
        return np.asarray(self.numbers[:rows, None] == self.numbers[None, :])


@dataclass(frozen=True)
class Shares:
    """Of what a batch consists."""

    batch: int
    window: int
    own: float  # share of items that are paired with themselves
    forget: float  # share of what items are known by that is not looked at
    negatives: int


class Drawing:
    """Draws pairs out of sessions, and items as pairs of two halves of themselves."""

    def __init__(self, bags: Edges, sessions: Sessions, shares: Shares, seed: int) -> None:
        self.bags, self.sessions, self.shares = bags, sessions, shares
        self.random = np.random.default_rng(seed)
        self.sociable = bool((np.diff(sessions.starts) > 1).any())
        self.known = np.flatnonzero(np.diff(bags.starts)).astype(np.int32)

    @cached_property
    def session(self) -> Numbers:
        """Give the number of the session of each step."""
        lengths = np.diff(self.sessions.starts)
        return np.repeat(np.arange(len(lengths), dtype=np.int32), lengths)

    @cached_property
    def chances(self) -> Floats:
        """Give the share of steps that are at each item."""
        items = self.sessions.items
        counts = np.bincount(items[items >= 0], minlength=len(self.bags.starts) - 1)
        return np.asarray(counts / max(counts.sum(), 1), np.float32)

    def batch(self) -> Pairs:
        """Draw one batch."""
        shares = self.shares
        near, far = self._beside(round(shares.batch * (1 - shares.own)))
        own = self.random.choice(self.known, shares.batch - len(near))
        others = self.random.choice(self.known, shares.negatives)
        whole = rows_of(self.bags, own)
        half = self.random.random(len(whole)) < 0.5
        anchors = joined(self._torn(near), without(whole, half))
        mates = joined(self._torn(far), without(whole, ~half))
        numbers = np.concatenate((far, own, others))
        even = (len(own) + len(others)) / len(self.known)
        expected = (len(near) * self.chances[numbers] + even).astype(np.float32)
        return Pairs(anchors, joined(mates, self._torn(others)), numbers, expected)

    def _beside(self, size: int) -> tuple[Numbers, Numbers]:
        """Draw steps, and for each another one of its session near by, of another item."""
        items = self.sessions.items
        if not self.sociable or not size:
            return items[:0], items[:0]
        steps = self.random.integers(len(items), size=4 * size)
        ways = self.random.integers(1, self.shares.window + 1, size=len(steps))
        others = steps + ways * self.random.choice((-1, 1), len(steps))
        inside = (others >= 0) & (others < len(items))
        steps, others = steps[inside], others[inside]
        near, far = items[steps], items[others]
        fits = (self.session[steps] == self.session[others]) & (near != far)
        fits &= (near >= 0) & (far >= 0)
        return near[fits][:size], far[fits][:size]

    def _torn(self, items: Numbers) -> Edges:
        whole = rows_of(self.bags, items)
        return without(whole, self.random.random(len(whole)) < self.shares.forget)


def without(bags: Edges, gone: Flags) -> Edges:
    """Let some of what is in bags count for nothing; the rest counts as much as all did."""
    owners, rows = bags.sources(), len(bags.starts) - 1
    rest = np.where(gone, 0, bags.weights)
    whole = np.bincount(owners, bags.weights, rows)
    left = np.bincount(owners, rest, rows)
    stays = (left > 0)[owners]
    scale = (whole / np.maximum(left, 1e-9))[owners]
    return replace(bags, weights=np.where(stays, rest * scale, bags.weights).astype(np.float32))


def joined(first: Edges, second: Edges) -> Edges:
    """Put rows below rows."""
    return replace(
        first,
        starts=np.concatenate((first.starts, second.starts[1:] + len(first))),
        targets=np.concatenate((first.targets, second.targets)),
        weights=np.concatenate((first.weights, second.weights)),
    )
