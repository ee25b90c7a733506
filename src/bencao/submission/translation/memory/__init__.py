"""Translation memories asked, filled, and their numbers put in by value."""
