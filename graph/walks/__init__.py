"""Walks over the graph, compiled, made part by part and never stored whole."""
