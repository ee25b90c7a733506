"""Sentences and networks from which `records_assertions.py` learns."""
