"""Loading files into the graph: rows checked, resolved and stored."""
