"""The taxonomy: facets, tags, labels and what stands above what; every edit is remembered."""
