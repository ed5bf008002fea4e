"""Tuning of rankers: one group of options after the other, by trying them."""
