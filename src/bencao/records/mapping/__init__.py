"""Which column of a hospital becomes which field of the common data model: suggested, then reviewed."""
