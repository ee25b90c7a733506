"""Hybrid control arms: controls from outside lent to a trial, no more of them than conflict allows."""
