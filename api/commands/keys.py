"""`weft keys create | list | revoke`."""

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from api.keys import create_key, list_keys, revoke_key
from api.roles import GRANTS
from weft.database import open_database
from weft.settings import read_settings

app = typer.Typer(help="Make, list and revoke API keys.", no_args_is_help=True)
out = Console(highlight=False, soft_wrap=True)


@app.command()
def create(
    name: Annotated[str, typer.Option(help="Whose key it is.")],
    role: Annotated[list[str], typer.Option(help=f"One or more of {', '.join(GRANTS)}.")],
    rate: Annotated[
        float | None,
        typer.Option(min=0, help="Cost a second in each process, instead of WEFT_RATE; 0 is any."),
    ] = None,
) -> None:
    """Make a key; it is shown once and cannot be shown again."""
    with open_database(read_settings()) as engine, engine.begin() as connection:
        key = create_key(connection, name, role, rate)
    out.print(key)


@app.command("list")
def show() -> None:
    """List all keys, revoked ones too."""
    with open_database(read_settings()) as engine, engine.begin() as connection:
        rows = list_keys(connection)
    table = Table("id", "name", "roles", "rate", "made", "revoked", box=None)
    for row in rows:
        revoked = f"{row['revoked_at']:%Y-%m-%d %H:%M}" if row["revoked_at"] else ""
        made = f"{row['made_at']:%Y-%m-%d %H:%M}"
        rate = "" if row["rate"] is None else f"{row['rate']:g}"
        table.add_row(row["id"], row["name"], ", ".join(row["roles"]), rate, made, revoked)
    out.print(table)


@app.command()
def revoke(identity: Annotated[str, typer.Argument(metavar="ID", help="The key's id.")]) -> None:
    """Revoke a key; it stops working within a second."""
    with open_database(read_settings()) as engine, engine.begin() as connection:
        revoke_key(connection, identity)
    out.print(f"{identity} is revoked")
