"""The kinds of ranker: one file each."""
