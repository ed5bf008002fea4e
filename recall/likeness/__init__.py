"""What is like one item, by whichever way the spec offers."""
