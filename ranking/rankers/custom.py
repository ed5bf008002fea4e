"""A ranker whose layers the spec lists, or whose network somebody else has written."""

from collections.abc import Mapping, Sequence
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, PositiveInt, model_validator

from ranking.rankers.deep import Hidden
from ranking.rankers.layers import AnyLayer
from ranking.rankers.spec import NetworkRanker
from weft.errors import SpecError
from weft.spec import unknown

if TYPE_CHECKING:
    from torch import nn

    from ranking.examples import Layout

GROUP = "weft.rankers"  # of entry points


def _installed(name: str) -> str:
    names = entry_points(group=GROUP).names
    if name not in names:
        raise ValueError(f"{unknown('ranker of ' + GROUP, name, names)}; is its package installed?")
    return name


def _listed(branch: object) -> object:
    return [branch] if isinstance(branch, Mapping) else branch


def _flows(branch: Sequence[AnyLayer]) -> Sequence[AnyLayer]:
    """Refuse a layer of features after one that gives a single vector."""
    gone = None
    for layer in branch:
        if layer.reads_features and gone:
            raise ValueError(f"`{layer.type}` reads features, and `{gone}` before it leaves none")
        gone = gone or (layer.type if layer.leaves_none else None)
    return branch


Branch = Annotated[
    tuple[AnyLayer, ...],
    BeforeValidator(_listed, json_schema_input_type=AnyLayer | list[AnyLayer]),
    AfterValidator(_flows),
    Field(min_length=1),
]


class Custom(NetworkRanker):
    """Weights, and whichever layers are listed; or a module of somebody's own."""

    type: Literal["custom"]
    layers: tuple[Branch, ...] = Field(
        default=(),
        description="branches that read the features side by side: each one layer, "
        "or a list of layers of which each reads what the one before gives",
    )
    head: tuple[PositiveInt, ...] = Field(
        default=(), description="plain layers over all branches together"
    )
    norm: bool = Field(
        default=True, description="bring what each layer of `head` gives to one scale"
    )
    members: int = Field(
        default=1,
        ge=1,
        le=64,
        description="so many networks of these layers, each with embeddings of its own, whose "
        "chances are averaged",
    )
    module: Annotated[str, AfterValidator(_installed)] | None = Field(
        default=None, description=f"instead of layers: an entry point of the group `{GROUP}`"
    )
    options: dict[str, Any] = Field(default={}, description="what `module` is given by name")

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if bool(self.layers) == bool(self.module):
            raise ValueError("either `layers` or `module` is needed, and not both")
        if self.options and not self.module:
            raise ValueError("`options` are for `module`; layers have their own")
        return self

    def network(self, layout: "Layout") -> "nn.Module":
        """Give the network."""
        if self.module:
            return _made(self.module, layout, self.dim, self.options)
        from ranking.networks.custom import CustomNetwork  # noqa: PLC0415 - torch takes seconds

        head = Hidden(self.head, self.dropout, self.norm)
        return CustomNetwork(layout, self.dim, self.layers, head, self.members)


def _made(name: str, layout: "Layout", dim: int, options: Mapping[str, Any]) -> "nn.Module":
    """Call what an entry point names."""
    from torch import nn  # noqa: PLC0415 - torch takes seconds

    (entry, *_) = entry_points(group=GROUP, name=name)
    network = entry.load()(layout, dim, **options)
    if not isinstance(network, nn.Module):
        raise SpecError(f"{entry.value} gives a {type(network).__name__}, not a torch.nn.Module")
    return network
