"""Shops that wait for what takes long on a busy machine: tests are not about how fast it is."""

from datetime import timedelta
from typing import TypeVar

from api.spec import Spec
from ranking.scenes import Scene
from weft.spec import Section

S = TypeVar("S", bound=Section)


def patient(spec: Spec) -> Spec:
    """Let everything of a shop take its time that does not say how much it has."""
    channels = {name: _waiting(channel) for name, channel in spec.recall.channels.items()}
    recall = spec.recall.model_copy(update={"channels": channels})
    scenes = {name: _scene(scene) for name, scene in spec.scenes.items()}
    return spec.model_copy(update={"recall": recall, "scenes": scenes})


def _scene(scene: Scene) -> Scene:
    parts = {name: getattr(scene, name) for name in ("coarse", "fine", "rerank")}
    return scene.model_copy(
        update={name: _waiting(part) for name, part in parts.items() if part is not None}
    )


def _waiting(part: S) -> S:
    if "deadline" in part.model_fields_set:
        return part
    return part.model_copy(update={"deadline": timedelta(seconds=30)})
