"""List names in Latin letters from many countries, for the room `records`.

    python training/records_wide_names.py FAKER

FAKER is a folder with the package Faker 40 (MIT). The short list of `latin.txt` holds the commonest; this one holds
what no English word is, so that a capital letter and this list are evidence together.
"""

from __future__ import annotations

import gzip
import re
import sys
from pathlib import Path

from bencao.records.deidentify.finding.lexicon import english, latin
from bencao.records.deidentify.finding.names.latin_cues import MEDICAL
from deidentify.latin_writer import faker_names

TARGET = Path(__file__).resolve().parent.parent / "src" / "bencao" / "records" / "models" / "deidentify"
_WORD = re.compile(r"[^\W\d_]{4,}")


def wide(faker: Path) -> tuple[list[str], list[str]]:
    """Given and family names, lower case, that are no English word, no term of medicine and no town."""
    listed = faker_names(faker)
    terms = {word for term in latin("terms") for word in term.split()}
    kept = []
    for which in (0, 1):
        words = {word.lower() for names in listed.values() for name in names[which] for word in name.split()}
        kept.append(
            sorted(
                word
                for word in words
                if _WORD.fullmatch(word)
                and word not in english()
                and word.removesuffix("s") not in english()
                and word not in terms | latin("cities") | latin("words")
                and not MEDICAL.search(word)
            )
        )
    return kept[0], kept[1]


def main(faker: Path) -> None:
    """Write ``wide_names.txt.gz``: given names on a line, family names on the next."""
    given, family = wide(faker)
    text = "# Derived from the package Faker 40 (MIT) by training/records_wide_names.py\n"
    text += " ".join(given) + "\n" + " ".join(family) + "\n"
    (TARGET / "wide_names.txt.gz").write_bytes(gzip.compress(text.encode(), 9, mtime=0))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
