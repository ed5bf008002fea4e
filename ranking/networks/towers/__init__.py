"""Two towers: who asks is read at the moment, items beforehand."""
