"""Towers of persons and of items: what they know, how they learn, how they answer."""
