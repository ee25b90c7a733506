"""Treatments that last and change: person-periods, their weights, and the trials that they emulate."""
