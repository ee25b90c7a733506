"""The dossier: written, translated between Chinese and English, compiled, checked and filed."""

from bencao.submission.exchange import Memory, read_tmx, write_tmx
from bencao.submission.exchange.xliff import Xliff, read_xliff, write_xliff
from bencao.submission.quality import Finding, check_texts

__all__ = ["Finding", "Memory", "Xliff", "check_texts", "read_tmx", "read_xliff", "write_tmx", "write_xliff"]
