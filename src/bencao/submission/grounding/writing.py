"""Writing a document: slots filled in every language, every number proved, only what changed written anew."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from bencao.kernel.files import write_bytes
from bencao.submission.documents.document import Document, read_document
from bencao.submission.documents.segments import Sentence
from bencao.submission.documents.translating import merged, sentences_in
from bencao.submission.ectd.application import md5_of
from bencao.submission.ectd.pdf.making import make_pdf
from bencao.submission.errors import FactsDiffer, GroundingError
from bencao.submission.exchange.content import Content, text_of
from bencao.submission.grounding.declaration import Declaration, read_declaration
from bencao.submission.grounding.facts import Fact, resolve
from bencao.submission.grounding.rephrasing import Rephraser, restored
from bencao.submission.grounding.results import Results
from bencao.submission.grounding.sentences import TABLE, Filled, check_numbers, fill
from bencao.submission.grounding.statements import (
    StatedFact,
    Statement,
    Statements,
    changed,
    earlier_files,
    read_statements,
    write_statements,
)
from bencao.submission.grounding.tables import InText, labels_of, put_tables, table_in_text
from bencao.submission.quality.checking import language_of
from bencao.submission.quality.finding import Language


@dataclass(frozen=True)
class Written:
    """What was written.

    Parameters
    ----------
    files : tuple of Path
    statements : Statements
    changed : tuple of Statement
        Against what was written before; all, where nothing was.
    unlabelled : tuple of str
        Labels of in-text tables that have no Chinese.
    """

    files: tuple[Path, ...]
    statements: Statements
    changed: tuple[Statement, ...]
    unlabelled: tuple[str, ...]


def write_document(
    declaration_path: str | os.PathLike[str],
    out: str | os.PathLike[str],
    rephraser: Rephraser | None = None,
    *,
    pdf: bool = False,
) -> Written:
    """Write a document in all its languages, with its statements beside it.

    Parameters
    ----------
    declaration_path : path-like
        ``document.yaml``; its paths are relative to it.
    out : path-like
        Folder: ``NAME.en.docx``, ``NAME.zh.docx`` and ``NAME.statements.json``.
    rephraser : Rephraser, optional
        A model that may reword sentences; its words are taken where no number was touched, else the build fails.
    pdf : bool
        Make a PDF of each, as a dossier takes it; LibreOffice does so.

    Returns
    -------
    Written

    Raises
    ------
    NumberWithoutSource
        Where a sentence has a number that no fact and no constant states, or a model changed one.
    FactsDiffer
        Where two languages do not state the same facts in the same paragraph.
    GroundingError
        Where a slot, a fact or a table cannot be resolved. Nothing is written in any of these cases.
    """
    declaration = read_declaration(declaration_path)
    folder = Path(declaration_path).parent
    results = (
        Results(folder / declaration.study, [folder / one for one in declaration.data]) if declaration.study else None
    )
    facts = resolve(declaration, folder, results)
    kept = Path(out) / f"{declaration.name}.statements.json"
    before = read_statements(kept) if kept.exists() else None
    drafts = {
        language: _draft(declaration, folder, language_of(language), facts, results, before, rephraser)
        for language in sorted(declaration.templates)
    }
    _same_facts(drafts)
    Path(out).mkdir(parents=True, exist_ok=True)
    files = {}
    for language, draft in drafts.items():
        path = Path(out) / f"{declaration.name}.{language}.docx"
        same = path.exists() and path.read_bytes() == draft.data
        write_bytes(path, draft.data)
        files[path.name] = md5_of(path)
        if pdf:
            made = path.with_suffix(".pdf")
            if not (same and made.exists()):
                make_pdf(path, made)
            files[made.name] = md5_of(made)
    told = tuple(one for draft in drafts.values() for one in draft.statements)
    statements = Statements(declaration.name, told, files, earlier_files(before, files))
    write_statements(statements, kept)
    unlabelled = sorted({label for draft in drafts.values() for label in draft.unlabelled})
    return Written(
        tuple(Path(out) / name for name in files),
        statements,
        changed(before, statements) if before is not None else statements.statements,
        tuple(unlabelled),
    )


@dataclass(frozen=True)
class _Draft:
    data: bytes
    statements: tuple[Statement, ...]
    paragraphs: tuple[tuple[str, tuple[str, ...]], ...]  # key, and the facts and constants in it
    unlabelled: tuple[str, ...]


def _draft(
    declaration: Declaration,
    folder: Path,
    language: Language,
    facts: Mapping[str, Fact],
    results: Results | None,
    before: Statements | None,
    rephraser: Rephraser | None,
) -> _Draft:
    document = read_document(folder / declaration.templates[language])
    labels = labels_of(declaration, folder, language)
    facts = {name: replace(fact, text=labels.get(fact.text, fact.text)) for name, fact in facts.items()}
    by_paragraph = sentences_in(document, language)
    known = {one.id: one for one in before.statements if one.language == language} if before is not None else {}
    targets: dict[str, Content] = {}
    statements: list[Statement] = []
    paragraphs: list[tuple[str, tuple[str, ...]]] = []
    for key, sentences in by_paragraph.items():
        told: list[str] = []
        for sentence in sentences:
            if TABLE.fullmatch(text_of(sentence.core).strip()):
                continue
            where = f"{declaration.templates[language]}: {sentence.id}"
            filled = fill(sentence.core, facts, language, where)
            constants = check_numbers(filled, declaration.constants, language, where)
            told += [one.fact.name for one in filled.stated] + [one.source + one.text + one.en for one in constants]
            if not filled.stated:
                continue
            filled, words = _worded(filled, sentence, known, language, rephraser, where)
            check_numbers(filled, declaration.constants, language, where)
            targets[sentence.id] = filled.content
            statements.append(_statement(language, sentence, filled, words))
        if told:
            paragraphs.append((key, tuple(sorted(told))))
    tables = _tables(declaration, folder, document, language, results)
    statements += [table.statement for table in tables.values()]
    data = merged(document, by_paragraph, targets, language)
    unlabelled = tuple(label for table in tables.values() for label in table.unlabelled)
    return _Draft(put_tables(data, tables), tuple(statements), tuple(paragraphs), unlabelled)


def _worded(
    filled: Filled,
    sentence: Sentence,
    known: Mapping[str, Statement],
    language: Language,
    rephraser: Rephraser | None,
    where: str,
) -> tuple[Filled, str]:
    """A model's words where there are some: those of last time where the sentence stood then, else new ones."""
    old = known.get(sentence.id)
    words = old.rephrased if old is not None else ""
    if not words and rephraser is not None:
        words = rephraser.reword(filled.content, language)
    elif not words:
        return filled, ""
    return Filled(restored(filled.content, words, language, where), filled.stated), words


def _statement(language: Language, sentence: Sentence, filled: Filled, words: str) -> Statement:
    told = tuple(StatedFact(one.fact.name, one.text, one.fact.source) for one in filled.stated)
    return Statement(language, sentence.id, text_of(filled.content).strip(), told, words)


def _tables(
    declaration: Declaration, folder: Path, document: Document, language: Language, results: Results | None
) -> dict[str, InText]:
    found = {}
    for paragraph in document.paragraphs.values():
        told = TABLE.fullmatch(text_of(paragraph.content).strip())
        if told is None:
            continue
        if results is None:
            raise GroundingError("needs a study", where=f"table {told[1]}", mend="give study and data")
        found[told[1]] = table_in_text(told[1], declaration, folder, language, results)
    return found


def _same_facts(drafts: Mapping[str, _Draft]) -> None:
    """Paragraph by paragraph, all languages must state the same facts and constants."""
    languages = sorted(drafts)
    for other in languages[1:]:
        one, two = drafts[languages[0]].paragraphs, drafts[other].paragraphs
        for (key, left), (other_key, right) in zip(one, two, strict=False):
            if left != right:
                raise FactsDiffer(
                    f"{languages[0]} states {', '.join(left)}; {other} states {', '.join(right)}",
                    where=f"{key} and {other_key}",
                    mend="state the same facts in both",
                )
        if len(one) != len(two):
            raise FactsDiffer(
                f"{len(one)} paragraphs with facts in {languages[0]}, {len(two)} in {other}",
                where="templates",
                mend="let both have the same paragraphs",
            )
