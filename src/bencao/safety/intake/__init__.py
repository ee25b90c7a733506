"""Intake: from free text to a draft case whose every field points at the words that it came from."""

from bencao.safety.intake.casing import case_of_draft
from bencao.safety.intake.document import Document, DocumentError, read_document
from bencao.safety.intake.draft import Draft, Entry, draft_of
from bencao.safety.intake.extraction.model import Extractor, load_extractor
from bencao.safety.intake.finding import Finding
from bencao.safety.intake.lexicon import Lexicon, read_lexicon

__all__ = [
    "Document",
    "DocumentError",
    "Draft",
    "Entry",
    "Extractor",
    "Finding",
    "Lexicon",
    "case_of_draft",
    "draft_of",
    "load_extractor",
    "read_document",
    "read_lexicon",
]
