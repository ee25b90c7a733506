"""Entities by a network that the user trains on labelled records of their own."""
