"""Words as codes of a table: from a list of words, or hashed into so many places."""

from dataclasses import dataclass

import numpy as np

from ranking.examples import Codes
from ranking.features.hashing import Tokens, mixed
from ranking.features.timeline import found_in


@dataclass(frozen=True)
class Listed:
    """Codes 1, 2, … for words that are known, and one more for all others."""

    tokens: Tokens  # rising

    @property
    def size(self) -> int:
        """Count the rows of the table, missing and others among them."""
        return len(self.tokens) + 2

    def codes(self, tokens: Tokens) -> Codes:
        """Give the codes of words; 0 for a missing one."""
        places = np.searchsorted(self.tokens, tokens)
        known = found_in(self.tokens, tokens, places)
        found = np.where(known, places + 1, len(self.tokens) + 1)
        return np.where(tokens == 0, 0, found).astype(np.int32)


@dataclass(frozen=True)
class Spread:
    """Codes by hash, so that new words have one as well; some share theirs."""

    seed: int  # of the table, so that other tables collide elsewhere
    places: int

    @property
    def size(self) -> int:
        """Count the rows of the table, missing among them."""
        return self.places + 1

    def codes(self, tokens: Tokens) -> Codes:
        """Give the codes of words; 0 for a missing one."""
        hashed = mixed(tokens ^ np.uint64(self.seed)) % np.uint64(self.places)
        return np.where(tokens == 0, 0, hashed.astype(np.int64) + 1).astype(np.int32)


Coder = Listed | Spread
