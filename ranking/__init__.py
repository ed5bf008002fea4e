"""From candidates to a page."""
