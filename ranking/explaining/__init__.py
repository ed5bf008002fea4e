"""Explaining: why an item stands where it stands."""
