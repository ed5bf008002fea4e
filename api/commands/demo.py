"""`weft demo`: from nothing to a shop that answers."""

from pathlib import Path

from rich.console import Console
from sqlalchemy import Engine

from api.building import apply_spec
from api.commands.importing import SUBJECTS, What, import_into, told
from api.commands.up import up
from api.commands.watching import Screen
from api.commands.world import make_world, moment
from api.spec import Spec, open_spec
from graph.importing.files import Options
from weft.database import open_database
from weft.releases import read_live
from weft.settings import read_settings
from world import World

SPEC = Path(__file__).parents[2] / "examples" / "bazaar" / "weft.yaml"
FILES = {
    What.tags: "tags.jsonl",
    What.items: "items.jsonl",
    What.users: "users.csv",
    What.events: "events.jsonl",
}
out = Console(highlight=False, soft_wrap=True)


def demo() -> None:
    """Make a small marketplace, import it, build it and serve it."""
    settings, spec = read_settings(), open_spec(SPEC)
    with open_database(settings) as engine:
        if not _is_alive(engine):
            _bring_to_life(engine, spec, settings.home / "world")
        up(SPEC, demo=True)


def _is_alive(engine: Engine) -> bool:
    with engine.connect() as connection:
        return read_live(connection) is not None


def _bring_to_life(engine: Engine, spec: Spec, files: Path) -> None:
    if not (files / "truth" / "world.json").exists():
        out.print("making a world: 20,000 items, 4,000 users, three weeks")
        make_world(World(until=moment("now")), files)
    for what, name in FILES.items():
        options = Options(rejects=files / f"{what.value}.rejects.jsonl")
        summary = import_into(engine, spec, SUBJECTS[what], [files / name], options)
        for line in told(summary, what.value):
            out.print(line, markup=False)
    with Screen() as screen:
        applied = apply_spec(engine, spec, screen)
    out.print(f"release {applied.release} is live")
