"""The shop of `tests.ranking.shop` with a graph and re-ranking, released once for a module."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine, text

from api.building import apply_spec
from api.releases import scenes_of
from api.spec import Spec
from ranking.asking import Request, Scenes
from ranking.page import Page
from ranking.pages import recommend
from ranking.ready import Ready, load_ready
from tests.asking import ask
from tests.ranking.shop import TEXT as PLAIN
from tests.ranking.shop import open_longing
from weft.releases import read_live
from weft.running import Quiet

ALONE = PLAIN[PLAIN.index("    alone:") : PLAIN.index("    coarse:")]
GRAPH = """\
graph:
  edges:
    has: {type: attributes, of: [city]}
    liked: {type: events}
    kin: {type: through, path: [~liked, liked]}
recall:"""
RERANK = """fine: {model: fine, deadline: 30s},
         rerank: {rules: [{type: cap, by: city, most: 5}]}}"""
MORE = """\
    rate: {type: statistic, of: [item.key], events: [click], per: [expose], scale: normal}
    own: {type: statistic, of: [person.key], events: [click], scale: normal}
    place:"""
TEXT = (
    PLAIN.replace(ALONE, "")
    .replace("    place:", MORE)
    .replace("recall:", GRAPH, 1)
    .replace("fine: {model: fine, deadline: 30s}}", RERANK)
    .replace("epochs: 8", "epochs: 3")
    .replace("epochs: 4", "epochs: 2")
    .replace("plain: {recall", "soft: {recall: [popular, fresh], "
             "fine: {model: fine, deadline: 30s, objective: {of: {click: 0.5}}}}\n  plain: {recall")
)  # fmt: skip


@dataclass(frozen=True)
class Longing:
    """A released shop, and a way to ask it without a web face."""

    engine: Engine
    spec: Spec
    scenes: Scenes

    def person(self, key: str) -> int:
        """Give the number of a person."""
        with self.engine.connect() as connection:
            query = text("SELECT id FROM person WHERE key = :key")
            return int(connection.execute(query, {"key": key}).scalar_one())

    def page(self, key: str, moment: datetime, scene: str = "home", first: int = 6) -> Page:
        """Make a page; models are loaded anew, for each page has a loop of its own."""
        with self.engine.connect() as connection:
            live = read_live(connection)
        assert live is not None
        scenes = scenes_of(self.spec, live)
        request = Request(scene, self.person(key), first, moment)
        return ask(self.engine, lambda connection: recommend(connection.engine, scenes, request))

    def ready(self, name: str) -> Ready:
        """Load a model as it was released."""
        with self.engine.connect() as connection:
            return load_ready(connection, self.spec.ranking, name, self.scenes.artifacts)


def open_graphed(engine: Engine, folder: Path) -> Longing:
    """Fill a database, build and release."""
    spec = open_longing(engine, folder, TEXT)
    apply_spec(engine, spec, Quiet())
    with engine.connect() as connection:
        live = read_live(connection)
    assert live is not None
    return Longing(engine, spec, scenes_of(spec, live))
