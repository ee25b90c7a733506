"""Score only what is worth it: a surrogate that learns from each batch which molecules to score next."""
