"""The networks of rankers, and the layers that they are made of."""
