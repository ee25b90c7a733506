"""De-identification: notes, tables and DICOM headers, with an audit of what may still leak."""

from bencao.records.deidentify.batch import deidentify_tables
from bencao.records.deidentify.finding.known import Patient, patient_of
from bencao.records.deidentify.secret import Secret, read_key
from bencao.records.deidentify.span import CATEGORIES, DEFAULT_CATEGORIES, Span
from bencao.records.deidentify.tables.policy import Action, Policy, read_policy
from bencao.records.deidentify.tables.transforming import Setting
from bencao.records.deidentify.text import Deidentified, deidentify_text, find_spans

__all__ = [
    "CATEGORIES",
    "DEFAULT_CATEGORIES",
    "Action",
    "Deidentified",
    "Patient",
    "Policy",
    "Secret",
    "Setting",
    "Span",
    "deidentify_tables",
    "deidentify_text",
    "find_spans",
    "patient_of",
    "read_key",
    "read_policy",
]
