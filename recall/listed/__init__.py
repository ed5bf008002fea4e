"""Lists of a release as a process remembers them, and out of them what may be found."""
