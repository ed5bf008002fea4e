"""The kinds of channel that a spec may name. A new one: a file beside this, and a line here."""

from typing import Annotated

from pydantic import Field

from recall.channels.fresh import Fresh
from recall.channels.nearest import Nearest
from recall.channels.popular import Popular

AnyChannel = Annotated[Popular | Fresh | Nearest, Field(discriminator="type")]
