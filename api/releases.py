"""What was made ready of a release, so that pages can be made of it."""

from dataclasses import dataclass

from api.spec import Spec, channels_around
from ranking.asking import Scenes
from ranking.experiments.allotting import part_of
from ranking.experiments.spec import CONTROL, TENTHS
from ranking.experiments.standing import Assigned, Experiments
from ranking.standing import Models
from recall.channels.spec import Ready
from recall.likeness.ways import Ways, ways_of
from weft.releases import Live

CANARY = "canary"


@dataclass(frozen=True)
class Released:
    """A release: its number, its spec, and its channels ready to answer."""

    number: int
    spec: Spec
    scenes: Scenes
    ways: Ways  # from an item to what is like it


@dataclass(frozen=True)
class Trial:
    """A release that a share of persons and sessions gets."""

    released: Released
    share: float

    @property
    def name(self) -> str:
        """Name it as an experiment."""
        return f"canary {self.released.number}"

    def arm(self, unit: str) -> Assigned:
        """Tell whether somebody gets it; a larger share only adds to those who do."""
        inside = part_of(self.name, unit) < round(self.share * TENTHS)
        return Assigned(self.name, CANARY if inside else CONTROL)


def make_ready(live: Live, beside: Released | None = None) -> Released:
    """Make a release ready; what another one holds and is the same is not loaded again."""
    spec = Spec.model_validate(live.spec)
    scenes = scenes_of(spec, live, beside)
    ways = ways_of(scenes.channels, scenes.finders, channels_around(spec), live.artifacts)
    return Released(live.release, spec, scenes, ways)


def scenes_of(spec: Spec, live: Live, beside: Released | None = None) -> Scenes:
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
        Models(spec.ranking, live.artifacts, beside.scenes.models if beside else None),
        Experiments(spec.experiments, live.release),
    )
