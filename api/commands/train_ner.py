"""`weft train-ner`: learn anew to find names that no label knows."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from api.building import apply_spec
from api.commands.watching import Screen
from api.spec import open_spec
from graph.texts.steps import NER
from weft.database import open_database
from weft.errors import BadRequest
from weft.settings import read_settings

out = Console(highlight=False, soft_wrap=True)


def train_ner(
    spec: Annotated[Path, typer.Option("--spec", help="The spec of the shop.")] = Path("weft.yaml"),
) -> None:
    """Train the entity model on the titles and decisions of today, and release it."""
    shop = open_spec(spec)
    if shop.text is None or shop.text.ner is None:
        raise BadRequest(f"{spec}: there is no section `text.ner`")
    with open_database(read_settings()) as engine, Screen() as screen:
        applied = apply_spec(engine, shop, screen, asked=(NER,))
    out.print(f"build {applied.build}; release {applied.release} is live")
