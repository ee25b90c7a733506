"""Conformance rules in YAML, run over the data sets of a study."""
