"""Load a hospital into the common data model by its mapping: lookups, a plan, and where each row came from."""
