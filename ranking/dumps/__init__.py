"""Dumps: what models read of the items of an answer, kept under its trace."""
