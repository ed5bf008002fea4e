"""Memory proposes, and one statement of the database decides."""
