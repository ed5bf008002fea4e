"""The kinds of space that a spec may name. A new one: a file beside this, and a line here."""

from typing import Annotated

from pydantic import Field

from recall.spaces.linear import Linear

AnySpace = Linear
SpaceKey = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,40}$")]
