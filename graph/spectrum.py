"""The strongest waves of a graph: eigenvectors of what nodes share, by subspace iteration."""

import numpy as np

from graph.graph import Edges, Floats
from graph.products import product

ROUNDS = 4
FAINT = 1e-9  # of the strongest, squared: below it is rounding
SPARE = 1.25  # more columns than are kept: the last ones come out blurred


def spectrum(
    forth: Edges, back: Edges, waves: int, seed: int = 0, threads: int = 1
) -> tuple[Floats, Floats]:
    """Give eigenvalues and eigenvectors of `back` times `forth`, the strongest first.

    Halko et al. 2011, "Finding structure with randomness". # (waves,), (nodes, waves)
    """
    nodes = len(back.starts) - 1
    width = min(nodes, len(forth.starts) - 1, round(waves * SPARE) + 8)
    draws = np.random.default_rng(seed)
    basis = draws.standard_normal((nodes, width), dtype=np.float32)
    for _ in range(ROUNDS):
        basis = straightened(passed(forth, back, basis, threads))
    small = (basis.T @ passed(forth, back, basis, threads)).astype(np.float64)
    values, turns = np.linalg.eigh((small + small.T) / 2)
    order = np.argsort(-values)[:waves]
    strengths = np.maximum(values[order], 0).astype(np.float32)
    return strengths, basis @ turns[:, order].astype(np.float32)


def passed(forth: Edges, back: Edges, basis: Floats, threads: int) -> Floats:
    """Send values from nodes to what they share, and back."""
    return product(back, product(forth, basis, threads), threads)


def straightened(basis: Floats) -> Floats:
    """Give columns that span the same and stand upright on each other; cheaper than by QR."""
    squares, turns = np.linalg.eigh((basis.T @ basis).astype(np.float64))
    kept = squares > squares[-1] * FAINT
    straight: Floats = basis @ (turns[:, kept] / np.sqrt(squares[kept])).astype(np.float32)
    return straight
