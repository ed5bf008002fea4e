"""Releases: one consistent set of artifacts; going live and going back are one transaction each."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Live:
    """What requests read: a release, its whole spec, and the artifact of each step."""

    release: int
    spec: Mapping[str, Any]
    artifacts: Mapping[str, int]
