"""A protocol while it is written: what is amiss at which key, and changes that keep the rest of its text."""
