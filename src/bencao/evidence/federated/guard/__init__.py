"""What a site has told of whom, so that no further answer singles out a few."""
