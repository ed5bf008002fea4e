"""Experiments: shares of persons for whom scenes are put together in another way."""
