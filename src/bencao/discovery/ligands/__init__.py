"""Ligands as they are docked: the tautomers, charges and stereoisomers of a molecule, each in its shapes."""
