"""`weft schema`."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from api.graphql.schema import printed
from api.spec import open_spec


def schema(
    spec: Annotated[Path, typer.Option("--spec", help="The spec of the shop.")] = Path("weft.yaml"),
) -> None:
    """Print the GraphQL schema of a spec."""
    sys.stdout.write(printed(open_spec(spec).catalog))
