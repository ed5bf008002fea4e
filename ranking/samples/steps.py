"""The step that keeps labelled rows."""

from ranking.samples.keeping import CODE, keep_labelled
from ranking.samples.spec import ShownSamples
from weft.events import Events
from weft.steps import Made, Step, Work

STEP = "ranking.samples"


def samples_step(samples: ShownSamples, events: Events) -> Step:
    """Give the step that joins what was shown with what came of it."""
    within = {name: samples.within(name, events).total_seconds() for name in samples.tasks}
    section = {**samples.model_dump(mode="json"), "within": within}

    def run(work: Work) -> Made:
        return keep_labelled(work, samples, events)

    return Step(STEP, section, run, reads=("event",), code=CODE)
