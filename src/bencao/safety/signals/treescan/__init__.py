"""The tree-based scan statistic over a hierarchy of events, MedDRA's or another."""

from bencao.safety.signals.treescan.hierarchy import Hierarchy, Nodes, nodes_of, read_hierarchy
from bencao.safety.signals.treescan.scanning import Scan, scan_drug, scan_tree
from bencao.safety.signals.treescan.statistic import MODELS, Model

__all__ = ["MODELS", "Hierarchy", "Model", "Nodes", "Scan", "nodes_of", "read_hierarchy", "scan_drug", "scan_tree"]
