"""Signals among many reports: counts, disproportionality, shrinkage, scans, calibration and a register."""
