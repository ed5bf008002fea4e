"""Guards: what a request may cost, how often it may come, which queries run at all."""
