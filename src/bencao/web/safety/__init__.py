"""The page of the safety room."""
