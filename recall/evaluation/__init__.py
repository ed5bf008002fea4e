"""How well recall finds what persons did later: measures as numbers, one idea a file."""
