"""The rows of items as a file: written whole, read where it is needed."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from graph.graph import Floats


def write_side(file: Path, side: Floats) -> None:
    """Write the rows of items; who reads sees the old ones or the new ones."""
    aside = file.with_name(f"{file.name}.new")
    with aside.open("wb") as stream:
        np.save(stream, np.ascontiguousarray(side, np.float32), allow_pickle=False)
    aside.replace(file)


def open_side(file: Path) -> NDArray[np.float32]:
    """Open the rows of items without reading them. # (items, width)"""
    side: NDArray[np.float32] = np.load(file, mmap_mode="r", allow_pickle=False)
    return side
