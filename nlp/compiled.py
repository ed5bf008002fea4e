"""Functions over arrays that numba compiles, kept on disk between runs."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

import numba
import numpy as np
from numpy.typing import NDArray

P = ParamSpec("P")
R = TypeVar("R")

Flags = NDArray[np.bool_]
Bytes = NDArray[np.uint8]
Codes = NDArray[np.uint32]
Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """Compile at the first call; other threads run meanwhile."""
    return cast(Callable[P, R], numba.njit(cache=True, nogil=True)(function))


def loosely_compiled(function: Callable[P, R]) -> Callable[P, R]:
    """Compile at the first call, so that many numbers are handled at a time.

    Sums may be taken in any order, and nothing is divided by zero.
    """
    return cast(
        Callable[P, R],
        numba.njit(cache=True, nogil=True, fastmath=True, error_model="numpy")(function),
    )
