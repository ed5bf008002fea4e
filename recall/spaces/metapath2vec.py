"""metapath2vec (Dong et al. 2017): walks along declared paths, such as person, item, tag, item."""

from itertools import chain
from typing import Literal

import numpy as np
from pydantic import Field, model_validator

from graph.edges.spec import EdgeName
from graph.walks.trails import Trails, follower_of, trails_of
from recall.spaces.skipgram.corpora import Several, Walked
from recall.spaces.skipgram.placing import placed
from recall.spaces.skipgram.spec import settings_of
from recall.spaces.skipgram.training import train
from recall.spaces.skipgram.walking import WalkedSkipGram, spread
from recall.spaces.trained import Lesson, Placed
from weft.errors import NothingToLearn

KIND = "kind of node"


class MetaPath2Vec(WalkedSkipGram):
    """Vectors from walks along paths of edge kinds."""

    type: Literal["metapath2vec"]
    paths: list[list[EdgeName]] = Field(
        default=[],
        description="kinds of edge in the order they are gone along, round and round; "
        "by default each of `over` there and back",
    )
    same_kind: bool = Field(
        default=True, description="negatives are nodes of the same kind (metapath2vec++)"
    )

    @model_validator(mode="after")
    def _along_what_is_declared(self) -> "MetaPath2Vec":
        for name in chain.from_iterable(self.paths):
            if name.removeprefix("~") not in {known.removeprefix("~") for known in self.over}:
                raise ValueError(f"paths: '{name}' is not among `over`: {', '.join(self.over)}")
        if self.same_kind and self.within:
            raise ValueError("`within` needs `same_kind: false`; a group is within a kind anyway")
        if [] in self.paths:
            raise ValueError("paths: a path has at least one kind of edge")
        return self

    def fit(self, lesson: Lesson) -> Placed:
        """Follow the paths and learn."""
        return follow_and_learn(self, lesson)


def follow_and_learn(space: MetaPath2Vec, lesson: Lesson) -> Placed:
    """Learn from as many walks along each path."""
    paths = space.paths or [[name, _turned(name)] for name in space.over]
    trails = trails_of(lesson.graph, paths)
    corpora = []
    for place, path in enumerate(paths):
        follower = follower_of(trails, lesson.graph, path, space.length)
        seed = lesson.seed + 1_000_003 * place
        if len(follower.begins):
            begins = follower.begins
            corpora.append(Walked(follower, begins, trails.size, space.length, space.walks, seed))
    if not corpora:
        raise NothingToLearn(
            f"no edges in {', '.join(space.over)}, so there is nothing to walk on: "
            "import events first, or name others in `over`"
        )
    settings = settings_of(space, lesson)
    groups = spread(lesson, trails.spans, trails.size)
    if space.same_kind:
        settings.shares[KIND] = 1.0
        groups[KIND] = _kinds(trails)
    learned = train(Several(tuple(corpora)), settings, groups, lesson.progress)
    return placed(learned, trails.spans, lesson.graph)


def _turned(name: str) -> str:
    return name[1:] if name.startswith("~") else f"~{name}"


def _kinds(trails: Trails) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    sizes = [span.stop - span.start for span in trails.spans.values()]
    return np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)
