"""Training of the network; needs the extra bencao[train]."""
