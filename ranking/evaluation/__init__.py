"""How well rankers foretell what came later."""
