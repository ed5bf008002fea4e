"""What the shop's own data suggests to whoever keeps the taxonomy, with its evidence."""
