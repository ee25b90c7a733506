"""Outcomes that take time: risks, restricted means, hazards."""
