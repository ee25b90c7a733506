"""``bencao submission translate``, ``extract`` and ``merge``: documents and bilingual files."""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from bencao.kernel.errors import InputError
from bencao.kernel.files import write_bytes
from bencao.kernel.ledger import record
from bencao.submission.commands import app
from bencao.submission.documents.document import ENDINGS, PDF, Document, read_document
from bencao.submission.documents.translating import extract as extract_segments
from bencao.submission.documents.translating import merged, sentences_in, translate_document
from bencao.submission.exchange.tbx import read_terms
from bencao.submission.exchange.tmx import read_tmx
from bencao.submission.exchange.xliff import NEEDS_TRANSLATION, Xliff, read_xliff, with_targets, write_xliff
from bencao.submission.quality.checking import language_of
from bencao.submission.quality.finding import Language
from bencao.submission.translation.engines.ctranslate import load_ctranslate
from bencao.submission.translation.engines.endpoint import Endpoint
from bencao.submission.translation.engines.engine import Engine
from bencao.submission.translation.memory.embedded import embedded_memory, embedded_model, embedded_terms, terms_between
from bencao.submission.translation.memory.recall import Recall
from bencao.submission.translation.pipeline import Outcome, translate_segments
from bencao.submission.translation.termbase import Termbase

Source = Annotated[str, typer.Option("--source", help="Language of the document: en or zh.")]
Target = Annotated[str, typer.Option("--target", help="Language to translate to.")]
AsJson = Annotated[bool, typer.Option("--json", help="JSON on stdout.")]
Lang = Annotated[Language, typer.Option("--lang", help="Language of what is read: en or zh.")]
_KEY = "BENCAO_ENDPOINT_KEY"
_SUMMARY = {
    "en": "{total} segments: {known} from memory and terms, {engine} by the engine, {review} to review, {left} left",
    "zh": "共 {total} 句：记忆库与术语 {known} 句，引擎 {engine} 句，待审校 {review} 句，未译 {left} 句",
}


@app.command()
def translate(
    file: Annotated[Path, typer.Argument(help="A .docx, .xlsx, .pptx, text .pdf, or XLIFF 2.1 file.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="Of the same kind as the input; a .docx for a .pdf.")],
    source: Source = "en",
    target: Target = "zh",
    memory: Annotated[list[Path] | None, typer.Option("--memory", help="A TMX file; earlier ones win.")] = None,
    terms: Annotated[list[Path] | None, typer.Option("--terms", help="A termbase: .tbx, .tsv or .csv.")] = None,
    engine: Annotated[
        str | None, typer.Option("--engine", help="Address of an OpenAI-compatible endpoint, or a CTranslate2 folder.")
    ] = None,
    model: Annotated[str, typer.Option("--model", help="Model to ask the endpoint for.")] = "default",
    review: Annotated[Path | None, typer.Option("--review", help="Write the segments here too: .xlf.")] = None,
    lang: Lang = "en",
    as_json: AsJson = False,
) -> None:
    """Translate a document by memory, terms and an engine; what none can do stays as it is and is told.

    The embedded memory knows the dossier's headings, abbreviations and terms. The key of an endpoint is taken from the
    environment, BENCAO_ENDPOINT_KEY. Exit code 0 where every segment is translated and clean, else 1.

    Example: bencao submission translate protocol.docx -o protocol.zh.docx --memory ours.tmx --review protocol.xlf
    """
    ending = ".docx" if file.suffix.lower() == PDF else file.suffix.lower()
    if ending != out.suffix.lower():
        raise InputError(f"{file.name} to {out.name}", where=str(out), mend=f"end the output in {ending}")
    given = Job(language_of(source), language_of(target), tuple(memory or ()), tuple(terms or ()), engine, model)
    with record(None, "submission translate", parameters=given.told(), versions=_versions()) as job:
        for path in (file, *given.memories, *given.terms):
            job.used(path)
        if file.suffix.lower() in ENDINGS:
            document = read_document(file)
            _tell_left(document, lang)
            done = translate_document(document, given.recall(), given.termbase(), given.start_engine())
            outcome = done.outcome
            write_bytes(out, done.data)
            if review is not None:
                write_xliff(done.xliff(given.source, given.target, file.name), review)
                job.generated(review)
        else:
            outcome = _translate_xliff(file, out, given)
        job.generated(out)
    _report(outcome, lang, as_json)


@app.command()
def extract(
    file: Annotated[Path, typer.Argument(help="A .docx, .xlsx, .pptx or text .pdf.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="An XLIFF 2.1 file: .xlf.")],
    source: Source = "en",
    target: Target = "zh",
    lang: Lang = "en",
) -> None:
    """Take the sentences of a document into an XLIFF 2.1 file, formatting as tags, for any translation tool.

    Example: bencao submission extract protocol.docx -o protocol.xlf
    """
    with record(None, "submission extract", parameters={"source": source, "target": target}) as job:
        job.used(file)
        document = read_document(file)
        _tell_left(document, lang)
        found = extract_segments(document, language_of(source), language_of(target))
        write_xliff(found, out)
        job.generated(out)
    print(f"{len(found.segments)} segments: {out}", file=sys.stderr)


@app.command()
def merge(
    file: Annotated[Path, typer.Argument(help="The document that was extracted.")],
    translated: Annotated[Path, typer.Argument(help="Its XLIFF file, translated.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="The translated document.")],
) -> None:
    """Put the translations of an XLIFF file into the document that it was taken from.

    Segments without a translation stay as they are. A lost tag is an error, and nothing is written.

    Example: bencao submission merge protocol.docx protocol.xlf -o protocol.zh.docx
    """
    with record(None, "submission merge") as job:
        job.used(file)
        job.used(translated)
        bilingual = read_xliff(translated)
        document = read_document(file)
        sentences = sentences_in(document, language_of(bilingual.source_language))
        targets = {one.id.partition("/")[2]: one.target for one in bilingual.segments if one.target}
        known = {sentence.id for listed in sentences.values() for sentence in listed}
        strange = sorted(set(targets) - known)
        if strange:
            raise InputError(
                f"has a segment {strange[0]!r} that {file.name} has not",
                where=str(translated),
                mend="give the document that it was extracted from, unchanged",
            )
        write_bytes(out, merged(document, sentences, targets, language_of(bilingual.target_language or "zh")))
        job.generated(out)
    print(f"{len(targets)} of {len(known)} segments: {out}", file=sys.stderr)


@dataclass(frozen=True)
class Job:
    """What a translation was told."""

    source: Language
    target: Language
    memories: tuple[Path, ...]
    terms: tuple[Path, ...]
    engine: str | None
    model: str

    def told(self) -> dict[str, Any]:
        """For the ledger."""
        return {"source": self.source, "target": self.target, "engine": self.engine or "", "model": self.model}

    def recall(self) -> Recall:
        """The user's memories, then what is embedded."""
        return Recall([*map(read_tmx, self.memories), embedded_memory()], self.source, self.target)

    def termbase(self) -> Termbase:
        """The user's terms, then what is embedded."""
        concepts = [concept for path in self.terms for concept in read_terms(path)]
        listed = terms_between([*concepts, *embedded_terms()], self.source, self.target)
        return Termbase(listed, self.source, self.target)

    def start_engine(self) -> Engine | None:
        """The engine, None where none is asked for."""
        if self.engine is None:
            return None
        if self.engine.startswith(("http://", "https://")):
            return Endpoint(self.engine, self.model, os.environ.get(_KEY, ""))
        return load_ctranslate(self.engine)


def _versions() -> dict[str, str]:
    return dict(embedded_model().identity)


def _translate_xliff(file: Path, out: Path, given: Job) -> Outcome:
    document: Xliff = read_xliff(file)
    left = [one for one in document.segments if one.target is None or one.sub_state == NEEDS_TRANSLATION]
    outcome = translate_segments([one.source for one in left], given.recall(), given.termbase(), given.start_engine())
    targets = {}
    for one, told in zip(left, outcome.segments, strict=True):
        more = {"review": "bencao:review", "needs-translation": NEEDS_TRANSLATION}.get(told.status, "")
        targets[one.id] = (told.target, "translated" if told.target is not None else "initial", more)
    write_xliff(with_targets(document, targets, given.target), out)
    return outcome


def _tell_left(document: Document, lang: Language) -> None:
    for left in document.left:
        print(left.in_words(lang), file=sys.stderr)


def _report(outcome: Outcome, lang: Language, as_json: bool) -> None:
    counts = Counter(one.origin for one in outcome.segments)
    statuses = Counter(one.status for one in outcome.segments)
    figures = {
        "total": len(outcome.segments),
        "known": len(outcome.segments) - counts["engine"] - counts["none"],
        "engine": counts["engine"],
        "review": statuses["review"],
        "left": statuses["needs-translation"],
    }
    if as_json:
        told = {
            "segments": figures["total"],
            "origins": counts,
            "statuses": statuses,
            "engine_error": outcome.engine_error,
        }
        typer.echo(json.dumps(told, ensure_ascii=False))
    else:
        print(_SUMMARY[lang].format(**figures))
    if outcome.engine_error:
        print(f"EngineUnavailable: {outcome.engine_error}", file=sys.stderr)
    if figures["left"] or figures["review"]:
        raise typer.Exit(1)
