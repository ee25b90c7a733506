"""What a regulatory-affairs writer looks at: an application and its check, a translation under review."""

from bencao.submission.browse.findings import CheckView, RuleGroup, show_check
from bencao.submission.browse.leaves import LeafView, show_leaf
from bencao.submission.browse.places import DossierPlaces, OpenDossier, OpenReview, open_dossier, open_review
from bencao.submission.browse.saving import Change, save_changes
from bencao.submission.browse.segments import SegmentsView, SegmentView, check_target, show_segment, show_segments
from bencao.submission.browse.tree import DossierView, show_dossier, worst_marks

__all__ = [
    "Change",
    "CheckView",
    "DossierPlaces",
    "DossierView",
    "LeafView",
    "OpenDossier",
    "OpenReview",
    "RuleGroup",
    "SegmentView",
    "SegmentsView",
    "check_target",
    "open_dossier",
    "open_review",
    "save_changes",
    "show_check",
    "show_dossier",
    "show_leaf",
    "show_segment",
    "show_segments",
    "worst_marks",
]
