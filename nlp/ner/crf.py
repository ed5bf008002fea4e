"""A linear-chain conditional random field: sums over all taggings, for training.

Lafferty, McCallum, Pereira 2001. Sums run over probabilities that are scaled at each character
(Rabiner 1989), not over logarithms. Emissions are flat: texts stand one after another, text `k`
from `bounds[k]` to `bounds[k + 1]`. The chain is (tag to tag, first tag, last tag).
"""

import numpy as np
from numpy.typing import NDArray

from nlp.compiled import Doubles, Longs, compiled

Flags = NDArray[np.bool_]


@compiled
def weigh(emissions: Doubles, allowed: Flags) -> tuple[Doubles, float]:
    """Exponentials of one text's emissions over their greatest, and what that left out."""
    n, t = emissions.shape
    weights = np.zeros((n, t))
    left_out = 0.0
    for place in range(n):
        most = -np.inf
        for tag in range(t):
            if allowed[place, tag]:
                most = max(most, emissions[place, tag])
        for tag in range(t):
            if allowed[place, tag]:
                weights[place, tag] = np.exp(emissions[place, tag] - most)
        left_out += most
    return weights, left_out


@compiled
def sum_forward(weights: Doubles, follows: Doubles, starts: Doubles) -> tuple[Doubles, Doubles]:
    """Scaled sums over all ways to every tag, and the scales."""
    n, t = weights.shape
    forward = np.zeros((n, t))  # (characters, tags)
    scale = np.zeros(n)
    for place in range(n):
        for tag in range(t):
            before = starts[tag]
            if place > 0:
                before = 0.0
                for last in range(t):
                    before += forward[place - 1, last] * follows[last, tag]
            forward[place, tag] = before * weights[place, tag]
            scale[place] += forward[place, tag]
        forward[place] /= scale[place]
    return forward, scale


@compiled
def sum_backward(weights: Doubles, scale: Doubles, follows: Doubles, ends: Doubles) -> Doubles:
    """Scaled sums over all ways from every tag to the end; not yet over the closing sum."""
    n, t = weights.shape
    backward = np.zeros((n, t))  # (characters, tags)
    backward[n - 1] = ends
    for place in range(n - 2, -1, -1):
        for after in range(t):
            onward = weights[place + 1, after] * backward[place + 1, after] / scale[place + 1]
            for tag in range(t):
                backward[place, tag] += follows[tag, after] * onward
    return backward


@compiled
def sums(
    emissions: Doubles, allowed: Flags, follows: Doubles, starts: Doubles, ends: Doubles
) -> tuple[float, Doubles, Doubles, Doubles]:
    """Log of the sum over all taggings; forward sums, backward sums, and steps into every tag."""
    weights, left_out = weigh(emissions, allowed)
    forward, scale = sum_forward(weights, follows, starts)
    backward = sum_backward(weights, scale, follows, ends)
    close = 0.0
    for tag in range(len(ends)):
        close += forward[-1, tag] * ends[tag]
    for place in range(len(weights)):
        weights[place] /= scale[place]
    total = left_out + np.log(scale).sum() + np.log(close)
    return total, forward, backward / close, weights


@compiled
def expected(
    emissions: Doubles,  # (characters, tags)
    allowed: Flags,  # (characters, tags)
    bounds: Longs,
    factors: Doubles,  # (texts,)
    follows: Doubles,
    starts: Doubles,
    ends: Doubles,
) -> tuple[Doubles, Doubles, Doubles, Doubles, Doubles]:
    """Log sums of texts; expected counts of tags, steps, firsts, lasts, times texts' factors."""
    follows, starts, ends = np.exp(follows), np.exp(starts), np.exp(ends)
    totals = np.zeros(len(factors))
    tags = np.zeros(emissions.shape)
    steps = np.zeros(follows.shape)
    firsts, lasts = np.zeros(len(starts)), np.zeros(len(ends))
    for text in range(len(factors)):
        low, high = bounds[text], bounds[text + 1]
        totals[text], forward, backward, into = sums(
            emissions[low:high], allowed[low:high], follows, starts, ends
        )
        tags[low:high] = factors[text] * forward * backward
        _count_steps(forward, factors[text] * into * backward, follows, steps)
        firsts += tags[low]
        lasts += tags[high - 1]
    return totals, tags, steps, firsts, lasts


@compiled
def _count_steps(forward: Doubles, onward: Doubles, follows: Doubles, steps: Doubles) -> None:
    for place in range(1, len(forward)):
        for last in range(forward.shape[1]):
            for tag in range(forward.shape[1]):
                steps[last, tag] += (
                    forward[place - 1, last] * follows[last, tag] * onward[place, tag]
                )
