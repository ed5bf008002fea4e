"""Re-rank: what a shop wants of a page as a whole, beside the score of each item."""
