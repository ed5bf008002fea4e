"""Names that no label knows, guessed from all titles together: what they are made of and beside."""
