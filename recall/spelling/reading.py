"""Reading what was typed with plain arrays: no torch, and no list of known words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from graph.graph import Floats
from recall.spaces.trained import unit
from recall.spelling.pieces import pieces
from recall.units.bags import bags_of_lists
from recall.units.placing import packed, unpacked
from recall.units.tower import Tower, tower_of

FILE = "reader.npz"


@dataclass(frozen=True)
class TextReader:
    """The tower of texts."""

    tower: Tower

    def read(self, text: str) -> Floats:
        """Give the vector to search by; none if no piece of the text is known. # (0 or 1, dim)"""
        found = self.embed([text])
        return found[found.any(axis=1)]

    def embed(self, texts: Sequence[str], threads: int = 1) -> Floats:
        """Give a vector to each text, nought where nothing is known. # (texts, dim)"""
        buckets = len(self.tower.table)
        bags = bags_of_lists([pieces(text, buckets) for text in texts])
        return self.tower.embed(bags, threads=threads)

    def called(self, names: Sequence[Sequence[str]]) -> Floats:
        """Give nodes the middle of what they are called. # (nodes, dim)"""
        flat = [name for several in names for name in several]
        owners = np.repeat(np.arange(len(names)), [len(several) for several in names])
        sums = np.zeros((len(names), self.tower.table.shape[1]), np.float32)
        np.add.at(sums, owners, self.embed(flat))
        return unit(sums)

    def save(self) -> dict[str, bytes]:
        """Give the tower as a file, its table at half precision."""
        arrays = self.tower.arrays("text")
        return {FILE: packed({**arrays, "text.table": arrays["text.table"].astype(np.float16)})}


def load_reader(files: Mapping[str, bytes]) -> TextReader:
    """Read what `save` gave."""
    return TextReader(tower_of("text", unpacked(files[FILE])))
