"""Which name of a vocabulary a phrase means: candidates, their features, and a learned ranker."""
