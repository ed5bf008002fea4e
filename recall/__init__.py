"""Candidates: channels and what they are built from."""
