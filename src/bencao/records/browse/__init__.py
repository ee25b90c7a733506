"""What a hospital data engineer looks at: the quality of a database, a mapping under review, notes to correct."""

from bencao.records.browse.mapping import MappingView, OpenMapping, RuleView, save_rule, show_mapping, show_rule
from bencao.records.browse.notes import Entity, NotesView, NoteView, OpenNotes, save_note, show_note, show_notes
from bencao.records.browse.quality import (
    CheckRow,
    OpenQuality,
    QualityView,
    RowsView,
    SitesView,
    show_check,
    show_quality,
    show_sites,
)

__all__ = [
    "CheckRow",
    "Entity",
    "MappingView",
    "NoteView",
    "NotesView",
    "OpenMapping",
    "OpenNotes",
    "OpenQuality",
    "QualityView",
    "RowsView",
    "RuleView",
    "SitesView",
    "save_note",
    "save_rule",
    "show_check",
    "show_mapping",
    "show_note",
    "show_notes",
    "show_quality",
    "show_rule",
    "show_sites",
]
