"""From a sequence or an alignment to a structure, on the CPU, with how far each residue may be trusted."""
