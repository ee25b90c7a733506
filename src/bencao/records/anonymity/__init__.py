"""How persons hide among each other: groups of k, values made coarser, and counts too small to tell."""
