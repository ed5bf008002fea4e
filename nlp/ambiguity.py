"""Which tag a written form means here, when several go by it.

Every owner is weighed: how openly the form is its name, how common it is, the company it keeps,
its family in the same title, what the catalogue says of the item, whether its facet is already
taken, and what the entity model thinks. Sole owners first; then the others, twice, so that they
can lean on each other.
"""

from typing import NamedTuple

import numpy as np

from nlp.compiled import Bytes, Doubles, Ints, Longs, compiled
from nlp.cooccurrence import Cooccurrence, attraction, looked_up
from nlp.matching import Spans
from nlp.net import HIDDEN, INFLECTED, Net

SOLE, OPENNESS, COMMON, COMPANY, FAMILY, HINT, FACET, OPINION, GUESS = range(9)
TRUST, NARROW, WIDE = 4.0, -3.0, 5.0
RELATED, HINTED, DENIED, TAKEN = 3.0, 6.0, -4.0, -1.5
_DEPTH = 32


class Heard(NamedTuple):
    """What is known beside the text: places of hinted tags, and the entity model's spans."""

    hinted: Longs  # by text: where its hints begin; one more at the end
    hint: Ints
    spoken: Longs  # by text: where its opinions begin; one more at the end
    start: Longs  # positions in the folded codes
    end: Longs
    facet: Ints
    odds: Doubles


class Meanings(NamedTuple):
    """For every span: the place of its tag, how sure that is among the owners, and what decided."""

    place: Ints
    share: Doubles
    reason: Bytes
    support: Doubles  # how well the tag fits in, as log odds


class Scales(NamedTuple):
    """What the weighing of one span reads and writes."""

    context: Ints  # places of the other tags of the title
    hints: Ints
    score: Doubles  # (reason,)


def mean(spans: Spans, net: Net, company: Cooccurrence, heard: Heard) -> Meanings:
    """Decide for every span of every text."""
    size = len(spans.pattern)
    found = Meanings(
        np.full(size, -1, np.int32), np.ones(size), np.zeros(size, np.uint8), np.zeros(size)
    )
    sole(spans.pattern, net.owned, net.owner, found.place)
    decide(spans, net, company, heard, found, np.diff(net.owned)[spans.pattern])
    return found


@compiled
def sole(pattern: Ints, owned: Longs, owner: Ints, place: Ints) -> None:
    """Spans whose form belongs to one tag only."""
    for span in range(len(pattern)):
        low = owned[pattern[span]]
        if owned[pattern[span] + 1] - low == 1:
            place[span] = owner[low]


@compiled
def decide(
    spans: Spans, net: Net, company: Cooccurrence, heard: Heard, found: Meanings, owners: Longs
) -> None:
    """Twice over the ambiguous spans of each text, once over all for support."""
    for text in range(len(spans.first) - 1):
        low, high = spans.first[text], spans.first[text + 1]
        hints = heard.hint[heard.hinted[text] : heard.hinted[text + 1]]
        for turn in range(3):
            for span in range(low, high):
                if turn < 2 and owners[span] > 1:
                    weigh_owners(spans, net, company, heard, found, text, span, hints)
                elif turn == 2 and (company.titles > 0 or len(hints) > 0):
                    others = company_of(found.place, low, high, span)
                    found.support[span] = support(net, company, found.place[span], others, hints)


@compiled
def company_of(place: Ints, low: int, high: int, span: int) -> Ints:
    """Tags of the title's other spans, as far as they are decided."""
    found = np.empty(high - low, np.int32)
    used = 0
    for other in range(low, high):
        if other != span and place[other] >= 0 and place[other] != place[span]:
            found[used] = place[other]
            used += 1
    return found[:used]


@compiled
def weigh_owners(
    spans: Spans,
    net: Net,
    company: Cooccurrence,
    heard: Heard,
    found: Meanings,
    text: int,
    span: int,
    hints: Ints,
) -> None:
    """Choose among the owners of one form."""
    first, last = net.owned[spans.pattern[span]], net.owned[spans.pattern[span] + 1]
    context = company_of(found.place, spans.first[text], spans.first[text + 1], span)
    score = np.zeros((last - first, GUESS))
    for row in range(last - first):
        place = net.owner[first + row]
        score[row, OPENNESS] = openness(net.kind[first + row])
        score[row, COMMON] = 0.7 * np.log1p(
            looked_up(company.tag, company.count, net.number[place])
        )
        score[row, FACET] = crowding(net, place, context)
        weigh_company(net, company, place, context, hints, score[row])
        score[row, OPINION] = opinion(heard, text, spans.start[span], spans.end[span], net.facet[place])
    total = score.sum(axis=1)
    best = foremost(total, net.number, net.owner[first:last])
    share = np.exp(total - total[best])
    found.place[span], found.share[span] = net.owner[first + best], 1.0 / share.sum()
    found.reason[span] = deciding(score, total, best)


@compiled
def openness(kind: int) -> float:
    """A misspelling or another number is a weaker name."""
    if kind == HIDDEN:
        return -2.0
    return -1.0 if kind == INFLECTED else 0.0


@compiled
def crowding(net: Net, place: int, context: Ints) -> float:
    """Whether another tag of the same facet stands here already."""
    for other in context:
        if net.facet[other] == net.facet[place] and not is_family(net, other, place):
            return TAKEN
    return 0.0


@compiled
def weigh_company(
    net: Net, company: Cooccurrence, place: int, context: Ints, hints: Ints, score: Doubles
) -> None:
    """Company, family and hints."""
    number = net.number[place]
    for other in context:
        score[COMPANY] += clipped(attraction(company, number, net.number[other], TRUST))
        if is_family(net, other, place):
            score[FAMILY] = RELATED
    for hint in hints:
        if not among(hint, context):
            score[COMPANY] += clipped(attraction(company, number, net.number[hint], TRUST))
        score[HINT] += agreement(net, hint, place)


@compiled
def clipped(value: float) -> float:
    """No single neighbour decides everything."""
    return min(max(value, NARROW), WIDE)


@compiled
def among(place: int, places: Ints) -> bool:
    """Whether it is one of them."""
    for other in places:
        if other == place:
            return True
    return False


@compiled
def agreement(net: Net, hint: int, place: int) -> float:
    """What the catalogue's own tag says for or against this one."""
    if hint == place:
        return HINTED
    if is_family(net, hint, place):
        return RELATED
    return DENIED if net.facet[hint] == net.facet[place] else 0.0


@compiled
def is_family(net: Net, one: int, other: int) -> bool:
    """Whether one of the two is above the other."""
    return is_over(net.raised, net.parent, one, other) or is_over(net.raised, net.parent, other, one)


@compiled
def is_over(raised: Longs, parent: Ints, upper: int, lower: int) -> bool:
    """Whether `upper` is an ancestor of `lower`."""
    level = np.full(1, lower, np.int32)
    for _ in range(_DEPTH):
        size = 0
        for place in level:
            size += raised[place + 1] - raised[place]
        if size == 0 or size > 1024:
            return False
        above, used = np.empty(size, np.int32), 0
        for place in level:
            for at in range(raised[place], raised[place + 1]):
                if parent[at] == upper:
                    return True
                above[used] = parent[at]
                used += 1
        level = above
    return False


@compiled
def opinion(heard: Heard, text: int, start: int, end: int, facet: int) -> float:
    """What the entity model says about this stretch: for its facet, against all others."""
    total = 0.0
    for at in range(heard.spoken[text], heard.spoken[text + 1]):
        if heard.start[at] < end and heard.end[at] > start:
            total += heard.odds[at] if heard.facet[at] == facet else -heard.odds[at]
    return total


@compiled
def foremost(total: Doubles, number: Longs, owners: Ints) -> int:
    """The owner with the highest total; of equals the one with the smaller id."""
    best = 0
    for row in range(1, len(total)):
        better = total[row] > total[best] + 1e-9
        equal = abs(total[row] - total[best]) <= 1e-9
        if better or (equal and number[owners[row]] < number[owners[best]]):
            best = row
    return best


@compiled
def deciding(score: Doubles, total: Doubles, best: int) -> int:
    """What set the winner apart from the next one."""
    second = -1
    for row in range(len(total)):
        if row != best and (second < 0 or total[row] > total[second]):
            second = row
    if total[best] - total[second] < 0.2:
        return GUESS
    gap = score[best] - score[second]
    return np.argmax(gap[1:]) + 1


@compiled
def support(net: Net, company: Cooccurrence, place: int, context: Ints, hints: Ints) -> float:
    """How well the chosen tag fits its surroundings."""
    score = np.zeros(GUESS)
    weigh_company(net, company, place, context, hints, score)
    known = max(1, len(context) + len(hints))
    return score[HINT] + score[FAMILY] + score[COMPANY] / known
