"""Worlds to try things out on: an honest synthetic marketplace as files."""

from world.generate import World, generate

__all__ = ["World", "generate"]
