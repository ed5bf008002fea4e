"""How good rankers are."""
