"""What a safety officer looks at: cases with their sources, duplicates side by side, signals."""

from bencao.safety.browse.cases import CaseView, Inbox, show_case, show_inbox
from bencao.safety.browse.completing import AskedRow, CompletionView, entered, show_completion
from bencao.safety.browse.pairs import PairsView, PairView, show_pair, show_pairs
from bencao.safety.browse.places import OpenSafety, SafetyPlaces, open_safety
from bencao.safety.browse.signals import DrugView, SignalsView, show_drug, show_signals

__all__ = [
    "AskedRow",
    "CaseView",
    "CompletionView",
    "DrugView",
    "Inbox",
    "OpenSafety",
    "PairView",
    "PairsView",
    "SafetyPlaces",
    "SignalsView",
    "entered",
    "open_safety",
    "show_case",
    "show_completion",
    "show_drug",
    "show_inbox",
    "show_pair",
    "show_pairs",
    "show_signals",
]
