"""Trees instead of networks."""
