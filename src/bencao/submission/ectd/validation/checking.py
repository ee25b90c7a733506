"""Checking sequences against their region's rules."""

from __future__ import annotations

import functools
import os
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from bencao.kernel import compute
from bencao.kernel.errors import BencaoError
from bencao.submission.ectd.application import Application, Sequence, read_application
from bencao.submission.ectd.pdf.facts import PdfFacts, pdf_facts
from bencao.submission.ectd.region.assets import Assets
from bencao.submission.ectd.validation.checks import backbones, envelope, folders, lifecycles, pdfs, studies
from bencao.submission.ectd.validation.context import CHECKS, Context
from bencao.submission.ectd.validation.finding import ADVICE, Finding, Found, Missing, NotChecked, Rule, cn_rules, found
from bencao.submission.errors import UnsafeFile

Verdict = Literal["passes", "fails", "not_checked"]
_LOADED = (backbones, envelope, folders, lifecycles, pdfs, studies)  # each enters its checks as it is imported
# Rules of NMPA that restate the ICH specification, and so hold for any region's sequence.
_ICH_RULES = (
    *("1.1", "1.2", "1.3", "2.1", "2.3", "2.6", "2.7", "2.8", "2.9"),
    *(f"3.{number}" for number in range(1, 37) if number not in (16, 17, 23)),
    *("4.1.1", "4.1.2", "4.1.3", "4.1.5", "4.1.6", "4.1.7", "4.1.8", "4.1.9", "4.1.10", "4.1.11", "4.1.12", "4.1.13"),
    *("4.1.17", "4.1.18", "4.1.19", "4.1.22", "4.1.24", "4.1.25", "4.1.26", "4.1.27", "4.1.28", "4.1.29", "4.1.31"),
    *(f"5.{number}" for number in range(1, 17)),
    *("6.1", "6.17", "6.19", "6.21", "6.24"),
)
_CHUNK = 64  # PDFs a worker takes at a time


@dataclass(frozen=True)
class Report:
    """What the check of an application found.

    Parameters
    ----------
    application : str
    region : str
    rules : mapping of str to Rule
    sequences : tuple of str
        Those that were checked.
    findings : tuple of Finding
        By sequence, then by rule in the order of the criteria.
    not_checked : tuple of NotChecked
    advice : tuple of Finding
        What no rule asks for and the ICH specification advises; it decides nothing.
    """

    application: str
    region: str
    rules: Mapping[str, Rule]
    sequences: tuple[str, ...]
    findings: tuple[Finding, ...]
    not_checked: tuple[NotChecked, ...]
    advice: tuple[Finding, ...] = ()

    def count(self, severity: str) -> int:
        """Findings of a severity."""
        return sum(finding.rule.severity == severity for finding in self.findings)

    @property
    def verdict(self) -> Verdict:
        """``passes`` only where no error was found and every rule of an error could be judged."""
        if self.count("error"):
            return "fails"
        return "not_checked" if any(one.rule.severity == "error" for one in self.not_checked) else "passes"

    def rules_found(self) -> Counter[str]:
        """How often each rule was broken."""
        return Counter(finding.rule.id for finding in self.findings)


def rules_for(region: str) -> Mapping[str, Rule]:
    """The rules that a region's sequence is held to.

    For China NMPA's 149. Elsewhere those among them that restate the ICH specification, under numbers of our own:
    ``ICH-3.4``, and ``M1-4.1.5`` where they are asked of the regional backbone.
    """
    rules = cn_rules()
    if region == "cn":
        return rules
    kept = {}
    for number in _ICH_RULES:
        if number.startswith("4.") and region == "ich":
            continue
        name = ("M1-" if number.startswith("4.") else "ICH-") + number
        rule = rules[number]
        kept[number] = replace(
            rule,
            id=name,
            english=_elsewhere(rule.english, region),
            chinese=_elsewhere(rule.chinese, region),
            fix_english=_elsewhere(rule.fix_english, region),
            fix_chinese=_elsewhere(rule.fix_chinese, region),
        )
    return kept


def _elsewhere(text: str, region: str) -> str:
    return text.replace("m1/cn", f"m1/{region}").replace("cn-regional", f"{region}-regional")


def check_application(
    folder: str | os.PathLike[str],
    *,
    assets: Assets | None = None,
    only: str | None = None,
    workers: int = 1,
    progress: bool = True,
) -> Report:
    """Check the sequences of an application.

    Parameters
    ----------
    folder : path-like
        Of the application, or of one sequence.
    assets : Assets, optional
        Official files; those of the workspace without it.
    only : str, optional
        Name of the one sequence to check; the others are read for what it refers to.
    workers : int
        Processes that read the PDFs.
    progress : bool

    Returns
    -------
    Report

    Raises
    ------
    InputError, UnsafeFile
        As `bencao.submission.ectd.application.read_application`.
    """
    application = read_application(folder)
    return check_sequences(application, assets or Assets(), only=only, workers=workers, progress=progress)


def check_sequences(
    application: Application, assets: Assets, *, only: str | None = None, workers: int = 1, progress: bool = True
) -> Report:
    """Check an application that was read; see `check_application`."""
    region = next((one.region for one in application.sequences if one.region), "")
    region = region if region in ("cn", "eu") else ("ich" if region else "cn")
    rules = rules_for(region)
    findings: list[Finding] = []
    advice: list[Finding] = []
    unjudged: list[NotChecked] = []
    chosen = [one for one in application.sequences if only is None or one.name == only]
    for sequence in chosen:
        context = Context(application, sequence, assets, read_pdfs(sequence, workers, progress))
        for number, rule in rules.items():
            told, needs = judge(context, number)
            findings.extend(Finding(rule, sequence.name, one.where, one.told) for one in told)
            unjudged.extend(NotChecked(rule, sequence.name, need) for need in needs)
        for number, rule in ADVICE.items():
            advice.extend(Finding(rule, sequence.name, one.where, one.told) for one in judge(context, number)[0])
    return Report(
        application.name,
        region,
        rules,
        tuple(one.name for one in chosen),
        tuple(findings),
        tuple(unjudged),
        tuple(advice),
    )


def judge(context: Context, number: str) -> tuple[list[Found], list[str]]:
    """What one rule's check finds, and what it would have needed."""
    told: list[Found] = []
    try:
        for one in CHECKS[number](context):
            told.append(one)
    except Missing as error:
        return told, [error.needs]
    except UnsafeFile as error:  # a definition in the package that would read elsewhere
        told.append(found(error.where, message=error))
    except BencaoError as error:
        return told, [str(error)]
    return told, []


def read_pdfs(sequence: Sequence, workers: int = 1, progress: bool = True) -> dict[str, PdfFacts]:
    """Facts of every PDF of a sequence, by path."""
    paths = [path for path in sequence.files if path.lower().endswith(".pdf")]
    chunks = [paths[at : at + _CHUNK] for at in range(0, len(paths), _CHUNK)]
    if workers > 1 and len(chunks) > 1:
        read = functools.partial(_read_chunk, sequence.folder)
        results: list[Any] = compute.map(
            read, chunks, workers=workers, progress=progress, label=f"{sequence.name}: PDF"
        )
    else:
        results = [_read_chunk(sequence.folder, chunk) for chunk in chunks]
    known: dict[str, PdfFacts] = {}
    for chunk, result in zip(chunks, results, strict=True):
        if isinstance(result, compute.Failure):
            known.update({path: PdfFacts(unreadable=f"the reader failed: {result}") for path in chunk})
        else:
            known.update(zip(chunk, result, strict=True))
    return known


def _read_chunk(folder: Path, paths: list[str]) -> list[PdfFacts]:
    return [pdf_facts(folder / path) for path in paths]
