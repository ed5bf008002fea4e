"""What a spec says of GraphSAGE's negatives."""

from typing import Annotated

from pydantic import Field

from graph.catalog import ItemAttribute
from weft.spec import Section


class Negatives(Section):
    """What links are told apart from: a mixture, by how many of each."""

    random: int = Field(default=256, ge=0, description="drawn by degree, for all links of a batch")
    power: float = Field(default=0.75, ge=0, le=1, description="of the degree, as their chance")
    batch: int = Field(default=256, ge=0, description="targets of other links of the batch")
    same: dict[ItemAttribute, Annotated[int, Field(ge=1)]] = Field(
        default={}, description="per link, of the same value of an attribute, such as `city: 4`"
    )
