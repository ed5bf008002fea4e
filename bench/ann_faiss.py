"""Faiss HNSW with a selector of what a filter lets through, over the same vectors."""

import subprocess
import sys
import tempfile
import venv
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from bench.ann_cells import Cell, truth
from bench.ann_data import World
from bench.ann_stock import recall

PEERS = Path(__file__).parent / "peers"
EFS = (100, 400)
ASKED = 25


def by_faiss(world: World, cells: Sequence[Cell]) -> list[str]:
    """Tell recall and milliseconds of each cell, for each ef."""
    with tempfile.TemporaryDirectory(prefix="weft-bench-") as name:
        folder = Path(name)
        np.save(folder / "vectors.npy", world.vectors)
        np.save(folder / "queries.npy", world.queries)
        for number, cell in enumerate(cells):
            path = folder / f"cell_{number:03}.npz"
            np.savez(path, allowed=cell.allowed, asked=cell.asked[:ASKED])
        command = [str(_python()), str(PEERS / "faiss_runs.py"), str(folder)]
        subprocess.run([*command, ",".join(map(str, EFS))], check=True)
        return [_told(folder, world, number, cell) for number, cell in enumerate(cells)]


def _told(folder: Path, world: World, number: int, cell: Cell) -> str:
    answers = np.load(folder / f"found_cell_{number:03}.npz")
    right = truth(world, cell)[:ASKED]
    parts = []
    for found, times in zip(answers["found"], answers["times"], strict=True):
        kept = [[int(place) + 1 for place in row if place >= 0] for row in found]
        recalls = [recall(row, one) for row, one in zip(kept, right, strict=True)]
        parts.append(f"{np.mean(recalls):.3f} in {np.median(times):.2f}")
    return ", ".join(parts)


def _python() -> Path:
    """Give the interpreter of the peer's venv, which is made when there is none."""
    home = PEERS / ".faiss"
    python = home / "bin" / "python"
    if not python.exists():
        venv.create(home, with_pip=True)
        install = [str(python), "-m", "pip", "install", "--quiet", "-r", str(PEERS / "faiss.txt")]
        subprocess.run(install, check=True, stdout=sys.stderr)
    return python
