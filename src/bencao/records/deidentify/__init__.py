"""De-identification: notes, tables and DICOM headers, with an audit of what may still leak."""

from bencao.records.deidentify.finding.known import Patient, patient_of
from bencao.records.deidentify.secret import Secret, read_key
from bencao.records.deidentify.span import CATEGORIES, DEFAULT_CATEGORIES, Span
from bencao.records.deidentify.text import Deidentified, deidentify_text, find_spans

__all__ = [
    "CATEGORIES",
    "DEFAULT_CATEGORIES",
    "Deidentified",
    "Patient",
    "Secret",
    "Span",
    "deidentify_text",
    "find_spans",
    "patient_of",
    "read_key",
]
