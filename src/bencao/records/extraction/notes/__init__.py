"""Notes read, and what was found in them written: NOTE_NLP and a page."""
