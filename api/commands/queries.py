"""`weft queries add | list | remove`."""

from pathlib import Path
from typing import Annotated, Any

import orjson
import typer
from rich.console import Console
from rich.table import Table

from api.guards.documents import digest_of
from api.persisted import add_query, list_queries, remove_query
from weft.database import open_database
from weft.errors import BadRequest
from weft.settings import read_settings

app = typer.Typer(help="Keep the queries that may run.", no_args_is_help=True)
out = Console(highlight=False, soft_wrap=True)


@app.command()
def add(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE…", exists=True, dir_okay=False, help=".graphql or .json."),
    ],
) -> None:
    """Keep queries: each .graphql file is one, to the letter; a .json file maps hash to query."""
    texts = [pair for file in files for pair in _texts(file)]
    with open_database(read_settings()) as engine, engine.begin() as connection:
        for name, text in texts:
            out.print(f"{add_query(connection, text, name)}  {name}")


@app.command("list")
def show() -> None:
    """List the queries that are kept."""
    with open_database(read_settings()) as engine, engine.begin() as connection:
        rows = list_queries(connection)
    table = Table("hash", "name", "added", box=None)
    for row in rows:
        table.add_row(row["hash"], row["name"], f"{row['added_at']:%Y-%m-%d %H:%M}")
    out.print(table)


@app.command()
def remove(
    digest: Annotated[str, typer.Argument(metavar="HASH", help="The hash, or how it begins.")],
) -> None:
    """Forget a query; it stops working within a second."""
    with open_database(read_settings()) as engine, engine.begin() as connection:
        count = remove_query(connection, digest)
    out.print(f"{count} forgotten")


def _texts(file: Path) -> list[tuple[str, str]]:
    """Give the queries of a file, each with a name."""
    try:
        content = file.read_text("utf-8")
    except UnicodeDecodeError:
        raise BadRequest(f"{file}: this is no text in UTF-8") from None
    if file.suffix != ".json":
        return [(file.stem, content)]
    return [(file.stem, text) for text in _of_json(file, content)]


def _of_json(file: Path, content: str) -> list[str]:
    """Read {hash: query}, or a manifest of Apollo's: {operations: [{id, body}]}."""
    try:
        raw: Any = orjson.loads(content)
        if isinstance(raw, dict) and isinstance(raw.get("operations"), list):
            raw = {operation["id"]: operation["body"] for operation in raw["operations"]}
        pairs = [(str(digest), str(text)) for digest, text in raw.items()]
    except (orjson.JSONDecodeError, AttributeError, KeyError, TypeError):
        raise BadRequest(
            f"{file}: an object of hash and query is needed, or a manifest with `operations`"
        ) from None
    for digest, text in pairs:
        if digest != digest_of(text):
            raise BadRequest(f"{file}: {digest} is not the sha256 of its query")
    return [text for _, text in pairs]
