"""What every resolver is given."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import strawberry
from sqlalchemy import Engine
from sqlalchemy.ext.asyncio import AsyncEngine

from api.dumping import Dumps
from api.ears import Ears
from api.graphql.loaders import Loaders
from api.graphql.told import Told
from api.keys import Key
from api.pulse import Pulse
from api.reading import Texts
from api.releases import Released, Trial
from api.spec import Spec

if TYPE_CHECKING:
    from api.kept import Kept


@dataclass(frozen=True)
class Databases:
    """Ways to the one database: to read, to recall within deadlines, to write, and for threads."""

    reading: AsyncEngine
    recalling: AsyncEngine
    writing: AsyncEngine
    loading: Engine
    pulse: Pulse


@dataclass(frozen=True)
class Context:
    """One request's key, spec, release, loaders and ways to the database."""

    key: Key
    spec: Spec
    released: Released | None
    trial: Trial | None
    earlier: Callable[[int], Released | None]
    databases: Databases
    texts: Texts
    loaders: Loaders
    told: Told
    ears: Ears
    kept: Mapping[str, "Kept"]  # pages by scene
    dumps: Dumps


Info = strawberry.Info[Context, None]
