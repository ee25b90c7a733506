"""Tables of the room `evidence`, re-keyed from publications."""
