"""Contracts: what must hold for the whole repository."""
