"""How alike items are: by the values that they share."""

from collections.abc import Sequence

import numpy as np

from ranking.rerank.stock import NOBODY, Codes, Doubles, Stock

ROOM = 64


class Likeness:
    """How alike all rows are to those that stand already, worked out as places are filled."""

    def __init__(self, stock: Stock, by: Sequence[str]) -> None:
        self.stock, self.by, self.known = stock, tuple(by), 0
        self.rows: Doubles = np.zeros((ROOM, len(stock.items)))  # (placed, rows)

    def last(self, placed: Sequence[int], window: int) -> Doubles:
        """Give the likeness to those at the last places. # (window, rows)"""
        while self.known < len(placed):
            if self.known == len(self.rows):
                self.rows = np.concatenate([self.rows, np.zeros_like(self.rows)])
            self.rows[self.known] = similarity(self.stock, self.by, placed[self.known])
            self.known += 1
        return self.rows[max(0, self.known - window) : self.known]


def similarity(stock: Stock, by: Sequence[str], row: int) -> Doubles:
    """Tell how alike each row is to one: the mean over things of the cosine of their values."""
    total: Doubles = np.zeros(len(stock.items))
    for name in by:
        codes = stock.codes[name]
        if codes.values.shape[1] > 1:
            total += _cosine(codes, row)
        elif codes.own[row]:
            total += codes.values[:, 0] == codes.own[row][0]
    total /= len(by)
    return total


def _cosine(codes: Codes, row: int) -> Doubles:
    sizes = (codes.values != NOBODY).sum(axis=1)
    common = np.isin(codes.values, codes.own[row]).sum(axis=1)
    cosines: Doubles = common / np.sqrt(np.maximum(sizes * len(codes.own[row]), 1))
    return cosines
