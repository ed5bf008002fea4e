"""The one definition of what retrieval models learn from: positives, negatives, and a sampler."""
