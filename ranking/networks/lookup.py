"""Rows of a matrix by number, whose slope costs what the numbers cost.

torch adds up the slope of an embedding row by row through general code; compiled, the same sum
takes a fifth to a tenth of the time, in the order of the numbers, so always the same.
"""

from typing import Any, cast

import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.autograd.function import once_differentiable
from torch.nn import functional

from graph.graph import Floats
from nlp.compiled import compiled


class Rows(nn.Embedding):
    """A table of embeddings; `sparse` slopes name only the rows that took part."""

    def forward(self, numbers: Tensor) -> Tensor:
        """Give rows. # (…) → (…, width)"""
        return look(self.weight, numbers, self.sparse)


def look(rows: Tensor, numbers: Tensor, sparse: bool = False) -> Tensor:
    """Give rows by number. # (rows, width), (…) → (…, width)"""
    if torch.compiler.is_compiling():
        return functional.embedding(numbers, rows, sparse=sparse)
    if not (torch.is_grad_enabled() and rows.requires_grad):
        return _taken(rows, numbers)
    return cast(Tensor, _Look.apply(rows, numbers, sparse))  # type: ignore[no-untyped-call]


def pick(whole: Tensor, numbers: Tensor) -> Tensor:
    """Give parts of a tensor by number. # (subjects, …), (rows,) → (rows, …)"""
    flat = look(whole.reshape(len(whole), -1), numbers)
    return flat.view(len(numbers), *whole.shape[1:])


class _Look(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, rows: Tensor, numbers: Tensor, sparse: bool) -> Tensor:
        ctx.save_for_backward(numbers)
        ctx.shape, ctx.sparse = rows.shape, sparse
        return _taken(rows, numbers)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, slope: Tensor) -> tuple[Tensor, None, None]:
        numbers, (count, width) = ctx.saved_tensors[0].reshape(-1), ctx.shape
        slope = slope.reshape(-1, width)
        if ctx.sparse:
            named = torch.sparse_coo_tensor(
                numbers[None].long(), slope, (count, width), check_invariants=False
            )
            return named, None, None
        return _summed(slope, numbers, count), None, None


def _taken(rows: Tensor, numbers: Tensor) -> Tensor:
    return rows.index_select(0, numbers.reshape(-1)).view(*numbers.shape, rows.shape[1])


def _summed(slope: Tensor, numbers: Tensor, count: int) -> Tensor:
    """Add up slopes by row. # (numbers, width) → (count, width)"""
    found = slope.new_zeros(count, slope.shape[1])
    if slope.device.type != "cpu" or slope.dtype not in (torch.float32, torch.float64):
        return found.index_add_(0, numbers, slope)
    _add(found.numpy(), numbers.numpy(), slope.contiguous().numpy())
    return found


@compiled
def _add(found: Floats, numbers: NDArray[Any], slope: Floats) -> None:
    width = slope.shape[1]
    for n in range(len(numbers)):
        row = numbers[n]
        for k in range(width):
            found[row, k] += slope[n, k]
