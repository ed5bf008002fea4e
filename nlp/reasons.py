"""Why a span has its tag, in words: one sentence for each combination of circumstances."""

from itertools import product

import numpy as np

from nlp.compiled import Longs
from nlp.matching import Spans

KINDS = ("preferred label", "synonym", "hidden label", "inflected label")
SLIPS = ("", ", one letter off", ", two letters off")
HARMS = ("", ", across guessed words", ", across known words")
CHOICES = (
    "",
    "; chosen among several: most openly its name",
    "; chosen among several: most common",
    "; chosen among several: the company it keeps",
    "; chosen among several: its family is here",
    "; chosen among several: the catalogue says so",
    "; chosen among several: its facet is free",
    "; chosen among several: the entity model says so",
    "; chosen among several: a guess",
)
SENTENCES = tuple("".join(parts) for parts in product(KINDS, SLIPS, HARMS, CHOICES))


def sentences(spans: Spans, kinds: Longs, reasons: Longs, which: Longs) -> list[str]:
    """The sentences of some spans."""
    row = kinds * len(SLIPS) + spans.slips.astype(np.int64)
    row = (row * len(HARMS) + spans.break_) * len(CHOICES) + reasons
    return [SENTENCES[at] for at in row[which].tolist()]
