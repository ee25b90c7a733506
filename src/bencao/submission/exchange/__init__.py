"""Files that translations travel in: TMX, XLIFF 2.1, TBX; read and written without loss."""

from bencao.submission.exchange.content import Content, Tag, tags_of, text_of
from bencao.submission.exchange.memory import Memory, Note, Unit, Variant
from bencao.submission.exchange.tmx import read_tmx, write_tmx

__all__ = ["Content", "Memory", "Note", "Tag", "Unit", "Variant", "read_tmx", "tags_of", "text_of", "write_tmx"]
