"""GraphSAGE in parts: what is gathered, the network, the learning, and placing without torch."""
