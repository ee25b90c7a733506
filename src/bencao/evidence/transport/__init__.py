"""A trial's effect among the persons of a hospital: what it would have found had it been run in them."""
