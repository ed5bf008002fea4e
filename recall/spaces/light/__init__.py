"""How LightGCN learns."""
