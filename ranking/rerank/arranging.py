"""Arranging: place by place, the best item that every rule allows, or as many rules as can be."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from ranking.rerank.rule import Refuse, Rule, Weigh
from ranking.rerank.stock import Doubles, Refusal, Spot, Stock

TAKEN = -np.inf
PINS = ("pins",)
TRIES = 4  # after so many it is quicker to ask about all at once


@dataclass(frozen=True)
class Chosen:
    """A row at its place, the rules that had a part in it, and those that gave way."""

    row: int
    place: int
    rules: tuple[str, ...] = ()
    waived: tuple[str, ...] = ()


@dataclass(frozen=True)
class Course:
    """Rules that are ready for one stock."""

    lifted: tuple[tuple[str, Doubles], ...]  # relevance as each rule has left it
    weighing: tuple[tuple[str, Weigh], ...]
    refusing: tuple[tuple[str, Refuse], ...]


@dataclass(frozen=True)
class Choice:
    """The row that comes next; which rules changed who it is, from whom; which gave way."""

    row: int
    turns: tuple[tuple[str, int], ...] = ()
    waived: tuple[str, ...] = ()


def arrange(rules: Sequence[Rule], stock: Stock, count: int) -> tuple[Chosen, ...]:
    """Fill so many places, as far as there are items."""
    course, pins = _course(rules, stock), dict(stock.pins)
    chosen, placed, held = list[Chosen](), list(stock.shown), dict[int, list[str]]()
    for place in range(stock.start, stock.start + min(count, stock.count + len(pins))):
        taken = len(chosen) - (len(stock.pins) - len(pins))
        if place in pins or taken == stock.count:
            row = pins.pop(place if place in pins else min(pins))
            chosen.append(Chosen(row, place, PINS))
        else:
            spot = Spot(place, placed, pins, stock.start, stock.page)
            choice = _next(course, spot, stock.depth + taken)
            chosen.append(_chosen(choice, place, held))
            for _, worth in course.lifted:
                worth[choice.row] = TAKEN
        placed.append(chosen[-1].row)
    return tuple(chosen)


def _chosen(choice: Choice, place: int, held: dict[int, list[str]]) -> Chosen:
    """Tell which rules had a part: those that brought it here, and those that held it back."""
    for name, other in choice.turns:
        held.setdefault(other, []).append(name)
    parts = [*held.get(choice.row, ()), *(name for name, _ in choice.turns)]
    return Chosen(choice.row, place, tuple(dict.fromkeys(parts)), choice.waived)


def _course(rules: Sequence[Rule], stock: Stock) -> Course:
    relevance = stock.relevance[: stock.count].copy()
    lifted = [("", relevance)]
    for rule in rules:
        if (lift := rule.lift(stock)) is not None:
            relevance = lift(relevance)
            lifted.append((rule.name(), relevance))
    weighing = {rule.name(): rule.weigh(stock) for rule in rules}
    refusing = [(rule.name(), rule.refuse(stock)) for rule in rules]
    return Course(
        tuple(lifted),
        tuple((name, weigh) for name, weigh in weighing.items() if weigh is not None),
        tuple((name, refuse) for name, refuse in refusing if refuse is not None),
    )


def _next(course: Course, spot: Spot, depth: int) -> Choice:
    """Find the best one left, and note which rules make it another than it was."""
    found, worth = list[tuple[str, int]](), course.lifted[0][1]
    for name, lifted in course.lifted:
        worth = lifted[:depth]
        found.append((name, int(worth.argmax())))
    for name, weigh in course.weighing:
        worth = weigh(worth, spot)
        found.append((name, int(worth.argmax())))
    refusals = [(name, refuse(spot)) for name, refuse in course.refusing]
    tried = _tried(worth, found[-1][1], refusals)
    if tried is not None:
        return Choice([*found, *tried][-1][1], _turns([*found, *tried]))
    kept, waived = _kept(worth, refusals)
    return Choice([*found, *kept][-1][1], _turns([*found, *kept]), waived)


def _tried(
    worth: Doubles, best: int, refusals: Sequence[tuple[str, Refusal]]
) -> list[tuple[str, int]] | None:
    """Ask about the best ones, one by one; give up where many are refused."""
    found = list[tuple[str, int]]()
    for tries in range(TRIES):
        name = next((name for name, refusal in refusals if refusal.hits(best)), None)
        if name is None:
            return found
        worth = worth if tries else worth.copy()
        worth[best] = TAKEN
        best = int(worth.argmax())
        if worth[best] == TAKEN:
            return None
        found.append((name, best))
    return None


def _kept(
    worth: Doubles, refusals: Iterable[tuple[str, Refusal]]
) -> tuple[list[tuple[str, int]], tuple[str, ...]]:
    """Find the best one that each rule in turn leaves; a rule that leaves none gives way."""
    found, waived = list[tuple[str, int]](), list[str]()
    for name, refusal in refusals:
        among = np.where(refusal.rows()[: len(worth)], TAKEN, worth)
        best = int(among.argmax())
        if among[best] == TAKEN:
            waived.append(name)
        else:
            worth = among
            found.append((name, best))
    return found, tuple(waived)


def _turns(found: Sequence[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    """Name the rules that made the best one another, and which one it was before."""
    pairs = pairwise(found)
    return tuple((name, before) for (_, before), (name, best) in pairs if best != before)
