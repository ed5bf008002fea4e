"""Estimates of how many items a filter lets through."""
