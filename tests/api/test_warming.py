"""A release that is served has its vectors in memory before anybody asks."""

import asyncio
from collections.abc import Hashable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine

from api.building import apply_spec
from ranking.standing import FRESH, Held
from recall.planning.memory import memory_of
from tests.api.shop import open_face
from tests.ranking.dumps.longing import open_graphed
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


def test_what_is_the_same_in_the_next_release_is_not_loaded_again(
    engine: Engine, tmp_path: Path
) -> None:
    longing = open_graphed(engine, tmp_path)
    with open_face(engine, longing.spec) as face:

        async def held() -> Held:
            await asyncio.gather(*face.service.busy)
            await face.service.refresh()
            released = face.service.serving.released
            assert released is not None
            assert released.scenes.models.held is not None
            return released.scenes.models.held

        before = face.portal.call(held)
        applied = apply_spec(engine, longing.spec, Quiet(), asked=["ranker.fine"])
        assert applied.release == 2
        after = face.portal.call(held)
        assert face.service.release == 2
    assert after.models["coarse"] is before.models["coarse"]
    assert after.models["fine"].artifact > before.models["fine"].artifact
    assert after.sides["coarse"].rows is before.sides["coarse"].rows


def test_nobody_is_served_a_release_before_it_is_in_memory(engine: Engine, tmp_path: Path) -> None:
    longing = open_graphed(engine, tmp_path)
    with open_face(engine, longing.spec) as face:
        apply_spec(engine, longing.spec, Quiet(), asked=["ranker.fine"])

        async def switched() -> bool:
            await asyncio.gather(*face.service.busy)
            await face.service.refresh()
            released = face.service.serving.released
            return released is not None and released.scenes.models.held is not None

        assert face.portal.call(switched)
        assert face.service.release == 2


def test_items_that_were_worked_out_long_ago_are_so_again(engine: Engine, tmp_path: Path) -> None:
    longing = open_graphed(engine, tmp_path)
    with open_face(engine, longing.spec) as face:

        async def renewed() -> tuple[Held, Held]:
            await asyncio.gather(*face.service.busy)
            released = face.service.serving.released
            assert released is not None
            models = released.scenes.models
            before = models.held
            assert before is not None
            side = replace(before.sides["coarse"], moment=before.moment - 2 * FRESH)
            models.held = replace(before, sides={"coarse": side})
            assert await models.hold(face.service.databases.recalling) is models.held
            assert models.renewing is not None
            await models.renewing
            return before, models.held

        before, after = face.portal.call(renewed)
    assert after.sides["coarse"].moment > before.sides["coarse"].moment
    assert not after.old(datetime.now(UTC))
    assert after.sides["coarse"].ids.tolist() == before.sides["coarse"].ids.tolist()
