"""Reading texts outside a build: with the taxonomy as it stands and the live release's experience."""

from sqlalchemy import Connection

from api.spec import Spec
from graph.texts.company import load_company, reading_of
from graph.texts.lexicons import Known, open_lexicon
from graph.texts.steps import COMPANY
from graph.texts.tagging import Reader
from weft.errors import BadRequest
from weft.releases import read_live


def open_reader(connection: Connection, spec: Spec, known: Known | None = None) -> Reader:
    """Make a reader; a lexicon that is up to date may be brought along."""
    if spec.text is None:
        raise BadRequest("the spec has no section `text`: titles of this shop are not read")
    live = read_live(connection)
    company = load_company(connection, live.artifacts.get(COMPANY) if live else None)
    lexicon = (known or open_lexicon(connection, frozenset(spec.text.languages))).lexicon
    return Reader(spec.text, lexicon, reading_of(spec.text, company))
