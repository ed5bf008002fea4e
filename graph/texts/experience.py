"""What a shop has learned about reading: which tags keep company, and how sure mentions may be."""

import io
from typing import NamedTuple

import numpy as np
from sqlalchemy import Connection

from nlp.annotating import Reading
from nlp.confidence import Calibration, as_it_is
from nlp.cooccurrence import Cooccurrence, no_company
from nlp.noise import stop_words
from nlp.spec import Text
from weft.files import load_file, save_file

FILE = "company.npz"


class Experience(NamedTuple):
    """What the step `text.company` learned."""

    company: Cooccurrence
    calibration: Calibration


def no_experience() -> Experience:
    """Nothing was learned before the first build."""
    return Experience(no_company(), as_it_is())


def save_experience(connection: Connection, artifact: int, known: Experience) -> None:
    """Keep what was learned as a file of an artifact."""
    whole = io.BytesIO()
    arrays = {**vars(known.company), **known.calibration._asdict()}
    np.savez_compressed(whole, allow_pickle=False, **arrays)
    save_file(connection, artifact, FILE, whole.getvalue())


def load_experience(connection: Connection, artifact: int | None) -> Experience:
    """Read it back; artifacts of earlier versions have no calibration."""
    if artifact is None:
        return no_experience()
    with np.load(io.BytesIO(load_file(connection, artifact, FILE)), allow_pickle=False) as file:
        arrays = {name: file[name] for name in file.files}
    usual = as_it_is()
    calibration = Calibration(arrays.pop("raw", usual.raw), arrays.pop("true", usual.true))
    return Experience(Cooccurrence(float(arrays.pop("titles")), **arrays), calibration)


def reading_of(text: Text, known: Experience | None = None) -> Reading:
    """Put together how this shop reads."""
    words = stop_words() | frozenset(text.stop_words)
    company, calibration = known or no_experience()
    return Reading(company, calibration, words, text.least)
