"""The demo shop, changed for a bench: its spec written to a folder, and a world imported."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from sqlalchemy import Engine

from api.reading import declared_of
from api.spec import Spec, open_spec
from graph.columns import sync_columns
from graph.importing.files import Options, load_files
from world import World, generate

SHOP = Path(__file__).parent.parent / "examples" / "bazaar" / "weft.yaml"
FILES = {"tag": "tags", "item": "items", "person": "users", "event": "events"}
PLAIN = ("popular", "fresh")  # channels that need neither edges nor spaces


def plain_shop() -> dict[str, Any]:
    """Read the demo shop's spec."""
    shop: dict[str, Any] = YAML(typ="rt", pure=True).load(SHOP.read_text("utf-8"))
    return shop


def with_spaces(
    spaces: Mapping[str, Mapping[str, Any]], channels: Iterable[str] = PLAIN
) -> dict[str, Any]:
    """Give the demo shop these spaces and no others, and only those of its channels."""
    shop = plain_shop()
    shop["spaces"] = {name: dict(space) for name, space in spaces.items()}
    declared = shop["recall"]["channels"]
    shop["recall"]["channels"] = {name: declared[name] for name in channels}
    shop["scenes"], shop["experiments"] = {"home": {"recall": list(channels)}}, {}
    return shop


def write_shop(home: Path, shop: Mapping[str, Any]) -> Spec:
    """Write a spec into a folder, and read it as every command does."""
    path = home / "weft.yaml"
    with path.open("w", encoding="utf-8") as file:
        YAML(typ="rt", pure=True).dump(shop, file)
    return open_spec(path)


def fill(engine: Engine, spec: Spec, files: Path, world: World) -> None:
    """Make a world and import it, as a shop would."""
    generate(world, files)
    with engine.begin() as connection:
        sync_columns(connection, spec.catalog)
    for subject, name in FILES.items():
        options = Options(rejects=files / "rejects.jsonl")
        load_files(engine, subject, [next(files.glob(f"{name}.*"))], declared_of(spec), options)
