"""A release that is served has its vectors in memory before anybody asks."""

import asyncio
from collections.abc import Hashable
from pathlib import Path

from sqlalchemy import Engine

from api.building import apply_spec
from recall.planning.memory import memory_of
from tests.api.shop import open_face
from tests.tiny import TEXT, open_tiny
from weft.releases import read_live
from weft.running import Quiet

WOVEN = (
    TEXT.replace("    fresh:", "    near: {type: nearest, space: near}\n    fresh:")
    + """
graph:
  edges:
    tagged: {type: tags}
    liked: {type: events, half_life: 30d}
spaces:
  near: {type: linear, over: [liked, tagged], dim: 4, spectrum: 4}
"""
)


def test_memory_is_filled_when_a_release_is_served(engine: Engine, tmp_path: Path) -> None:
    spec = open_tiny(engine, tmp_path, WOVEN)
    apply_spec(engine, spec, Quiet())
    with engine.connect() as connection:
        live = read_live(connection)
    assert live is not None
    with open_face(engine, spec) as face:

        async def filled() -> list[Hashable]:
            await asyncio.gather(*face.service.busy)
            async with face.service.databases.recalling.connect() as connection:
                return list(memory_of(connection).codes.values)

        assert face.portal.call(filled) == [(live.artifacts["space.near"], "item")]
