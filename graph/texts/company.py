"""Which tags keep company in the titles of this shop: what reading goes by where words are many
things.
"""

from sqlalchemy import Connection

from graph.texts import queries
from graph.texts.lexicons import Known
from nlp.annotating import Reading, annotate
from nlp.cooccurrence import Cooccurrence, learn

MOST = 100_000


def learn_company(connection: Connection, known: Known) -> Cooccurrence:
    """Read titles without experience first, and count what stands together."""
    rows = connection.execute(queries.COMPANY_TITLES, {"most": MOST}).all()
    titles, hints = [row.title for row in rows], [row.hints for row in rows]
    read = annotate(titles, known.lexicon, Reading(), hints)
    return learn({*found.tags, *given} for found, given in zip(read, hints, strict=True))
