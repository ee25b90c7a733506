"""What an epidemiologist works with: a folder of protocols and data, versions that are frozen, and studies that ran."""

from bencao.evidence.browse.data import DataRow, DataView, receiving, show_all_data, show_data
from bencao.evidence.browse.folder import StudyFolder
from bencao.evidence.browse.protocols import (
    ProtocolRow,
    ProtocolView,
    VersionRow,
    freeze_protocol,
    save_protocol,
    show_protocol,
    show_protocols,
)

__all__ = [
    "DataRow",
    "DataView",
    "ProtocolRow",
    "ProtocolView",
    "StudyFolder",
    "VersionRow",
    "freeze_protocol",
    "receiving",
    "save_protocol",
    "show_all_data",
    "show_data",
    "show_protocol",
    "show_protocols",
]
