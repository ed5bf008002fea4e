"""Tags and keywords that have to do with a tag or a keyword, and why."""
