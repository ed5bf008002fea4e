"""Edges of the graph: what ties items, persons, tags, keywords and values."""
