"""`weft canary start | share | promote | end`."""

from typing import Annotated

import typer
from rich.console import Console

from api.arriving import catch_up
from api.building import shop_of
from api.commands.build import DEFAULT, SpecOption, WaitOption
from api.commands.watching import Screen
from api.spec import Spec, open_spec
from weft.building import release_built
from weft.builds import build_lock
from weft.database import open_database
from weft.errors import BadRequest
from weft.releases import end_canary, promote_canary, share_canary
from weft.settings import read_settings
from weft.words import parse_percent, print_percent

app = typer.Typer(help="Let a share of persons read a release first.", no_args_is_help=True)
out = Console(highlight=False, soft_wrap=True)
ShareArgument = Annotated[str, typer.Argument(help="A share of persons, such as 5%.")]


@app.command()
def start(
    share: ShareArgument,
    spec: SpecOption = DEFAULT,
    force: Annotated[bool, typer.Option(help="Although a monitor says no.")] = False,
    wait: WaitOption = True,
) -> None:
    """Release what was built with `apply --no-release` to a share of persons."""
    part, opened = _share(share), open_spec(spec)
    with (
        open_database(read_settings()) as engine,
        Screen() as screen,
        build_lock(engine, wait, screen.waited),
    ):
        number = release_built(engine, shop_of(opened), force, part)
    out.print(f"release {number} is a canary for {print_percent(part)} of persons")
    out.print(f'what comes of it: weft experiment report "canary {number}"')


@app.command("share")
def change(share: ShareArgument) -> None:
    """Let more or fewer persons read the canary; who read it before still does, if it is more."""
    part = _share(share)
    with open_database(read_settings()) as engine, engine.begin() as connection:
        number = share_canary(connection, part).release.release
    out.print(f"release {number} is a canary for {print_percent(part)} of persons")


@app.command()
def promote() -> None:
    """Let everybody read the canary."""
    with open_database(read_settings()) as engine, engine.begin() as connection:
        release = promote_canary(connection)
        catch_up(connection, Spec.model_validate(release.spec), release.artifacts)
    out.print(f"release {release.release} is live")


@app.command()
def end() -> None:
    """Withdraw the canary."""
    with open_database(read_settings()) as engine, engine.begin() as connection:
        number = end_canary(connection).release
    out.print(f"release {number} is withdrawn")


def _share(written: str) -> float:
    try:
        part = parse_percent(written)
    except ValueError as error:
        raise BadRequest(f"share: {error}") from None
    if not 0 < part < 1:
        raise BadRequest(f"share: more than 0% and less than 100%, not {written}")
    return part
