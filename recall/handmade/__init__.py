"""Candidates that an analyst's own SQL gives: checked, read only, never in the way."""
