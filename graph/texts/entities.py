"""The entity model of a shop: kept with its artifact, asked for what the lexicon does not know."""

from collections.abc import Sequence

from sqlalchemy import Connection

from nlp.annotation import Opinion
from nlp.ner.model import NerModel
from nlp.ner.saving import from_bytes, to_bytes
from weft.files import load_file, save_file

FILE = "ner.npz"
NOISE = "noise"  # a label of the model's own, for cries and measures


def save_entities(connection: Connection, artifact: int, model: NerModel) -> None:
    """Keep a model as a file of its artifact."""
    save_file(connection, artifact, FILE, to_bytes(model))


def load_entities(connection: Connection, artifact: int | None) -> NerModel | None:
    """Read a model back; a shop without the section has none."""
    return from_bytes(load_file(connection, artifact, FILE)) if artifact is not None else None


def opinions(model: NerModel, titles: Sequence[str]) -> list[list[Opinion]]:
    """Give what the model sees, without the noise and without what has no letter."""
    return [
        [
            Opinion(f.start, f.end, f.label, f.confidence)
            for f in found
            if f.label != NOISE and any(map(str.isalpha, title[f.start : f.end]))
        ]
        for title, found in zip(titles, model.find(titles), strict=True)
    ]
