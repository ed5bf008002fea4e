"""The section `scenes`: where recommendations are shown, and how each scene is put together."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, Field, ValidationError, ValidationInfo

from graph.catalog import Catalog
from graph.where import read_where
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


class Scene(Section):
    """One place on a page. What it leaves out comes from the scene that it extends."""

    extends: SceneName | None = None
    recall: list[ChannelName] | None = Field(default=None, min_length=1)
    where: Filter | None = None
    seen: list[KindName] | None = Field(default=None, description="events that make an item seen")
    forget: Duration | None = Field(default=None, description="how long a seen item is left out")


DEFAULTS = Scene.model_construct(
    extends=None, recall=[], where={}, seen=list(SEEN), forget=parse_duration("30d")
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
