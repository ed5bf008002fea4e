"""What most people like of late: weighted positive events with time decay, by context."""

from datetime import timedelta
from typing import Literal

from graph.catalog import Catalog
from recall import queries
from recall.candidates import Finder
from recall.channels.spec import Channel
from recall.lists import ListFinder, make_lists
from weft.events import Events
from weft.steps import Made, Step, Work
from weft.words import Duration


class Popular(Channel):
    """Items by decayed weight of positive events."""

    type: Literal["popular"]
    half_life: Duration = timedelta(days=3)
    window: Duration = timedelta(days=30)

    def step(self, name: str, catalog: Catalog, events: Events) -> Step:
        """Give the step that builds this channel."""

        def run(work: Work) -> Made:
            values = {
                "kinds": list(events.positive),
                "weights": list(events.positive.values()),
                "half_life": self.half_life.total_seconds(),
                "window": self.window,
                "top": self.top,
            }
            return make_lists(work, queries.fill_popular(work.artifact, self.by), values)

        section = {**self.model_dump(mode="json"), "positive": events.positive}
        return Step(name, section, run, reads=("event", "item", "person"))

    def finder(self, name: str, artifact: int, catalog: Catalog) -> Finder:
        """Give what answers questions from an artifact of this channel."""
        return ListFinder(name, artifact, tuple(self.by), catalog)
