"""Words that share a place in a table of embeddings."""

from dataclasses import dataclass

import numpy as np

from ranking.features.coding import Coder, Listed
from ranking.features.encoding import Encoding
from ranking.features.facts import Facts
from ranking.features.fitting import readers, seen
from ranking.features.hashing import Tokens
from ranking.features.spec import Cross, Tags, Word, Words


@dataclass(frozen=True)
class Collisions:
    """How a table's places are taken by the words that were met."""

    table: str
    words: int
    places: int
    used: int  # places with a word
    shared: float  # share of words that share their place
    samples: float  # share of what was met, by how often it was, that shares its place
    expected: float  # share of words that chance would let share their place; 0 for a list


def collisions(encoding: Encoding, facts: Facts) -> tuple[Collisions, ...]:
    """Look at each table of words, the most crowded first."""
    tables = readers(encoding, (Word, Tags, Words, Cross)).items()
    found = [_collisions(encoding, facts, table, names) for table, names in tables]
    return tuple(sorted(found, key=lambda one: (-one.samples, one.table)))


def _collisions(encoding: Encoding, facts: Facts, table: str, names: list[str]) -> Collisions:
    words, times = zip(*(seen(encoding, facts, name) for name in names), strict=True)
    tokens, places = np.unique(np.concatenate(words), return_inverse=True)
    often = np.bincount(places, np.concatenate(times), minlength=len(tokens))
    real = tokens != 0
    return crowding(table, encoding.coders[table], tokens[real], often[real])


def crowding(
    table: str, coder: Coder, tokens: Tokens, often: np.ndarray[tuple[int], np.dtype[np.float64]]
) -> Collisions:
    """Look at one table: words, each once, and how often each comes."""
    codes = coder.codes(tokens)
    counts = np.bincount(codes, minlength=coder.size)
    shared = counts[codes] > 1
    places = coder.size - 1
    alone = (1 - 1 / places) ** max(len(tokens) - 1, 0)
    return Collisions(
        table,
        len(tokens),
        places,
        int((counts > 0).sum()),
        float(shared.mean()) if len(tokens) else 0.0,
        float(often[shared].sum() / max(often.sum(), 1)),
        0.0 if isinstance(coder, Listed) else 1 - alone,
    )
