"""What is new."""

from datetime import timedelta
from typing import Literal

from recall.channels.spec import Channel
from weft.words import Duration


class Fresh(Channel):
    """Items by when they began to be offered, the newest first."""

    type: Literal["fresh"]
    window: Duration = timedelta(days=7)
