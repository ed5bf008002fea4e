"""The entity model of a shop: kept with its artifact, asked for what the lexicon does not know."""

from collections.abc import Sequence
from functools import partial

from sqlalchemy import Connection

from nlp.annotation import Opinion
from nlp.collecting import collector_held
from nlp.ner.model import NerModel
from nlp.ner.saving import from_bytes, to_bytes
from weft.files import load_file, save_file

FILE = "ner.npz"
as_opinion = partial(tuple.__new__, Opinion)  # makes them without a call into Python for each
NOISE = "noise"  # a label of the model's own, for cries and measures


def save_entities(connection: Connection, artifact: int, model: NerModel) -> None:
    """Keep a model as a file of its artifact."""
    save_file(connection, artifact, FILE, to_bytes(model))


def load_entities(connection: Connection, artifact: int | None) -> NerModel | None:
    """Read a model back; a shop without the section has none."""
    return from_bytes(load_file(connection, artifact, FILE)) if artifact is not None else None


def opinions(model: NerModel, titles: Sequence[str]) -> list[list[Opinion]]:
    """Give what the model sees, without the noise and without what has no letter."""
    with collector_held():
        return [
            [as_opinion(f) for f in found if f[2] != NOISE and has_letter(title[f[0] : f[1]])]
            for title, found in zip(titles, model.find(titles), strict=True)
        ]


def has_letter(word: str) -> bool:
    """Whether a name can be spelled: most are letters only, which is quick to see."""
    return word.isalpha() or any(map(str.isalpha, word))
