"""Real-world studies that say how far to trust them: protocol, cohort, estimate, diagnostics, calibration."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bencao.evidence.protocol.protocol import Protocol
    from bencao.evidence.protocol.reading import read_protocol
    from bencao.evidence.protocol.registering import register_protocol

__all__ = ["Protocol", "read_protocol", "register_protocol"]

_WHERE = {
    "Protocol": "protocol.protocol",
    "read_protocol": "protocol.reading",
    "register_protocol": "protocol.registering",
}


def __getattr__(name: str) -> Any:
    """Load a part of the room when it is asked for: together they take seconds."""
    if name in _WHERE:
        return getattr(import_module(f"{__name__}.{_WHERE[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
