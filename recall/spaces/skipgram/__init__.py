"""Skip-gram and CBOW with negative sampling (Mikolov et al. 2013), compiled, over any passages."""
