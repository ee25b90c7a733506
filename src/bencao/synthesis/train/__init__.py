"""Learn a one-step model from a company's own reactions; some of its modules need the extra ``bencao[train]``."""
