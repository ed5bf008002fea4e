"""What every resolver is given."""

from collections.abc import Callable
from dataclasses import dataclass

import strawberry
from sqlalchemy import Engine
from sqlalchemy.ext.asyncio import AsyncEngine

from api.graphql.loaders import Loaders
from api.keys import Key
from api.serving import Serving, Stages


@dataclass(frozen=True)
class Context:
    """One request's key, release, loaders and ways to the database."""

    key: Key
    serving: Serving
    past: Callable[[int], Serving | None]
    stages: Stages
    database: AsyncEngine
    pool: Engine
    loaders: Loaders


Info = strawberry.Info[Context, None]
