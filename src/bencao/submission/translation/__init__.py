"""Segments translated: what a memory knows, terms, engines, and the checks of each."""
