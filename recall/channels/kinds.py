"""The kinds of channel that a spec may name. A new channel is a file beside this one and a line here."""

from typing import Annotated

from pydantic import Field

from recall.channels.fresh import Fresh
from recall.channels.popular import Popular

AnyChannel = Annotated[Popular | Fresh, Field(discriminator="type")]
