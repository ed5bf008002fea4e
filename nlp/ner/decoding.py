"""The best tagging of a text, and how sure each of its entities is.

Scores are flat: texts stand one after another, text `k` from `bounds[k]` to `bounds[k + 1]`.
Label `k` has the tags begin, inside, end and single at `4k + 1` to `4k + 4`.
"""

import numpy as np

from nlp.compiled import Doubles, Floats, Longs, compiled
from nlp.ner.chain import CLOSE, FINISH, GO_ON, ONWARD, Chain


@compiled
def best(scores: Floats, bounds: Longs, chain: Chain) -> Longs:
    """The likeliest tags of every text (Viterbi 1967)."""
    path = np.zeros(len(scores), np.int64)
    total = np.empty((np.diff(bounds).max() if len(bounds) > 1 else 0, scores.shape[1]))
    for text in range(len(bounds) - 1):
        low, high = bounds[text], bounds[text + 1]
        if low < high:
            go_on(scores[low:high], chain, total)
            go_back(total[: high - low], chain, path[low:high])
    return path


def chances(scores: Floats, bounds: Longs, chain: Chain, path: Longs) -> Doubles:
    """Where `path` ends an entity, the probability of exactly this entity; elsewhere zero."""
    return shares(np.exp(scores, dtype=np.float64), bounds, Chain(*map(np.exp, chain)), path)


@compiled
def go_on(scores: Floats, chain: Chain, total: Doubles) -> None:
    """The score of the best way to every tag of one text."""
    for tag in range(scores.shape[1]):
        total[0, tag] = chain.starts[tag] + scores[0, tag] if may_start(tag) else -np.inf
    for place in range(1, len(scores)):
        source = best_closed(total, place - 1, chain.leaving)
        free = total[place - 1, source] + chain.leaving[source]
        total[place, 0] = free + chain.entering[0] + scores[place, 0]
        for label in range(len(chain.within)):
            tag = 4 * label + 1
            begun, inside = total[place - 1, tag], total[place - 1, tag + 1]
            onward = max(begun + chain.within[label, ONWARD], inside + chain.within[label, GO_ON])
            close = max(begun + chain.within[label, CLOSE], inside + chain.within[label, FINISH])
            total[place, tag] = free + chain.entering[tag] + scores[place, tag]
            total[place, tag + 1] = onward + scores[place, tag + 1]
            total[place, tag + 2] = close + scores[place, tag + 2]
            total[place, tag + 3] = free + chain.entering[tag + 3] + scores[place, tag + 3]


@compiled
def best_closed(total: Doubles, place: int, leaving: Doubles) -> int:
    """Of the tags after which no entity is open the best one; of equals the first."""
    chosen, most = 0, total[place, 0] + leaving[0]
    for label in range(len(leaving) // 4):
        for tag in range(4 * label + 3, 4 * label + 5):
            if total[place, tag] + leaving[tag] > most:
                chosen, most = tag, total[place, tag] + leaving[tag]
    return chosen


@compiled
def go_back(total: Doubles, chain: Chain, path: Longs) -> None:
    """The tags along the best way."""
    tag = best_closed(total, len(path) - 1, chain.ends)
    for place in range(len(path) - 1, -1, -1):
        path[place] = tag
        label, part = (tag - 1) // 4, (tag - 1) % 4
        if place > 0 and (part == 1 or part == 2):
            begun = total[place - 1, 4 * label + 1] + chain.within[label, part - 1]
            inside = total[place - 1, 4 * label + 2] + chain.within[label, part + 1]
            tag = 4 * label + (1 if begun >= inside else 2)
        elif place > 0:
            tag = best_closed(total, place - 1, chain.leaving)


@compiled
def shares(weights: Doubles, bounds: Longs, chain: Chain, path: Longs) -> Doubles:
    """Chances of entities; weights and chain are exponentials here."""
    chance = np.zeros(len(path))
    longest = np.diff(bounds).max() if len(bounds) > 1 else 0
    forward = np.empty((longest, weights.shape[1]))
    for text in range(len(bounds) - 1):
        low, high = bounds[text], bounds[text + 1]
        if path[low:high].any():
            sum_forward(weights[low:high], chain, forward)
            sum_backward(weights[low:high], chain, forward, path[low:high], chance[low:high])
    return chance


@compiled
def sum_forward(weights: Doubles, chain: Chain, forward: Doubles) -> None:
    """Sums over all ways to every tag; scales both them and the weights (Rabiner 1989)."""
    for place in range(len(weights)):
        if place == 0:
            for tag in range(weights.shape[1]):
                forward[0, tag] = chain.starts[tag] * weights[0, tag] if may_start(tag) else 0.0
        else:
            sum_into(weights, chain, place, forward)
        scale = 1.0 / forward[place].sum()
        for tag in range(weights.shape[1]):
            forward[place, tag] *= scale
            weights[place, tag] *= scale


@compiled
def sum_into(weights: Doubles, chain: Chain, place: int, forward: Doubles) -> None:
    """One character on."""
    free = forward[place - 1, 0] * chain.leaving[0]
    for label in range(len(chain.within)):
        for tag in range(4 * label + 3, 4 * label + 5):
            free += forward[place - 1, tag] * chain.leaving[tag]
    forward[place, 0] = free * chain.entering[0] * weights[place, 0]
    for label in range(len(chain.within)):
        tag, steps = 4 * label + 1, chain.within
        begun, inside = forward[place - 1, tag], forward[place - 1, tag + 1]
        onward = begun * steps[label, ONWARD] + inside * steps[label, GO_ON]
        close = begun * steps[label, CLOSE] + inside * steps[label, FINISH]
        forward[place, tag] = free * chain.entering[tag] * weights[place, tag]
        forward[place, tag + 1] = onward * weights[place, tag + 1]
        forward[place, tag + 2] = close * weights[place, tag + 2]
        forward[place, tag + 3] = free * chain.entering[tag + 3] * weights[place, tag + 3]


@compiled
def sum_backward(
    weights: Doubles, chain: Chain, forward: Doubles, path: Longs, chance: Doubles
) -> None:
    """Sums over all ways from every tag to the end, and along every entity of the path."""
    behind = closing(forward, len(path) - 1, chain.ends)
    sure, end = 0.0, 0
    for place in range(len(path) - 1, -1, -1):
        tag, part = path[place], (path[place] - 1) % 4
        if tag and part >= 2:
            sure, end = behind[tag], place
        elif tag:
            after = path[place + 1]
            step = chain.within[tag // 4, 2 * part + (after - 1) % 4 - 1]
            sure *= step * weights[place + 1, after]
        if tag and (part == 0 or part == 3):
            chance[end] = sure * forward[place, tag]
        if place > 0:
            sum_behind(weights, chain, place, behind)


@compiled
def closing(forward: Doubles, last: int, ends: Doubles) -> Doubles:
    """Behind the last character: the shares of last tags over their sum."""
    behind, total = np.zeros(len(ends)), 0.0
    for tag in range(len(ends)):
        if may_end(tag):
            behind[tag] = ends[tag]
            total += ends[tag] * forward[last, tag]
    return behind / total


@compiled
def sum_behind(weights: Doubles, chain: Chain, place: int, behind: Doubles) -> None:
    """One character back, in place."""
    enter = chain.entering[0] * weights[place, 0] * behind[0]
    for label in range(len(chain.within)):
        for tag in range(4 * label + 1, 4 * label + 5, 3):
            enter += chain.entering[tag] * weights[place, tag] * behind[tag]
    behind[0] = enter * chain.leaving[0]
    for label in range(len(chain.within)):
        tag, steps = 4 * label + 1, chain.within
        inside, end = (
            weights[place, tag + 1] * behind[tag + 1],
            weights[place, tag + 2] * behind[tag + 2],
        )
        behind[tag] = steps[label, ONWARD] * inside + steps[label, CLOSE] * end
        behind[tag + 1] = steps[label, GO_ON] * inside + steps[label, FINISH] * end
        behind[tag + 2] = enter * chain.leaving[tag + 2]
        behind[tag + 3] = enter * chain.leaving[tag + 3]


@compiled
def may_start(tag: int) -> bool:
    """Neither inside nor end."""
    return tag == 0 or (tag - 1) % 4 in (0, 3)


@compiled
def may_end(tag: int) -> bool:
    """Neither begin nor inside."""
    return tag == 0 or (tag - 1) % 4 in (2, 3)
