"""Keyword candidates of a corpus: how often, in how many texts, how telling; variants merged."""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from math import log
from typing import NamedTuple

import polars as pl

from nlp.annotating import Reading, annotate
from nlp.annotation import Annotation
from nlp.inflection import counted, other_number
from nlp.lexicon import Lexicon

_AT_ONCE = 4096
_MOST = 2_000_000
_KEPT = 1_000_000
COLUMNS = {"keyword": pl.String, "texts": pl.Int64, "weight": pl.Float64, "tags": pl.List(pl.Int64)}
