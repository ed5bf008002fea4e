"""Text in, annotations out; no database."""
