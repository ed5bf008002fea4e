"""Kinds of edge that come from facts as they are: these are compared as a whole."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from graph.edges.kind import Around
from graph.edges.spec import Edge


class Fact(Edge):
    """A kind of edge that does not fade and has nothing but its own section to shape it."""

    def reads(self) -> tuple[str, ...]:
        """Give the data that it comes from: none but what other steps have made."""
        return ()

    def needs(self) -> tuple[str, ...]:
        """Give the steps that it comes from."""
        return ()

    def legs(self) -> tuple[str, ...]:
        """Give the other kinds of edge that it comes from."""
        return ()

    def shaped_by(self, around: Around) -> Mapping[str, Any]:
        """Give what shapes it outside its own section."""
        return {}

    def life(self) -> timedelta | None:
        """Give its half-life: it has none."""
        return None
