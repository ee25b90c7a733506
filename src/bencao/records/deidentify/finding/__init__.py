"""Find identifying information in text, a file for each kind."""
