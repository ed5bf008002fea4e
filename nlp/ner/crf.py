"""A linear-chain conditional random field: sums over all taggings, the best one, and marginals.

Lafferty, McCallum, Pereira 2001. All sums run over probabilities that are scaled at each step
(Rabiner 1989), not over logarithms. Emissions are flat: the texts of a batch one after another,
`bounds[k]` to `bounds[k + 1]` being those of text `k`.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@njit(cache=True)
def chain(  # type: ignore[no-untyped-def]
    emissions, allowed, weights, follows, starts, ends  # (n, t), (n, t), (n, t), (t, t), (t,), (t,)
):
    """Scaled forward and backward sums of one text, and the logarithm of the whole sum."""
    n, t = emissions.shape
    forward = np.zeros((n, t))
    backward = np.zeros((n, t))
    scale = np.zeros(n)
    total = 0.0
    for place in range(n):
        most = -np.inf
        for tag in range(t):
            if allowed[place, tag] and emissions[place, tag] > most:
                most = emissions[place, tag]
        total += most
        for tag in range(t):
            held = emissions[place, tag] - most
            weights[place, tag] = np.exp(held) if allowed[place, tag] else 0.0
            before = starts[tag] if place == 0 else 0.0
            if place > 0:
                for last in range(t):
                    before += forward[place - 1, last] * follows[last, tag]
            forward[place, tag] = before * weights[place, tag]
            scale[place] += forward[place, tag]
        total += np.log(scale[place])
        for tag in range(t):
            forward[place, tag] /= scale[place]
    close = 0.0
    for tag in range(t):
        close += forward[n - 1, tag] * ends[tag]
    for tag in range(t):
        backward[n - 1, tag] = ends[tag] / close
    for place in range(n - 2, -1, -1):
        for tag in range(t):
            for after in range(t):
                backward[place, tag] += (
                    follows[tag, after]
                    * weights[place + 1, after]
                    * backward[place + 1, after]
                    / scale[place + 1]
                )
    return total + np.log(close), forward, backward, scale


@njit(cache=True)
def expected(  # type: ignore[no-untyped-def]
    emissions, allowed, bounds, factors, follows, starts, ends
):
    """Log sums of each text, and expected counts of tags and of steps, times the text's factor."""
    follows, starts, ends = np.exp(follows), np.exp(starts), np.exp(ends)
    n, t = emissions.shape
    totals = np.zeros(len(bounds) - 1)
    tags = np.zeros((n, t))
    steps = np.zeros((t, t))
    firsts = np.zeros(t)
    lasts = np.zeros(t)
    for text in range(len(bounds) - 1):
        low, high = bounds[text], bounds[text + 1]
        weights = np.zeros((high - low, t))
        totals[text], forward, backward, scale = chain(
            emissions[low:high], allowed[low:high], weights, follows, starts, ends
        )
        factor = factors[text]
        for place in range(high - low):
            for tag in range(t):
                tags[low + place, tag] = factor * forward[place, tag] * backward[place, tag]
                if place > 0:
                    into = factor * weights[place, tag] * backward[place, tag] / scale[place]
                    for last in range(t):
                        steps[last, tag] += forward[place - 1, last] * follows[last, tag] * into
        firsts += tags[low]
        lasts += tags[high - 1]
    return totals, tags, steps, firsts, lasts


@njit(cache=True)
def best(  # type: ignore[no-untyped-def]
    emissions, bounds, follows, starts, ends
):
    """The likeliest tags of every text (Viterbi 1967)."""
    n, t = emissions.shape
    path = np.zeros(n, np.int64)
    came = np.zeros((n, t), np.int64)
    score = np.zeros(t)
    here = np.zeros(t)
    for text in range(len(bounds) - 1):
        low, high = bounds[text], bounds[text + 1]
        if low == high:
            continue
        score[:] = starts + emissions[low]
        for place in range(low + 1, high):
            for tag in range(t):
                most = -np.inf
                for last in range(t):
                    value = score[last] + follows[last, tag]
                    if value > most:
                        most = value
                        came[place, tag] = last
                here[tag] = most + emissions[place, tag]
            score[:] = here
        path[high - 1] = np.argmax(score + ends)
        for place in range(high - 1, low, -1):
            path[place - 1] = came[place, path[place]]
    return path


@njit(cache=True)
def chances(  # type: ignore[no-untyped-def]
    emissions, bounds, follows, starts, ends, path
):
    """For every character that ends an entity of `path`: the probability of exactly that entity."""
    follows, starts, ends = np.exp(follows), np.exp(starts), np.exp(ends)
    n, t = emissions.shape
    chance = np.zeros(n)
    allowed = np.ones((n, t), np.bool_)
    for text in range(len(bounds) - 1):
        low, high = bounds[text], bounds[text + 1]
        if not path[low:high].any():
            continue
        weights = np.zeros((high - low, t))
        _, forward, backward, scale = chain(
            emissions[low:high], allowed[low:high], weights, follows, starts, ends
        )
        so_far = 0.0
        for place in range(high - low):
            tag = path[low + place]
            part = (tag - 1) % 4
            if part in (0, 3):
                so_far = forward[place, tag]
            else:
                step = follows[path[low + place - 1], tag] if tag else 0.0
                so_far *= step * weights[place, tag] / scale[place]
            if tag and part in (2, 3):
                chance[low + place] = so_far * backward[place, tag]
    return chance
