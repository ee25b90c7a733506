"""The page of a study: what it asked, whom it took, whether it holds, what it found and how far to trust it."""
