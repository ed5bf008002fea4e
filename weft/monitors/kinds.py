"""The kinds of monitor that a spec may name. A new one: a file beside this, and a line here."""

from typing import Annotated

from pydantic import Field

from weft.monitors.bounds import Bounds
from weft.monitors.sigma import Sigma

AnyMonitor = Annotated[Sigma | Bounds, Field(discriminator="type")]
