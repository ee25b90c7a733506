"""SAS transport files of versions 5 and 8, read and written."""

from bencao.trial.formats.xpt.reading import read_xpt
from bencao.trial.formats.xpt.writing import XptVersion, check_xpt, write_xpt

__all__ = ["XptVersion", "check_xpt", "read_xpt", "write_xpt"]
