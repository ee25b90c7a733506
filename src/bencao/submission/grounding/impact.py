"""The chain of one number: from a cell of the data to tables, sentences in every language, documents and leaves."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bencao.submission.ectd.application import INDEX, Application, resolved
from bencao.submission.ectd.application import Sequence as Filed
from bencao.submission.ectd.backbone.study import StudyFile, is_study_file, read_study
from bencao.submission.ectd.lifecycle import Life, Lifecycle
from bencao.submission.grounding.declaration import Declaration, read_declaration
from bencao.submission.grounding.results import Results, is_table_cell
from bencao.submission.grounding.statements import StatedFact, Statement, Statements, read_statements


@dataclass(frozen=True)
class Touched:
    """A sentence or in-text table that rests on a cell, with the facts that do."""

    document: str
    statement: Statement
    facts: tuple[StatedFact, ...]


@dataclass(frozen=True)
class Replacement:
    """A leaf of an application whose document changes with the cell.

    Parameters
    ----------
    application, region, sequence, path : str
        Where the leaf stands now; `sequence` is the one that filed it.
    heading : tuple of str
    title, file : str
        `file` is the document's, among the written ones.
    study, tag : str
        Of its study tagging file, "" where it has none.
    life : Life
    """

    application: str
    region: str
    sequence: str
    path: str
    heading: tuple[str, ...]
    title: str
    file: str
    study: str
    tag: str
    life: Life


@dataclass(frozen=True)
class Impact:
    """All that rests on a cell."""

    cell: str
    tables: tuple[str, ...]
    touched: tuple[Touched, ...]
    replacements: tuple[Replacement, ...]


def impact_of(cell: str, documents: Sequence[tuple[Path, Path]], applications: Sequence[Application]) -> Impact:
    """Every sentence, document and leaf that rests on a cell.

    Parameters
    ----------
    cell : str
        Of the data, ``ADSL[USUBJID=01-701-1015].AGE``, or of a table, ``14-2.01:R2C3``.
    documents : sequence of (declaration, folder)
        Each ``document.yaml``, and the folder that it was written to.
    applications : sequence of Application

    Returns
    -------
    Impact

    Raises
    ------
    GroundingError
        Where there is no such cell, or a document was not written yet.
    """
    touched: list[Touched] = []
    files: set[str] = set()
    addresses: set[str] = set()
    for declaration_path, out in documents:
        declaration = read_declaration(declaration_path)
        statements = read_statements(out / f"{declaration.name}.statements.json")
        found = list(_touched(cell, declaration, declaration_path.parent, statements))
        addresses.update(_place(fact.source) for one in found for fact in one.facts)
        languages = {one.statement.language for one in found}
        files.update(name for name in statements.files if name.split(".")[-2] in languages)
        touched += found
    digests = {digest: name for _, out in documents for name, digest in _digests(out) if name in files}
    replacements = tuple(one for application in applications for one in replacements_in(application, digests))
    return Impact(cell, tuple(sorted(addresses)), tuple(touched), replacements)


def _digests(out: Path) -> Iterator[tuple[str, str]]:
    """Files with every MD5 that they have or had."""
    for path in sorted(out.glob("*.statements.json")):
        told = read_statements(path)
        yield from told.files.items()
        for name, digests in told.earlier.items():
            yield from ((name, digest) for digest in digests)


def _touched(cell: str, declaration: Declaration, folder: Path, statements: Statements) -> Iterator[Touched]:
    if not declaration.study:
        return
    results = Results(folder / declaration.study, [folder / one for one in declaration.data])
    rests = _rests(cell, results)
    for statement in statements.statements:
        facts = tuple(fact for fact in statement.facts if _is_of_table(fact) and rests(_place(fact.source)))
        if facts:
            yield Touched(statements.document, statement, facts)


def _rests(cell: str, results: Results) -> Callable[[str], bool]:
    """Whether a table's cell rests on the one asked for; each looked at once."""
    if is_table_cell(cell):
        return lambda address: address == cell
    wanted = results.data_cell(cell)
    known: dict[str, bool] = {}

    def rests(address: str) -> bool:
        if address not in known:
            known[address] = results.rests_on(address, wanted)
        return known[address]

    return rests


def _place(source: str) -> str:
    """``14-2.01:R2C3`` of ``14-2.01:R2C3:mean``."""
    return ":".join(source.split(":")[:2])


def _is_of_table(fact: StatedFact) -> bool:
    return is_table_cell(_place(fact.source))


def replacements_in(application: Application, digests: dict[str, str]) -> Iterator[Replacement]:
    """Leaves of an application that stand now and whose file is one of some documents', by MD5."""
    lives = Lifecycle(application)
    tags = dict(_tags(application))
    region = next((one.region for one in application.sequences if one.region), "")
    for life in lives.current():
        file = digests.get((life.leaf.checksum or "").lower())
        path = life.path
        if file is None or path is None:
            continue
        study, tag = tags.get((life.key.sequence, life.leaf.id), ("", ""))
        yield Replacement(
            application.name,
            region,
            life.key.sequence,
            path,
            tuple(str(level) for level in life.leaf.place),
            life.leaf.title or "",
            file,
            study,
            tag,
            life,
        )


def _tags(application: Application) -> Iterator[tuple[tuple[str, str], tuple[str, str]]]:
    """Study and file tag of each leaf that a study tagging file lists, by sequence and ID."""
    for sequence in application.sequences:
        for study in studies_in(sequence):
            for document in study.documents:
                path = resolved(study.path, document.href)
                name = sequence.name
                if path is not None and path.startswith("../"):
                    name = path.split("/")[1]
                told = (study.study_id, document.tags[0][0] if document.tags else "")
                yield (name, document.href.partition("#")[2]), told


def studies_in(sequence: Filed) -> Iterator[StudyFile]:
    """Study tagging files of a sequence that can be read."""
    for leaf in sequence.index.leaves if sequence.index is not None else ():
        path = resolved(INDEX, leaf.href) if leaf.href else None
        if path is not None and path in sequence.files and is_study_file(sequence, path, leaf):
            study = read_study(sequence, path, leaf)
            if study.error is None:
                yield study
