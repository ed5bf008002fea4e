"""The section `scenes`: where recommendations are shown, and how each scene is put together."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Discriminator,
    Field,
    Tag,
    ValidationError,
    ValidationInfo,
    field_serializer,
)

from graph.catalog import Catalog, ItemAttribute
from graph.where import read_where
from ranking.objectives import Objective
from ranking.rerank.spec import Rerank
from recall.blending import AnyFusion, Share, Snake
from weft.errors import BadRequest
from weft.events import SEEN, KindName
from weft.spec import Section, ref
from weft.words import Duration, parse_duration


def _filter(where: dict[str, Any], info: ValidationInfo) -> dict[str, Any]:
    """Check a filter against the catalogue of the same spec, if that can be read itself."""
    if info.context is None:
        return where
    try:
        catalog = Catalog.model_validate(info.context["raw"].get("catalog") or {})
        read_where(where, catalog)
    except ValidationError:
        pass
    except BadRequest as error:
        raise ValueError(str(error).removeprefix("where: ")) from None
    return where


ChannelName = Annotated[str, ref("recall.channels", "channel")]
SceneName = Annotated[str, ref("scenes", "scene")]
Filter = Annotated[dict[str, Any], AfterValidator(_filter)]


def _told(value: object) -> str:
    return "one" if isinstance(value, str) else "shares"


def _plain(value: object) -> str:
    return "several" if isinstance(value, list) else "shares"


Given = Annotated[Share, BeforeValidator(lambda share: {} if share is None else share)]
Shares = Annotated[dict[ChannelName, Given], Field(min_length=1), Tag("shares")]
Part = Annotated[Annotated[ChannelName, Tag("one")] | Shares, Discriminator(_told)]
Parts = Annotated[list[Part], Field(min_length=1), Tag("several")]
Recalled = Annotated[Parts | Shares, Discriminator(_plain)]


def _described(own: dict[str, str], info: ValidationInfo) -> dict[str, str]:
    """Check that an attribute holds words, as keys of persons are."""
    items = (info.context["raw"].get("catalog") or {}).get("item") if info.context else None
    for name in own:
        kind = (items or {}).get(name)
        if isinstance(kind, dict) and kind.get("type") not in ("keyword", "tag"):
            raise ValueError(f"{name}: a keyword or a tag is needed here")
    return own


PersonWord = Annotated[str, ref("catalog.user", "user attribute", also=["key"])]


ModelName = Annotated[str, ref("ranking.models", "model")]


class Stage(Section):
    """A stage of ranking: a model that scores what the stage before has left."""

    model: ModelName
    keep: int = Field(default=600, ge=1, le=10_000, description="how many the next stage is given")
    objective: Objective = Field(default=Objective(), description="what is sorted by")
    deadline: Duration = Field(
        default=timedelta(milliseconds=200),
        description="how long it may take; later, the order of the stage before stands",
    )


def _named(stage: object) -> object:
    return {"model": stage} if isinstance(stage, str) else stage


StageName = Literal["coarse", "fine"]
StageOrName = Annotated[Stage, BeforeValidator(_named)]


class Exclude(Section):
    """What a scene never shows, beside what the person has seen."""

    bought: Duration | None = Field(
        default=None, description="how long what the person bought is left out"
    )
    own: Annotated[dict[ItemAttribute, PersonWord], AfterValidator(_described)] = Field(
        default={}, description="items whose attribute says what `key` or an attribute of the "
        "person does, such as `seller: key`",
    )  # fmt: skip
    items: list[str] = Field(default=[], max_length=1_000, description="keys of items")


class Of(Section):
    """Which tags are recommended in the place of items."""

    facet: str = Field(
        pattern=r"^[a-z][a-z0-9_]{0,40}$", description="of which facet, such as brand"
    )
    depth: int = Field(
        default=300, ge=1, le=5_000, description="items of each channel that speak for their tags"
    )
    next: float = Field(
        default=0.5,
        ge=0,
        le=1,
        description="what each further item of a channel adds to its tag, beside the one before: "
        "the less, the less a tag wins by having many",
    )
    examples: int = Field(default=3, ge=0, le=20, description="items shown with each tag at most")


class Scene(Section):
    """One place on a page. What it leaves out comes from the scene that it extends."""

    extends: SceneName | None = None
    of: Of | None = Field(default=None, description="recommend tags instead of items")
    recall: Recalled | None = None
    fusion: AnyFusion | None = Field(
        default=None, description="how the candidates of channels become one order"
    )
    coarse: StageOrName | None = Field(
        default=None, description="the model that sorts all that was recalled"
    )
    fine: StageOrName | None = Field(
        default=None, description="the model that sorts what the coarse one has left"
    )
    rerank: Rerank | None = Field(
        default=None, description="what is wanted of a page as a whole, after all stages"
    )
    exclude: Exclude | None = None
    where: Filter | None = None
    seen: list[KindName] | None = Field(default=None, description="events that make an item seen")
    forget: Duration | None = Field(default=None, description="how long a seen item is left out")

    @field_serializer("recall")
    def _in_order(self, recall: Any) -> list[Any] | None:
        """Write shares as a list: the database would forget the order of a mapping."""
        if recall is None:
            return None
        if isinstance(recall, dict):
            return [{name: share.model_dump(mode="json")} for name, share in recall.items()]
        return [p if isinstance(p, str) else {c: s.model_dump(mode="json") for c, s in p.items()}
                for p in recall]  # fmt: skip

    def shares(self) -> dict[str, Share]:
        """Give what each channel gives to the scene, in their order."""
        parts = self.recall if isinstance(self.recall, list) else [self.recall or {}]
        shares: dict[str, Share] = {}
        for part in parts:
            shares |= {part: Share()} if isinstance(part, str) else part
        return shares


def stages_of(scene: Scene) -> Iterator[tuple[StageName, Stage]]:
    """Give the stages of a scene in turn."""
    if scene.coarse is not None:
        yield "coarse", scene.coarse
    if scene.fine is not None:
        yield "fine", scene.fine


DEFAULTS = Scene.model_construct(
    extends=None,
    of=None,
    recall=[],
    fusion=Snake(),
    coarse=None,
    fine=None,
    rerank=None,
    exclude=Exclude(),
    where={},
    seen=list(SEEN),
    forget=parse_duration("30d"),
)


def filled(scenes: Mapping[str, Scene], name: str) -> Scene:
    """Give a scene with everything that it inherits."""
    chain: list[str] = []
    following: str | None = name
    while following is not None:
        if following in chain:
            raise ValueError(
                f"scenes extend each other in a circle: {' → '.join([*chain, following])}"
            )
        chain.append(following)
        following = scenes[following].extends
    values: dict[str, Any] = dict(DEFAULTS)
    for link in reversed(chain):
        values |= {k: v for k, v in scenes[link] if v is not None}
    return DEFAULTS.model_copy(update=values)


def of_items(scenes: Mapping[str, Scene]) -> list[str]:
    """Name the scenes that recommend items."""
    return [name for name in scenes if filled(scenes, name).of is None]


def insist_on_items(scenes: Mapping[str, Scene], name: str) -> None:
    """Refuse a scene that recommends tags."""
    if name in scenes and (of := filled(scenes, name).of) is not None:
        raise BadRequest(
            f"scene '{name}' recommends tags of the facet '{of.facet}', and no items;"
            " ask `recommendTags`"
        )
