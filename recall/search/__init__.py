"""Searching items by words: an inverted list, tags that are named, vectors, and their blend."""
