"""Arranging: place by place, the best item that every rule allows, or as many rules as can be."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ranking.rerank.rule import Allow, Rule, Weigh
from ranking.rerank.stock import Bools, Doubles, Spot, Stock


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
    allowing: tuple[tuple[str, Allow], ...]


@dataclass(frozen=True)
class Choice:
    """The row that comes next; which rules changed who it is, from whom; which gave way."""

    row: int
    turns: tuple[tuple[str, int], ...] = ()
    waived: tuple[str, ...] = ()


def arrange(rules: Sequence[Rule], stock: Stock, count: int) -> tuple[Chosen, ...]:
    """Fill so many places, as far as there are items; what is not chosen keeps its order."""
    course = _course(rules, stock)
    left: Bools = np.arange(len(stock.items)) < stock.count
    left[list(stock.pins.values())] = False
    placed, pins = list(stock.shown), dict(stock.pins)
    depth, held, chosen = stock.depth, dict[int, list[str]](), list[Chosen]()
    for place in range(stock.start, stock.start + count):
        row = pins.pop(place, None)
        if row is not None:
            chosen.append(Chosen(row, place, ("pins",)))
        elif left.any():
            spot = Spot(place, placed, pins, stock.start, stock.page)
            choice = _next(course, spot, left[:depth])
            for name, other in choice.turns:
                held.setdefault(other, []).append(name)
            parts = [*held.get(choice.row, ()), *(name for name, _ in choice.turns)]
            chosen.append(Chosen(choice.row, place, tuple(dict.fromkeys(parts)), choice.waived))
            left[choice.row] = False
            depth += 1
        elif pins:
            chosen.append(Chosen(pins.pop(min(pins)), place, ("pins",)))
        else:
            break
        placed.append(chosen[-1].row)
    return tuple(chosen)


def _course(rules: Sequence[Rule], stock: Stock) -> Course:
    lifted, relevance = list[tuple[str, Doubles]](), stock.relevance
    for rule in rules:
        if (lift := rule.lift(stock)) is not None:
            relevance = lift(relevance)
            lifted.append((rule.name(), relevance))
    weighing = ((rule.name(), rule.weigh(stock)) for rule in rules)
    allowing = ((rule.name(), rule.allow(stock)) for rule in rules)
    return Course(
        (("", stock.relevance), *lifted),
        tuple((name, weigh) for name, weigh in weighing if weigh is not None),
        tuple((name, allow) for name, allow in allowing if allow is not None),
    )


def _next(course: Course, spot: Spot, left: Bools) -> Choice:
    """Find the best one left, after each rule in turn, and note which rules make it another."""
    turns, waived, best, looked = list[tuple[str, int]](), list[str](), -1, len(left)

    def turn(name: str, worth: Doubles, among: Bools) -> int:
        found = int(np.where(among, worth[:looked], -np.inf).argmax())
        if name and found != best:
            turns.append((name, best))
        return found

    for name, worth in course.lifted:
        best = turn(name, worth, left)
    for name, weigh in course.weighing:
        worth = weigh(worth, spot)
        best = turn(name, worth, left)
    for name, allow in course.allowing:
        among = left & allow(spot)[:looked]
        if not among.any():
            waived.append(name)
            continue
        left = among
        if not left[best]:
            best = turn(name, worth, left)
    return Choice(best, tuple(turns), tuple(waived))
