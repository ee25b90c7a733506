"""The data card of an extract: where it comes from, how good it is, how it differs by site and year."""
