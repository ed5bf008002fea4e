"""The section `recall`."""

from typing import Annotated

from pydantic import Field

from recall.channels.kinds import AnyChannel
from weft.spec import Section

ChannelKey = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,40}$")]


class Recall(Section):
    """How candidates are found."""

    channels: dict[ChannelKey, AnyChannel] = {}
