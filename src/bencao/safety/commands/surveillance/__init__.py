"""Verbs on many reports: reading public ones, signals, how far they may be trusted, and what was decided."""
