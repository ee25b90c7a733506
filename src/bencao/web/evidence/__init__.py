"""The page of the evidence room."""
