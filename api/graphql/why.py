"""Why an item stands on a page."""

from typing import cast

import strawberry
from strawberry.scalars import JSON

from api.explaining import Reasons
from api.graphql.arms import ExperimentArm
from ranking.explaining.paths import ToldPath
from ranking.explaining.whys import StageWhy
from ranking.page import Asked
from recall.fusion import Hit


@strawberry.type
class WhyChannel:
    """A channel that found the item, and how it looked for it."""

    name: str
    rank: int = strawberry.field(description="Where the channel had it; 1 is the first.")
    score: float
    found: int | None = strawberry.field(description="How many items the channel found in all.")
    strategy: str | None = strawberry.field(
        description="How nearest items were looked for under the filter; null elsewhere."
    )
    estimated: int | None = strawberry.field(description="Items under the filter, as estimated.")
    matched: int | None = strawberry.field(description="Items that were found under the filter.")
    recall: float | None = strawberry.field(
        description="Share of the truly nearest that this way is expected to find."
    )


@strawberry.type
class WhyNode:
    """A node of a path."""

    kind: str = strawberry.field(description="`person`, `item`, `tag`, `keyword` or `value`.")
    key: str
    label: str


@strawberry.type
class WhyPath:
    """The best path from who asks to the item, through what they did and the graph."""

    text: str = strawberry.field(description="The path in one line.")
    nodes: list[WhyNode]
    steps: list[str] = strawberry.field(
        description="A kind of deed or of edge between each node and the next; `~` goes back."
    )
    weight: float


@strawberry.type
class WhyShare:
    """What a feature adds to a score: the score minus the score with the feature missing."""

    feature: str
    side: str = strawberry.field(description="`asks`, `items` or `pairs`.")
    worth: float


@strawberry.type
class WhyChance:
    """How likely a model held it that somebody does something."""

    task: str
    chance: float


@strawberry.type
class WhyStage:
    """What a stage of ranking thought of the item."""

    name: str
    model: str
    score: float
    chances: list[WhyChance]
    features: list[WhyShare] = strawberry.field(
        description="What counts most, of the stage that decided; the most first."
    )


@strawberry.type
class WhyMoved:
    """What re-ranking did to the item."""

    before: int | None = strawberry.field(description="Null: it was pinned, and not found.")
    place: int
    rules: list[str]
    waived: list[str]


@strawberry.type
class Why:
    """Why an item stands where it stands."""

    trace: strawberry.ID
    release: int
    scene: str
    arms: list[ExperimentArm]
    channels: list[WhyChannel]
    moved: WhyMoved | None = strawberry.field(description="Null where re-ranking did nothing.")
    where: JSON = strawberry.field(
        description="All filters that were applied: of the scene, the request and who asked."
    )
    left_out: int = strawberry.field(
        description="Items that were not to be found: seen, bought, or excluded by name."
    )
    reasons: strawberry.Private[Reasons]
    number: strawberry.Private[int]

    @strawberry.field(description="Null where no path is known; the graph is asked as it is now.")
    async def path(self) -> WhyPath | None:
        """Give the best path."""
        found = await self.reasons.path(self.number)
        return None if found is None else _path(found)

    @strawberry.field(description="What each stage of ranking thought of it; the last decided.")
    async def stages(self) -> list[WhyStage]:
        """Give what the stages thought."""
        return [_stage(one) for one in await self.reasons.stages(self.number)]


def why_of(reasons: Reasons, item: int, hits: tuple[Hit, ...]) -> Why:
    """Tell why an item stands on a page; what takes time is worked out if it is asked for."""
    page = reasons.page
    asked = {one.channel: one for one in page.told.channels}
    moved = page.told.moved.get(item)
    return Why(
        trace=strawberry.ID(page.trace),
        release=page.release,
        scene=page.scene,
        arms=[ExperimentArm(experiment=name, arm=arm) for name, arm in page.arms.items()],
        channels=[_channel(hit, asked.get(hit.channel)) for hit in hits],
        moved=None
        if moved is None
        else WhyMoved(
            before=moved.before,
            place=moved.place,
            rules=list(moved.rules),
            waived=list(moved.waived),
        ),
        where=cast(JSON, page.told.where),
        left_out=page.told.left_out,
        reasons=reasons,
        number=item,
    )


def _channel(hit: Hit, asked: Asked | None) -> WhyChannel:
    told = {} if asked is None else asked.told
    return WhyChannel(
        name=hit.channel,
        rank=hit.rank,
        score=hit.score,
        found=None if asked is None else asked.found,
        strategy=told.get("strategy"),
        estimated=told.get("estimated"),
        matched=told.get("matched"),
        recall=told.get("recall"),
    )


def _path(path: ToldPath) -> WhyPath:
    nodes = [WhyNode(kind=node.kind, key=node.key, label=node.label) for node in path.nodes]
    return WhyPath(text=str(path), nodes=nodes, steps=list(path.steps), weight=path.weight)


def _stage(stage: StageWhy) -> WhyStage:
    return WhyStage(
        name=stage.stage,
        model=stage.model,
        score=stage.score,
        chances=[WhyChance(task=task, chance=chance) for task, chance in stage.chances.items()],
        features=[WhyShare(feature=s.feature, side=s.side, worth=s.worth) for s in stage.shares],
    )
