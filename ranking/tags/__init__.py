"""Scenes that recommend tags: the items that channels find speak for theirs."""
