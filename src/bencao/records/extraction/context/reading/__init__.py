"""A small network that reads the words around a finding for its status."""
