"""Training of rankers: the loop, its checkpoints, its end."""
