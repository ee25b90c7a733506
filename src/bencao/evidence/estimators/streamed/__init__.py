"""Estimates of cohorts that outgrow memory: rows pass by in chunks, and only sums stay."""
