"""Terms of a hospital to standard names: surgery phrases, diagnoses, laboratory tests, with a review queue."""
