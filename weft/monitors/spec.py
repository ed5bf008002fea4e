"""What every monitor's section has."""

from weft.spec import Section


class Monitor(Section):
    """Something that must hold for a metric of every new artifact."""

    metric: str
    block: bool = False
