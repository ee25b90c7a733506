"""How far an answer from records lies from the truth: the error known from negative controls and from trials."""
