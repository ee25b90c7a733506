"""Molecules as a library gives them: read, standardised, enumerated, in 3-D."""
