"""Which tags keep company in the titles of this shop: what reading goes by where words are many
things.
"""

import io

import numpy as np
from sqlalchemy import Connection

from graph.texts import queries
from graph.texts.lexicons import Known
from nlp.annotating import Reading, annotate
from nlp.cooccurrence import Cooccurrence, learn, no_company
from nlp.noise import stop_words
from nlp.spec import Text
from weft.files import load_file, save_file

FILE = "company.npz"
MOST = 100_000


def learn_company(connection: Connection, known: Known) -> Cooccurrence:
    """Read titles without experience first, and count what stands together."""
    rows = connection.execute(queries.COMPANY_TITLES, {"most": MOST}).all()
    titles, hints = [row.title for row in rows], [row.hints for row in rows]
    read = annotate(titles, known.lexicon, Reading(), hints)
    return learn({*found.tags, *given} for found, given in zip(read, hints, strict=True))


def save_company(connection: Connection, artifact: int, company: Cooccurrence) -> None:
    """Keep what was learned as a file of an artifact."""
    whole = io.BytesIO()
    np.savez_compressed(whole, allow_pickle=False, **vars(company))
    save_file(connection, artifact, FILE, whole.getvalue())


def load_company(connection: Connection, artifact: int | None) -> Cooccurrence:
    """Read it back; nothing was learned before the first build."""
    if artifact is None:
        return no_company()
    with np.load(io.BytesIO(load_file(connection, artifact, FILE)), allow_pickle=False) as file:
        arrays = {name: file[name] for name in file.files}
    return Cooccurrence(float(arrays.pop("titles")), **arrays)


def reading_of(text: Text, company: Cooccurrence) -> Reading:
    """Put together how this shop reads."""
    words = stop_words() | frozenset(text.stop_words)
    return Reading(company, stop_words=words, least=text.least)
