"""Estimators that compare like with like: matches, strata, instruments, a person with himself."""
