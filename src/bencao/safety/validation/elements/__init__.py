"""Checks of data elements: each by itself, and those that must go together."""
