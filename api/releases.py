"""What was made ready of a release, so that pages can be made of it."""

from dataclasses import dataclass

from api.spec import Spec
from ranking.pages import Scenes
from weft.releases import Live


@dataclass(frozen=True)
class Released:
    """A release: its number, its spec, and its channels ready to answer."""

    number: int
    spec: Spec
    scenes: Scenes


def make_ready(live: Live) -> Released:
    """Make a release ready."""
    spec = Spec.model_validate(live.spec)
    finders = {
        name: channel.finder(name, live.artifacts[f"recall.{name}"], spec.catalog)
        for name, channel in spec.recall.channels.items()
    }
    return Released(live.release, spec, Scenes(spec.catalog, spec.scenes, finders))
