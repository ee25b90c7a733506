"""A study as a target trial: its parts, how it is read, how it is frozen."""
