"""A study from protocol to report."""
