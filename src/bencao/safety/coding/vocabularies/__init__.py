"""Where vocabularies are read from: packages that carry open ones, and the user's licensed copies."""

from bencao.safety.coding.vocabularies.bilingual import chinese_names
from bencao.safety.coding.vocabularies.meddra import read_meddra
from bencao.safety.coding.vocabularies.open_names import open_drugs, open_reactions
from bencao.safety.coding.vocabularies.whodrug import read_whodrug

__all__ = ["chinese_names", "open_drugs", "open_reactions", "read_meddra", "read_whodrug"]
