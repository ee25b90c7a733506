"""What stands in the place of identifying information: the same for the same, of its form, drawn from the key."""
