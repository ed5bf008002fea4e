"""Vectors made of what nodes are known by: attribute ids, and pieces of words."""
