"""Entities by word lists and patterns of our own, where no trained model is given."""
