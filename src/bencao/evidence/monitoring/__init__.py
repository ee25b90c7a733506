"""Watching after launch: looks again and again at a level that holds over all of them."""
