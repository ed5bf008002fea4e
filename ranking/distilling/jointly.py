"""Learning of a teacher and a student at the same time, by the loop that all networks share."""

from dataclasses import replace
from typing import TYPE_CHECKING

from ranking.distilling.lessons import headed, heads_of, widened
from ranking.distilling.together import Together
from ranking.networks.bias import Unbiased
from ranking.networks.towers.network import towers_in
from ranking.networks.whole import whole_of
from ranking.rankers.lesson import Lesson
from ranking.rankers.spec import NetworkRanker
from ranking.rankers.towers import Distil, Towers
from ranking.training.calibrating import Calibration
from ranking.training.loop import train
from ranking.training.trained import Trained
from weft.errors import BuildError

if TYPE_CHECKING:
    from torch import nn

    from ranking.examples import Layout
    from ranking.rankers.spec import Ranker


class Joint(NetworkRanker):
    """A student's options of learning, for the student and its teacher."""

    student: Towers
    tutor: NetworkRanker
    tasks: int

    def network(self, layout: "Layout") -> "nn.Module":
        """Give both networks as one; the layout has the tasks of all heads, the teacher's last."""
        assert self.student.distil is not None
        plain = replace(layout, tasks=layout.tasks[: self.tasks])
        own = replace(layout, tasks=layout.tasks[: -self.tasks])
        teacher, student = self.tutor.network(plain), towers_in(self.student.network(own))
        return Together(teacher, student, self.student.distil, plain)


def jointly(ranker: Towers, distil: Distil, lesson: Lesson, tutor: "Ranker") -> Trained:
    """Learn both; give the student."""
    if not isinstance(tutor, NetworkRanker):
        raise BuildError("distil.together: the teacher must be a network")
    options = {name: getattr(ranker, name) for name in NetworkRanker.model_fields}
    tasks = len(lesson.layout.tasks)
    joint = Joint.model_construct(**options, student=ranker, tutor=tutor, tasks=tasks)
    course = replace(headed(lesson, distil.heads + 1), learn=widened(distil, lesson))
    both = train(joint, course)
    network = whole_of(ranker, heads_of(lesson.layout, distil.heads))
    take(towers_in(network), towers_in(both.network))
    if isinstance(network, Unbiased) and isinstance(both.network, Unbiased):
        take_bias(network, both.network)
    slopes, offsets = both.calibration.slopes, both.calibration.offsets
    own = tasks * distil.heads
    network.to(both.device).eval()
    return Trained(network, Calibration(slopes[:own], offsets[:own]), both.device)


def take_bias(student: Unbiased, learned: Unbiased) -> None:
    """Take what was learned of the bias, but for the teacher's tasks, which are the last."""
    found = learned.state_dict()
    own = {n: some for n, some in student.state_dict().items() if not n.startswith("inner.")}
    cut = {name: found[name][tuple(map(slice, some.shape))] for name, some in own.items()}
    student.load_state_dict(cut, strict=False)


def take(student: "nn.Module", learned: "nn.Module") -> None:
    """Take what was learned; of an embedding that was the teacher's, as much as is read."""
    own, found = student.state_dict(), learned.state_dict()
    cut = {name: found[name][tuple(map(slice, some.shape))] for name, some in own.items()}
    student.load_state_dict(cut)
