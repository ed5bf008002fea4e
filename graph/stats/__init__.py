"""What the graph looks like as a whole."""
