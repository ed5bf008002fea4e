"""Reading texts outside a build: the taxonomy as it stands, the live release's experience."""

import asyncio
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection, Engine

from api.spec import Spec
from graph.importing.declared import Declared
from graph.taxonomy.beliefs import USUAL, Precedence
from graph.texts.entities import load_entities
from graph.texts.experience import Experience, load_experience, reading_of
from graph.texts.following import follow
from graph.texts.lexicons import Known, open_lexicon, renew
from graph.texts.steps import COMPANY, NER
from graph.texts.tagging import Reader
from nlp.compiling import build_lexicon
from nlp.lexicon import Label, TagEntry
from nlp.ner.model import NerModel
from nlp.spec import Text
from weft.errors import BadRequest
from weft.releases import read_live

Artifacts = Mapping[str, int]
SOME_TAG = TagEntry(1, "jeans", "category")
SOME_LABEL = Label(1, "en", "preferred", "jeans")
SOME_TEXT = "blue jeans 90 cm 蓝色牛仔裤"


@dataclass
class Texts:
    """What one process keeps so that reading can begin at once: words and experience."""

    known: Known | None = None
    experience: tuple[int | None, Experience] | None = None
    ner: tuple[int | None, NerModel | None] = (None, None)
    languages: frozenset[str] = frozenset()
    guard: threading.Lock = field(default_factory=threading.Lock)
    opening: asyncio.Task[None] | None = None

    async def opened(self, database: Engine, spec: Spec) -> "Texts":
        """Wait until reading can begin at once; whoever leaves does not stop it for the others."""
        if self.known is None and spec.text is not None:
            if self.opening is None or self.opening.done():
                self.opening = asyncio.create_task(asyncio.to_thread(self._open, database, spec))
            await asyncio.shield(self.opening)
        return self

    def reader(
        self, connection: Connection, spec: Spec, artifacts: Artifacts | None = None
    ) -> Reader:
        """Give a reader that knows the taxonomy as this transaction sees it.

        Experience is that of the live release, or of the artifacts that are about to be one.
        """
        text = _asked(spec)
        with self.guard:
            self.known = self._known(connection, text)
            return self._reader(connection, text, self.known, artifacts)

    def follow(self, connection: Connection, spec: Spec) -> int:
        """Read again what edits of this transaction touch; tells how many titles.

        The new lexicon is not kept: the transaction may still fail.
        """
        if spec.text is None or self.known is None:
            return 0
        text = spec.text
        before = self.known
        after = renew(connection, before, frozenset(text.languages))
        with self.guard:
            reader = self._reader(connection, text, after)
        return follow(connection, reader, before.change, after.change)

    def _open(self, database: Engine, spec: Spec) -> None:
        """Load the dictionary and compile, which takes seconds, and then ask the database."""
        text = _asked(spec)
        _try_out(Reader(text, build_lexicon([SOME_TAG], [SOME_LABEL]), reading_of(text)))
        with database.begin() as connection:
            reader = self.reader(connection, spec)
        _try_out(reader)

    def _known(self, connection: Connection, text: Text) -> Known:
        languages = frozenset(text.languages)
        if self.known is None or languages != self.languages:
            self.languages = languages
            return open_lexicon(connection, languages)
        return renew(connection, self.known, languages)

    def _reader(
        self, connection: Connection, text: Text, known: Known, given: Artifacts | None = None
    ) -> Reader:
        live = read_live(connection) if given is None else None
        artifacts = given or (live.artifacts if live else {})
        company, ner = artifacts.get(COMPANY), artifacts.get(NER)
        if self.experience is None or self.experience[0] != company:
            self.experience = company, load_experience(connection, company)
        if self.ner[0] != ner:
            self.ner = ner, load_entities(connection, ner)
        return Reader(text, known.lexicon, reading_of(text, self.experience[1]), self.ner[1])


def _try_out(reader: Reader) -> None:
    reader.read([SOME_TEXT], [()])


def declared_of(spec: Spec) -> Declared:
    """Give what rows are checked against."""
    return Declared(spec.catalog, spec.events, spec.zone(), precedence_of(spec))


def precedence_of(spec: Spec) -> Precedence:
    """Give the order in which sources are heard in this shop."""
    return Precedence(tuple(spec.text.precedence)) if spec.text else USUAL


def _asked(spec: Spec) -> Text:
    if spec.text is None:
        raise BadRequest("the spec has no section `text`: titles of this shop are not read")
    return spec.text
