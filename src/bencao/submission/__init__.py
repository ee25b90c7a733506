"""The dossier: written, translated between Chinese and English, compiled, checked and filed."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from bencao.submission.exchange import Memory, read_tmx, write_tmx
from bencao.submission.exchange.xliff import Xliff, read_xliff, write_xliff
from bencao.submission.quality import Finding, check_texts

if TYPE_CHECKING:
    from bencao.submission.ectd.build.building import build_sequence
    from bencao.submission.ectd.validation.checking import check_application
    from bencao.submission.grounding.impact import impact_of
    from bencao.submission.grounding.writing import write_document

__all__ = [
    "Finding",
    "Memory",
    "Xliff",
    "build_sequence",
    "check_application",
    "check_texts",
    "impact_of",
    "read_tmx",
    "read_xliff",
    "write_document",
    "write_tmx",
    "write_xliff",
]

_WHERE = {
    "build_sequence": "ectd.build.building",
    "check_application": "ectd.validation.checking",
    "impact_of": "grounding.impact",
    "write_document": "grounding.writing",
}


def __getattr__(name: str) -> Any:
    """Load what files and writes only when it is asked for: the trial room's tables take a second."""
    if name in _WHERE:
        return getattr(import_module(f"{__name__}.{_WHERE[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
