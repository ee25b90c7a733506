"""Chinese names for a vocabulary's codes, from the user's list of translations."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bencao.kernel.errors import InputError
from bencao.safety.coding.vocabulary import Name, Vocabulary
from bencao.safety.tables import read_rows

_COLUMNS = ("subject_id", "translation_value")


def chinese_names(path: Path, vocabulary: Vocabulary) -> Iterator[Name]:
    """Names in Chinese of the codes that a vocabulary has.

    Parameters
    ----------
    path : Path
        TSV in UTF-8 with the columns ``subject_id`` (the code) and ``translation_value``, as HPO's translations
        (``hp-zh.babelon.tsv``) have them; names of one row are parted by ``|`` or ``；``.
    vocabulary : Vocabulary

    Raises
    ------
    InputError
        A file that cannot be read, or none of whose codes the vocabulary has.
    """
    preferred = {name.code: (name.preferred, name.preferred_code) for name in vocabulary.names}
    found = False
    for row in read_rows(path, _COLUMNS, tabs=True, empty=False):
        code = row["subject_id"].strip()
        if code not in preferred:
            continue
        found = True
        for text in row["translation_value"].replace("；", "|").split("|"):
            if text.strip():
                yield Name(text.strip(), code, *preferred[code])
    if not found:
        cause = f"no code of {vocabulary.title} {vocabulary.version} in it"
        raise InputError(cause, where=str(path), mend="give translations of the vocabulary that is coded to")
