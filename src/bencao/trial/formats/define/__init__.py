"""define.xml 2.1: a study's specification as agencies read it, written, read again and checked."""

from bencao.trial.formats.define.checking import DefineFinding, check_define
from bencao.trial.formats.define.lengths import with_lengths
from bencao.trial.formats.define.part import defined_part
from bencao.trial.formats.define.reading import read_define
from bencao.trial.formats.define.writing import write_define

__all__ = ["DefineFinding", "check_define", "defined_part", "read_define", "with_lengths", "write_define"]
