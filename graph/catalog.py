"""The section `catalog`: what an item and a user look like."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, ValidationInfo

from weft.spec import Section, ref, unknown

RESERVED = {
    "id", "key", "title", "attributes", "tag_ids", "added", "added_at",
    "changed_at", "removed", "removed_at",
    "and", "or", "not", "tags", "facet", "labels",
    "tableoid", "ctid", "xmin", "xmax", "cmin", "cmax",
}  # fmt: skip


def _free(name: str) -> str:
    if name in RESERVED:
        raise ValueError(f"'{name}' is Weft's own column; call the attribute something else")
    return name


AttributeName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,40}$"), AfterValidator(_free)]


class TagAttribute(Section):
    """A tag of one facet, given by its key."""

    type: Literal["tag"]
    facet: str = Field(pattern=r"^[a-z][a-z0-9_]{0,40}$")
    unknown: Literal["create", "reject"] = Field(
        default="create", description="what to do with a key that is no tag yet"
    )
    many: bool = False
    filter: bool = False
    required: bool = False


class KeywordAttribute(Section):
    """A short word that is compared whole, such as a city."""

    type: Literal["keyword"]
    many: bool = False
    filter: bool = False
    required: bool = False


class TextAttribute(Section):
    """Running text; it cannot be a filter."""

    type: Literal["text"]
    required: bool = False

    @property
    def filter(self) -> bool:
        """Text is never a filter."""
        return False

    @property
    def many(self) -> bool:
        """Text comes alone."""
        return False


class ScalarAttribute(Section):
    """A number, a time or a yes and no."""

    type: Literal["number", "time", "boolean"]
    filter: bool = False
    required: bool = False

    @property
    def many(self) -> bool:
        """Scalars come alone."""
        return False


Attribute = Annotated[
    TagAttribute | KeywordAttribute | TextAttribute | ScalarAttribute,
    Field(discriminator="type"),
]
ItemAttribute = Annotated[str, ref("catalog.item", "item attribute")]


def _single(name: str, info: ValidationInfo) -> str:
    """Hold for a filter that each item has at most one word of."""
    if info.context is not None:
        declared = (info.context["raw"].get("catalog") or {}).get("item") or {}
        parts = {key: part for key, part in declared.items() if isinstance(part, dict)}
        names = [
            key
            for key, part in parts.items()
            if part.get("type") in ("tag", "keyword") and part.get("filter")
            if not part.get("many")
        ]
        if name not in names:
            raise ValueError(unknown("filter with one word for each item", name, names))
    return name


SingleFilter = Annotated[str, AfterValidator(_single)]


class Lifetime(Section):
    """Which time attributes say when an item begins and ends to be offered."""

    begins: ItemAttribute | None = None
    ends: ItemAttribute | None = None


class Catalog(Section):
    """What the shop offers and who visits it."""

    item: dict[AttributeName, Attribute] = {}
    user: dict[AttributeName, Attribute] = {}
    lifetime: Lifetime = Lifetime()

    def __hash__(self) -> int:
        """Tell catalogues apart quickly: statements are kept by theirs."""
        return hash((tuple(self.item), tuple(self.user)))

    def filters(self) -> dict[str, Attribute]:
        """Give the item attributes that may be filtered by."""
        return {name: a for name, a in self.item.items() if a.filter}
