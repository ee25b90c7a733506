"""Values that are missing: imputed several times, and what comes of each put together."""
