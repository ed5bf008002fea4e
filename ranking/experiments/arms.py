"""From who asks to the scene as the arms have it that they are in."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncEngine

from ranking.asking import Scenes
from ranking.experiments.spec import CONTROL, changed
from ranking.experiments.standing import Assigned


async def in_arms(
    database: AsyncEngine, scenes: Scenes, scene: str, unit: str | None
) -> tuple[Scenes, tuple[Assigned, ...]]:
    """Give the scenes as somebody is to see them, and the arms that make them so."""
    assigned = await scenes.experiments.assigned(database, scene, unit)
    return with_arms(scenes, scene, assigned), assigned


def with_arms(scenes: Scenes, scene: str, assigned: Sequence[Assigned]) -> Scenes:
    """Change one scene as arms say; scenes that extend it stay as they are."""
    here = scenes.scenes.get(scene)
    arms = [one for one in assigned if one.arm != CONTROL]
    if here is None or not arms:
        return scenes
    for one in arms:
        arm = scenes.experiments.declared[one.experiment].all_arms()[one.arm]
        here = changed(here, arm.change)
    return replace(scenes, scenes={**scenes.scenes, scene: here})
