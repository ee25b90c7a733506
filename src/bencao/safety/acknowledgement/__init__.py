"""Acknowledgements of E2B(R3) batches: made from a validation, read and written."""

from bencao.safety.acknowledgement.acknowledgement import Acknowledgement, MessageAcknowledgement, acknowledge, refuse
from bencao.safety.acknowledgement.message import is_acknowledgement, read_acknowledgement, write_acknowledgement

__all__ = [
    "Acknowledgement",
    "MessageAcknowledgement",
    "acknowledge",
    "is_acknowledgement",
    "read_acknowledgement",
    "refuse",
    "write_acknowledgement",
]
