"""What most people like of late: weighted positive events with time decay, by context."""

from datetime import timedelta
from typing import Literal

from recall import queries
from recall.candidates import Finder
from recall.channels.spec import Around, Listed, Ready
from recall.lists import ListFinder, make_lists
from weft.steps import Made, Step, Work
from weft.words import Duration


class Popular(Listed):
    """Items by decayed weight of positive events."""

    type: Literal["popular"]
    half_life: Duration = timedelta(days=3)
    window: Duration = timedelta(days=30)

    def step(self, name: str, around: Around) -> Step:
        """Give the step that builds this channel."""

        def run(work: Work) -> Made:
            values = {
                "kinds": list(around.events.positive),
                "weights": list(around.events.positive.values()),
                "half_life": self.half_life.total_seconds(),
                "window": self.window,
                "top": self.top,
            }
            return make_lists(work, queries.fill_popular(work.artifact, self.by), values)

        section = {**self.shape(), "positive": around.events.positive}
        return Step(f"recall.{name}", section, run, reads=("event", "item", "person"))

    def finder(self, name: str, ready: Ready) -> Finder:
        """Give what answers questions from an artifact of this channel."""
        artifact, catalog = ready.artifacts[f"recall.{name}"], ready.around.catalog
        return ListFinder(name, artifact, tuple(self.by), catalog, self.top)
