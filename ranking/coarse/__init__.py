"""The coarse stage: thousands of candidates scored in milliseconds."""
