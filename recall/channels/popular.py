"""What most people like of late: weighted positive events with time decay, by context."""

from datetime import timedelta
from typing import Literal

from recall.channels.spec import Channel
from weft.words import Duration


class Popular(Channel):
    """Items by decayed weight of positive events."""

    type: Literal["popular"]
    half_life: Duration = timedelta(days=3)
    window: Duration = timedelta(days=30)
