"""Titles read into tags: all of them, or only those that a change can touch."""
