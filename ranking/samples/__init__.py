"""What rankers learn from: what was shown, joined with what came of it, kept day by day."""
