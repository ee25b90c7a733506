"""What was made from what: an append-only log with RFC 6962 Merkle hashing in SQLite."""

from __future__ import annotations

from bencao.kernel.ledger.entry import Entry, FileRecord, canonical_json, hash_file
from bencao.kernel.ledger.export import write_prov, write_ro_crate
from bencao.kernel.ledger.merkle import leaf_hash, verify_consistency, verify_inclusion
from bencao.kernel.ledger.recording import Job, record
from bencao.kernel.ledger.store import Ledger, TreeHead, workspace_folder
from bencao.kernel.ledger.trace import Origin, Sighting, Trace, trace_file
from bencao.kernel.ledger.verification import Finding, Verification, verify

__all__ = [
    "Entry",
    "FileRecord",
    "Finding",
    "Job",
    "Ledger",
    "Origin",
    "Sighting",
    "Trace",
    "TreeHead",
    "Verification",
    "canonical_json",
    "hash_file",
    "leaf_hash",
    "record",
    "trace_file",
    "verify",
    "verify_consistency",
    "verify_inclusion",
    "workspace_folder",
    "write_prov",
    "write_ro_crate",
]
