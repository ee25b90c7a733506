"""Building a sequence from a manifest."""
