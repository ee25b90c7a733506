"""E2B(R2) messages (``ichicsr``, version 2.1): read into the data elements of E2B(R3)."""

from bencao.safety.e2b.r2.reading import ROOT, read_header, read_reports

__all__ = ["ROOT", "read_header", "read_reports"]
