"""The kinds of monitor that a spec may name. A new one is a file beside this one and a line here."""

from typing import Annotated

from pydantic import Field

from weft.monitors.bounds import Bounds
from weft.monitors.sigma import Sigma

AnyMonitor = Annotated[Sigma | Bounds, Field(discriminator="type")]
