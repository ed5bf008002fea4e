"""Which tag a written form means here, when several go by it.

Every owner is a candidate and is weighed: how openly the form is its name, how common it is, the
company it keeps, its family in the same title, what the catalogue says of the item, whether its
facet is already taken, and what the entity model thinks. Sole owners come first; the others are
decided twice, so that they can lean on each other.
"""

from typing import NamedTuple

import numpy as np

from nlp.bonds import Bonds, attractions
from nlp.compiled import Bytes, Doubles, Flags, Ints, Longs, compiled
from nlp.matching import Spans
from nlp.net import Net

SOLE, OPENNESS, COMMON, COMPANY, FAMILY, HINT, FACET, OPINION, GUESS = range(9)
OPENLY = np.array([0.0, 0.0, -2.0, -1.0])  # by kind of label
RELATED, HINTED, DENIED, TAKEN, OFTEN = 3.0, 6.0, -4.0, -2.5, 0.5
CLEAR = 0.2
TIE = 1e-9
APART, SAME, KIN, RIVAL = range(4)  # how two tags stand to each other
TURNS = 2
CROWD = 8
NEAR = 24


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
    rows = candidates(spans, net, np.flatnonzero(several), place, heard)
    if len(rows.span):
        for _ in range(TURNS):
            found = decided(found, rows, weighed(rows, spans, net, bonds, heard, found.place), net)
    if len(bonds.often) or len(heard.hint) or len(heard.odds):
        found = found._replace(support=supported(found, spans, net, bonds, heard))
    return found


def first_owner(spans: Spans, net: Net) -> Ints:
    """The tag that goes by each span's form, or the first of them."""
    return net.owner[net.owned[spans.pattern]] if len(spans.pattern) else np.zeros(0, np.int32)


def candidates(spans: Spans, net: Net, chosen: Longs, place: Ints, heard: Heard) -> Candidates:
    """All owners of some spans; of a crowd only those with family in the title, if there are."""
    low = net.owned[spans.pattern[chosen]]
    high = net.owned[spans.pattern[chosen] + 1]
    text = np.searchsorted(spans.first, chosen, side="right") - 1
    span, owner = called(
        chosen, text, low, high, net.owner, net.raised, net.above,
        spans.first, place, heard.hinted, heard.hint,
    )  # fmt: skip
    return Candidates(span, net.owner[owner], net.kind[owner])


@compiled
def called(
    chosen: Longs,
    text: Longs,
    low: Longs,
    high: Longs,
    owner: Ints,
    raised: Longs,
    above: Ints,
    first: Longs,
    place: Ints,
    hinted: Longs,
    hint: Ints,
) -> tuple[Longs, Longs]:
    """Spans and the rows of their owners."""
    size = (high - low).sum()
    span, rows = np.empty(size, np.int64), np.empty(size, np.int64)
    used = 0
    for at in range(len(chosen)):
        left, right = nearby(first, text[at], chosen[at])
        here = place[left:right]
        said = hint[hinted[text[at]] : hinted[text[at] + 1]]
        begin, crowd = used, high[at] - low[at] > CROWD
        for turn in range(2):
            for row in range(low[at], high[at]):
                mine = owner[row]
                if (
                    turn == 1
                    or not crowd
                    or akin(mine, here, raised, above)
                    or akin(mine, said, raised, above)
                ):
                    span[used], rows[used] = chosen[at], row
                    used += 1
            if used > begin:
                break
    return span[:used], rows[:used]


@compiled
def nearby(first: Longs, text: int, span: int) -> tuple[int, int]:
    """The spans that count as company, so that an endless text costs no more than its length."""
    return max(first[text], span - NEAR), min(first[text + 1], span + NEAR + 1)


@compiled
def akin(mine: int, others: Ints, raised: Longs, above: Ints) -> bool:
    """Whether one of the others is the tag or stands above it."""
    for other in others:
        if other == mine:
            return True
        for at in range(raised[mine], raised[mine + 1]):
            if above[at] == other:
                return True
    return False


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


def told(pairs: Pairs, which: Flags, rows: Candidates) -> Flags:
    """Whether any of these pairs is there, by candidate."""
    return np.asarray(np.bincount(pairs.row[which], minlength=len(rows.span)) > 0)


def hints_say(pairs: Pairs, rows: Candidates) -> Doubles:
    """What the catalogue's tags say: the very tag, a relative, or a rival."""
    value = np.array([0.0, HINTED, RELATED, DENIED])[pairs.relation]
    return summed(pairs, np.where(pairs.hinted > 0, value, 0.0), rows)


def company(pairs: Pairs, rows: Candidates, bonds: Bonds) -> Doubles:
    """The sum of attractions to the other tags."""
    if not len(bonds.often):
        return np.zeros(len(rows.span))
    value = attractions(bonds, rows.place[pairs.row], pairs.other)
    return summed(pairs, value, rows)


def summed(pairs: Pairs, value: Doubles, rows: Candidates) -> Doubles:
    """Sums by candidate."""
    return np.bincount(pairs.row, value, len(rows.span)).astype(np.float64)


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
    size = (hinted[text + 1] - hinted[text] + 2 * NEAR + 1).sum()
    row, other = np.empty(size, np.int64), np.empty(size, np.int32)
    kind = np.zeros(size, np.uint8)
    used = 0
    for at in range(len(span)):
        low, high = nearby(first, text[at], span[at])
        for beside in range(low, high):
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
        elif is_over(raised, above, one[at], other[at]) or is_over(
            raised, above, other[at], one[at]
        ):
            found[at] = KIN
        elif facet[one[at]] == facet[other[at]]:
            found[at] = RIVAL
    return found


@compiled
def is_over(raised: Longs, above: Ints, upper: int, lower: int) -> bool:
    """Whether `upper` is an ancestor of `lower`."""
    for at in range(raised[lower], raised[lower + 1]):  # noqa: SIM110
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
    """The best candidate of each span; of equals the one with the smaller id."""
    total = score.sum(axis=1)
    best, second, share = foremost(total, rows.span, net.number[rows.place])
    where = rows.span[best]
    gap = (score[best] - score[second])[:, OPENNESS:].argmax(axis=1) + OPENNESS
    tied = (total[best] - total[second] < CLEAR) & (best != second)
    reason = found.reason.copy()
    reason[where] = np.where(best == second, FAMILY, np.where(tied, GUESS, gap))
    place, shares = found.place.copy(), found.share.copy()
    place[where], shares[where] = rows.place[best], share
    return found._replace(place=place, share=shares, reason=reason)


@compiled
def foremost(total: Doubles, span: Longs, number: Longs) -> tuple[Longs, Longs, Doubles]:
    """For every span the rows of its best and its second candidate, and the best one's share."""
    best, second = np.empty(len(span), np.int64), np.empty(len(span), np.int64)
    share = np.empty(len(span))
    used, low = 0, 0
    for at in range(1, len(span) + 1):
        if at == len(span) or span[at] != span[low]:
            first, other = two_best(total, number, low, at)
            weight = np.exp(total[low:at] - total[first]).sum()
            best[used], second[used], share[used] = first, other, 1.0 / weight
            used, low = used + 1, at
    return best[:used], second[:used], share[:used]


@compiled
def two_best(total: Doubles, number: Longs, low: int, high: int) -> tuple[int, int]:
    """The two highest rows of a stretch; twice the same where there is but one."""
    first, second = low, -1
    for at in range(low + 1, high):
        if ahead(total, number, at, first):
            first, second = at, first
        elif second < 0 or ahead(total, number, at, second):
            second = at
    return first, second if second >= 0 else first


@compiled
def ahead(total: Doubles, number: Longs, one: int, other: int) -> bool:
    """Whether the row stands before the other."""
    gap = total[one] - total[other]
    return bool(gap > TIE or (gap > -TIE and number[one] < number[other]))


def supported(found: Meanings, spans: Spans, net: Net, bonds: Bonds, heard: Heard) -> Doubles:
    """How well the chosen tags fit their surroundings."""
    every = np.arange(len(found.place))
    rows = Candidates(every, found.place, np.zeros(len(every), np.uint8))
    pairs = paired(rows, spans, net, heard, found.place)
    known = np.maximum(1, np.bincount(pairs.row, minlength=len(every)))
    kin = RELATED * told(pairs, pairs.relation == KIN, rows)
    said = opinions(rows, spans, net, heard)
    return hints_say(pairs, rows) + kin + said + company(pairs, rows, bonds) / known
