"""Walks over the graph as it stands, from a person or from what they did of late."""
