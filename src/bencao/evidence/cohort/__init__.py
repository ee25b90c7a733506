"""Who enters a study, what was known of each at time zero, and what followed."""
