"""Teacher and student as one network: both learn at once, and the teacher's odds of the moment
are what the student learns beside labels. What both have in common moves as declared.
"""

import torch
from torch import Tensor, nn

from ranking.examples import Layout
from ranking.networks.batch import Batch
from ranking.networks.embedding import Embedding
from ranking.networks.lookup import pick
from ranking.networks.towers.layers import Tower
from ranking.networks.towers.network import TowersNetwork, count_of
from ranking.networks.towers.taught import known, softened, taught
from ranking.rankers.towers import Distil
from weft.errors import BuildError

HIDDEN = [64]  # of what the teacher makes of the student's attention


class Together(nn.Module):
    """A student's odds beside its teacher's."""

    def __init__(
        self, teacher: nn.Module, student: TowersNetwork, distil: Distil, layout: Layout
    ) -> None:
        super().__init__()
        self.teacher, self.student, self.distil = teacher, student, distil
        self.tasks = len(layout.tasks)
        if distil.moves.embedding != "apart":
            student.embedding = shared(teacher, student.embedding)
            student.still = distil.moves.embedding == "teacher"
        wide = (len(student.attention) + count_of(layout, "items")) * student.options.dim
        looks = len(student.attention) and distil.moves.attention != "student"
        self.look = Tower(wide, HIDDEN, self.tasks, 0.0) if looks else None

    def forward(self, batch: Batch) -> Tensor:
        """Give log-odds, the student's first. # (rows, tasks · (heads + 1))"""
        read = self.student.read(batch.asks)
        pooled = self.student.pooled(read)
        alone = self.look is not None and self.distil.moves.attention == "teacher"
        asked = self.student.asked(read, pooled.detach() if alone else pooled)
        offered = pick(self.student.offer(batch.items), batch.item)
        mine = self.student.meet(pick(asked, batch.ask), offered)
        theirs = self.teacher(batch)
        if theirs.dim() > mine.dim():
            theirs = theirs.mean(0)  # a teacher of several opinions
        if self.look is not None:
            theirs = theirs + self.look(self.looked(pooled, batch))
        return torch.cat([mine, theirs], 1)

    def looked(self, pooled: Tensor, batch: Batch) -> Tensor:
        """Give what the teacher sees of the student's attention, beside the item. # (rows, …)"""
        items = self.student.held(self.student.embedding.side("items", batch.items))
        sides = (pooled, batch.ask), (items, batch.item)
        return torch.cat([pick(side.flatten(1), rows) for side, rows in sides], 1)

    def loss(self, odds: Tensor, labels: Tensor, weights: Tensor) -> Tensor:
        """Give the teacher's loss by labels and the student's by labels and the teacher."""
        mine, theirs = odds[:, : -self.tasks], odds[:, -self.tasks :]
        soft = softened(theirs.detach().sigmoid(), self.distil.temperature)
        student = taught(mine, torch.cat([labels, soft], 1), weights, self.distil)
        return known(theirs, labels, weights) + student


def shared(teacher: nn.Module, own: Embedding) -> Embedding:
    """Give the teacher's embedding; one that is wider has weights at its end."""
    for found in (module for module in teacher.modules() if isinstance(module, Embedding)):
        if found.width >= own.width and found.tables.firsts == own.tables.firsts:
            return found
    raise BuildError(
        f"distil.moves.embedding: the teacher has no embedding of {own.width} numbers with the "
        "same tables; give both the same dim, or say apart"
    )
