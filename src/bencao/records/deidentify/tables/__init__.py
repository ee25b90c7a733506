"""De-identify tables by a policy; say how many rows share what could identify them."""
