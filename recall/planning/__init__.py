"""Planning of filtered nearest-neighbour searches: what is known, what it costs, how it is done."""
