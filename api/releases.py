"""What was made ready of a release, so that pages can be made of it."""

from dataclasses import dataclass

from api.spec import Spec, channels_around
from ranking.asking import Scenes
from ranking.experiments.standing import Experiments
from ranking.standing import Models
from recall.channels.spec import Ready
from recall.likeness.ways import Ways, ways_of
from weft.releases import Live


@dataclass(frozen=True)
class Released:
    """A release: its number, its spec, and its channels ready to answer."""

    number: int
    spec: Spec
    scenes: Scenes
    ways: Ways  # from an item to what is like it


def make_ready(live: Live) -> Released:
    """Make a release ready."""
    spec = Spec.model_validate(live.spec)
    scenes = scenes_of(spec, live)
    ways = ways_of(scenes.channels, scenes.finders, channels_around(spec), live.artifacts)
    return Released(live.release, spec, scenes, ways)


def scenes_of(spec: Spec, live: Live) -> Scenes:
    """Make the channels and scenes of a release ready to answer."""
    ready = Ready(live.artifacts, channels_around(spec))
    channels = spec.recall.channels
    finders = {name: channel.finder(name, ready) for name, channel in channels.items()}
    return Scenes(
        spec.catalog,
        spec.scenes,
        channels,
        finders,
        spec.events.positive,
        live.artifacts,
        Models(spec.ranking, live.artifacts),
        Experiments(spec.experiments, live.release),
    )
