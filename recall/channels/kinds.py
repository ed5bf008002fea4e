"""The kinds of channel that a spec may name. A new one: a file beside this, and a line here."""

from typing import Annotated

from pydantic import Field

from recall.channels.again import Again
from recall.channels.fresh import Fresh
from recall.channels.itemcf import ItemCF
from recall.channels.keyword import Keyword
from recall.channels.nearest import Nearest
from recall.channels.neighbours import Neighbours
from recall.channels.popular import Popular
from recall.channels.sql import Sql
from recall.channels.swing import Swing
from recall.channels.tags import Tags
from recall.channels.walk import Walk

AnyChannel = Annotated[
    Popular | Fresh | ItemCF | Swing | Neighbours | Walk | Tags | Again | Sql | Keyword | Nearest,
    Field(discriminator="type"),
]
