"""Which tag a written form means here, when several go by it.

Every owner is a candidate and is weighed: how openly the form is its name, how common it is, the
company it keeps, its family in the same title, what the catalogue says of the item, whether its
facet is already taken, and what the entity model thinks. Sole owners come first; the others are
decided twice, so that they can lean on each other.
"""

from typing import NamedTuple

import numpy as np

from nlp.bonds import Bonds, attractions
from nlp.compiled import Bytes, Doubles, Ints, Longs, compiled
from nlp.matching import Spans
from nlp.net import Net

SOLE, OPENNESS, COMMON, COMPANY, FAMILY, HINT, FACET, OPINION, GUESS = range(9)
OPENLY = np.array([0.0, 0.0, -2.0, -1.0])  # by kind of label
RELATED, HINTED, DENIED, TAKEN, OFTEN = 3.0, 6.0, -4.0, -2.5, 0.5
CLEAR = 0.2
APART, SAME, KIN, RIVAL = range(4)  # how two tags stand to each other
TURNS = 2


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
    """For every span: the place of its tag, its share among the owners, and what decided."""

    place: Ints
    share: Doubles
    reason: Longs
    support: Doubles  # how well the tag fits in, as log odds


class Candidates(NamedTuple):
    """Owners of spans, those of one span side by side."""

    span: Longs
    place: Ints
    kind: Bytes


class Pairs(NamedTuple):
    """A candidate and another tag of its title."""

    row: Longs
    other: Ints
    hinted: Bytes
    relation: Bytes


def mean(spans: Spans, net: Net, bonds: Bonds, heard: Heard) -> Meanings:
    """Decide for every span of every text."""
    size = len(spans.pattern)
    several = np.diff(net.owned)[spans.pattern] > 1
    place = np.where(several, -1, first_owner(spans, net))
    found = Meanings(place, np.ones(size), np.zeros(size, np.int64), np.zeros(size))
    rows = candidates(spans, net, np.flatnonzero(several))
    if len(rows.span):
        for _ in range(TURNS):
            found = decided(found, rows, weighed(rows, spans, net, bonds, heard, found.place), net)
    if len(bonds.count) or len(heard.hint):
        found = found._replace(support=supported(found, spans, net, bonds, heard))
    return found


def first_owner(spans: Spans, net: Net) -> Ints:
    """The tag that goes by each span's form, or the first of them."""
    return net.owner[net.owned[spans.pattern]] if len(spans.pattern) else np.zeros(0, np.int32)


def candidates(spans: Spans, net: Net, chosen: Longs) -> Candidates:
    """All owners of some spans."""
    low = net.owned[spans.pattern[chosen]]
    count = net.owned[spans.pattern[chosen] + 1] - low
    owner = np.repeat(low - (np.cumsum(count) - count), count) + np.arange(count.sum())
    return Candidates(np.repeat(chosen, count), net.owner[owner], net.kind[owner])


def weighed(
    rows: Candidates, spans: Spans, net: Net, bonds: Bonds, heard: Heard, place: Ints
) -> Doubles:
    """What speaks for and against each candidate."""
    pairs = paired(rows, spans, net, heard, place)
    score = np.zeros((len(rows.span), GUESS))  # (candidate, reason)
    score[:, OPENNESS] = OPENLY[rows.kind]
    score[:, COMMON] = OFTEN * bonds.common[rows.place] if len(bonds.common) else 0.0
    score[:, FACET] = TAKEN * told(pairs, (pairs.relation == RIVAL) & (pairs.hinted == 0), rows)
    score[:, FAMILY] = RELATED * told(pairs, (pairs.relation == KIN) & (pairs.hinted == 0), rows)
    score[:, HINT] = hints_say(pairs, rows)
    score[:, COMPANY] = company(pairs, rows, bonds)
    if len(heard.odds):
        score[:, OPINION] = opinions(rows, spans, net, heard)
    return score


def told(pairs: Pairs, which: Bytes, rows: Candidates) -> Bytes:
    """Whether any of these pairs is there, by candidate."""
    return np.bincount(pairs.row[which], minlength=len(rows.span)) > 0


def hints_say(pairs: Pairs, rows: Candidates) -> Doubles:
    """What the catalogue's tags say: the very tag, a relative, or a rival."""
    value = np.array([0.0, HINTED, RELATED, DENIED])[pairs.relation] * pairs.hinted
    return np.bincount(pairs.row, value, len(rows.span))


def company(pairs: Pairs, rows: Candidates, bonds: Bonds) -> Doubles:
    """The sum of attractions to the other tags."""
    if not len(bonds.count):
        return np.zeros(len(rows.span))
    value = attractions(bonds, rows.place[pairs.row], pairs.other)
    return np.bincount(pairs.row, value, len(rows.span))


def paired(rows: Candidates, spans: Spans, net: Net, heard: Heard, place: Ints) -> Pairs:
    """Each candidate beside every decided tag and every hint of its title."""
    row, other, hinted = pair_up(
        rows.span, rows.place, spans.first, place, heard.hinted, heard.hint
    )
    relation = relations(rows.place[row], other, net.facet, net.raised, net.above)
    return Pairs(row, other, hinted, relation)


@compiled
def pair_up(
    span: Longs, mine: Ints, first: Longs, place: Ints, hinted: Longs, hint: Ints
) -> tuple[Longs, Ints, Bytes]:
    """Rows of candidates and places of other tags; no tag is set beside its own span."""
    text = np.searchsorted(first, span, side="right") - 1
    size = (first[text + 1] - first[text] + hinted[text + 1] - hinted[text]).sum()
    row, other = np.empty(size, np.int64), np.empty(size, np.int32)
    kind = np.zeros(size, np.uint8)
    used = 0
    for at in range(len(span)):
        for beside in range(first[text[at]], first[text[at] + 1]):
            if beside != span[at] and place[beside] >= 0 and place[beside] != mine[at]:
                row[used], other[used] = at, place[beside]
                used += 1
        for beside in range(hinted[text[at]], hinted[text[at] + 1]):
            row[used], other[used], kind[used] = at, hint[beside], 1
            used += 1
    return row[:used], other[:used], kind[:used]


@compiled
def relations(one: Ints, other: Ints, facet: Ints, raised: Longs, above: Ints) -> Bytes:
    """How the tags of each pair stand to each other."""
    found = np.zeros(len(one), np.uint8)
    for at in range(len(one)):
        if one[at] == other[at]:
            found[at] = SAME
        elif is_over(raised, above, one[at], other[at]) or is_over(raised, above, other[at], one[at]):
            found[at] = KIN
        elif facet[one[at]] == facet[other[at]]:
            found[at] = RIVAL
    return found


@compiled
def is_over(raised: Longs, above: Ints, upper: int, lower: int) -> bool:
    """Whether `upper` is an ancestor of `lower`."""
    for at in range(raised[lower], raised[lower + 1]):
        if above[at] == upper:
            return True
    return False


def opinions(rows: Candidates, spans: Spans, net: Net, heard: Heard) -> Doubles:
    """What the entity model says of each candidate's facet."""
    facet = net.facet[rows.place]
    return overheard(rows.span, facet, spans.first, spans.start, spans.end, heard)


@compiled
def overheard(
    span: Longs, facet: Ints, first: Longs, start: Longs, end: Longs, heard: Heard
) -> Doubles:
    """For the facet that was named over the same stretch, against all others."""
    found = np.zeros(len(span))
    for at in range(len(span)):
        text = np.searchsorted(first, span[at], side="right") - 1
        for said in range(heard.spoken[text], heard.spoken[text + 1]):
            if heard.start[said] < end[span[at]] and heard.end[said] > start[span[at]]:
                odds = heard.odds[said]
                found[at] += odds if heard.facet[said] == facet[at] else -odds
    return found


def decided(found: Meanings, rows: Candidates, score: Doubles, net: Net) -> Meanings:
    """The best candidate of each span."""
    total = score.sum(axis=1)
    order = np.lexsort((net.number[rows.place], -np.round(total, 9), rows.span))
    span = rows.span[order]
    head = np.flatnonzero(np.concatenate([[True], span[1:] != span[:-1]]))
    best, second = order[head], order[head + 1]
    weight = np.exp(total - total[best][np.cumsum(np.isin(np.arange(len(span)), head))[np.argsort(order)] - 1])
    place, share, reason = found.place.copy(), found.share.copy(), found.reason.copy()
    where = rows.span[best]
    place[where] = rows.place[best]
    share[where] = 1.0 / np.bincount(rows.span, weight)[where]
    gap = (score[best] - score[second])[:, OPENNESS:].argmax(axis=1) + OPENNESS
    reason[where] = np.where(total[best] - total[second] < CLEAR, GUESS, gap)
    return found._replace(place=place, share=share, reason=reason)


def supported(found: Meanings, spans: Spans, net: Net, bonds: Bonds, heard: Heard) -> Doubles:
    """How well the chosen tags fit their surroundings."""
    every = np.arange(len(found.place))
    rows = Candidates(every, found.place, np.zeros(len(every), np.uint8))
    pairs = paired(rows, spans, net, heard, found.place)
    known = np.maximum(1, np.bincount(pairs.row, minlength=len(every)))
    kin = RELATED * told(pairs, pairs.relation == KIN, rows)
    return hints_say(pairs, rows) + kin + company(pairs, rows, bonds) / known
