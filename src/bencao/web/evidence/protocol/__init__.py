"""A protocol on the page: its form beside its YAML, and its versions."""
