"""Like molecules in a library of millions: fingerprints on disk, and exact search."""
