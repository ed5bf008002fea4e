"""What every resolver is given."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import strawberry
from sqlalchemy import Engine
from sqlalchemy.ext.asyncio import AsyncEngine

from api.graphql.loaders import Loaders
from api.graphql.told import Told
from api.keys import Key
from api.pulse import Pulse
from api.reading import Texts
from api.releases import Released
from api.spec import Spec

if TYPE_CHECKING:
    from api.kept import Kept


@dataclass(frozen=True)
class Databases:
    """Ways to the one database: to read, to write in transactions, and to load from a thread."""

    reading: AsyncEngine
    writing: AsyncEngine
    loading: Engine
    pulse: Pulse


@dataclass(frozen=True)
class Context:
    """One request's key, spec, release, loaders and ways to the database."""

    key: Key
    spec: Spec
    released: Released | None
    earlier: Callable[[int], Released | None]
    databases: Databases
    texts: Texts
    loaders: Loaders
    told: Told
    kept: Callable[[str], "Kept | None"]


Info = strawberry.Info[Context, None]
