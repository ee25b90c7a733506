"""Checking a sequence: the rules, what was found, and what could not be judged."""
