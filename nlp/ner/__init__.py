"""Named entities: a small network that finds what the lexicon does not know."""

from nlp.ner.bieos import read_gazetteers, read_samples
from nlp.ner.evaluation import Quality, Report, evaluate
from nlp.ner.model import NerModel
from nlp.ner.samples import Found, Sample, Span
from nlp.ner.saving import from_bytes, to_bytes
from nlp.ner.settings import NerSettings

__all__ = [
    "Found",
    "NerModel",
    "NerSettings",
    "Quality",
    "Report",
    "Sample",
    "Span",
    "evaluate",
    "from_bytes",
    "read_gazetteers",
    "read_samples",
    "to_bytes",
]
