"""Who was treated with what, and what came of it: spans that a small trained encoder reads in English sentences."""
