"""Embedding models over the graph: one file each, the same verbs."""
