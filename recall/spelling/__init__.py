"""What is typed as vectors: pieces of words are hashed, so that no word is unknown."""
