"""Search texts for many written forms at once."""
