"""What the room answers of one message or text handed to it: checked, in another format, drafted, coded."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

from bencao.kernel.errors import BencaoError, InputError
from bencao.safety.case.json_form import to_json
from bencao.safety.coding import Coded, Coder
from bencao.safety.coding.vocabularies import open_drugs, open_reactions
from bencao.safety.exchange import FORMATS, read_cases, read_header, write_cases
from bencao.safety.intake import case_of_draft, draft_of, load_extractor, read_document
from bencao.safety.validation import Background, Validation, validate_file


def validate_message(message: bytes, region: str, as_of: str, lang: str) -> list[Validation]:
    """Each report of an E2B(R3) batch held against a region's rules; see `validate_file`."""
    with _folder() as folder:
        return list(validate_file(_laid(folder, "message.xml", message), region, Background(as_of), lang=lang))


def convert_cases(data: bytes, given: str, wanted: str) -> bytes:
    """Cases of one format in another.

    Parameters
    ----------
    data : bytes
    given, wanted : str
        Suffixes of `FORMATS`, without the dot.

    Raises
    ------
    InputError, MessageError
        An unknown format, or a case that cannot be read.
    """
    for name in (given, wanted):
        if f".{name}" not in FORMATS:
            raise InputError(f"no format {name!r}", where="from, to", mend=f"give one of {', '.join(FORMATS)}")
    with _folder() as folder:
        source = _laid(folder, f"cases.{given}", data)
        cases = []
        for found in read_cases(source):
            if found.case is None:
                raise found.error or InputError("no case", where=found.where, mend="see the file")
            cases.append(found.case)
        made = folder / f"made.{wanted}"
        write_cases(made, cases, read_header(source))
        return made.read_bytes()


def draft_text(text: bytes, name: str) -> dict[str, Any]:
    """The draft case of an e-mail or text, as JSON, each value with its characters in the text; see `draft_of`."""
    if Path(name).name != name or name in ("", ".", ".."):
        raise InputError(f"no file name: {name!r}", where="name", mend="give a name without folders")
    with _folder() as folder:
        document = read_document(_laid(folder, name, text))
    draft = draft_of(document, extractor=load_extractor())
    return {"case": to_json(case_of_draft(draft)), "text": document.text}


def code_terms(texts: list[str], kind: str, threshold: float, top: int) -> list[Coded]:
    """Codes of an open vocabulary for each text, ranked; see `Coder.code`."""
    return _coder(kind).code(texts, threshold=threshold, top=top)


@lru_cache(maxsize=2)
def _coder(kind: str) -> Coder:
    vocabularies = {"reaction": open_reactions, "drug": open_drugs}
    if kind not in vocabularies:
        raise InputError(f"no kind {kind!r}", where="kind", mend="give reaction or drug")
    return Coder(vocabularies[kind]())


@contextmanager
def _folder() -> Iterator[Path]:
    """A folder for the time of one answer; no error tells where it lies."""
    with tempfile.TemporaryDirectory(prefix="bencao-") as name:
        try:
            yield Path(name)
        except BencaoError as error:
            cause, where = (text.replace(f"{name}/", "") for text in (error.cause, error.where))
            raise type(error)(cause, where=where, mend=error.mend) from None


def _laid(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path
