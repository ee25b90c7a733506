"""PROC MIXED's printed output of the FEV models, and what was fitted in each."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

_NUMBER = r"-?\d*\.?\d+"
_SOLUTION = re.compile(
    rf"({_NUMBER})\s+({_NUMBER})\s+(\d+)\s+({_NUMBER})\s+<?\.?[\d.]+(?:\s+0\.05\s+{_NUMBER}\s+{_NUMBER})?\s*$"
)
_FIRST_EFFECT = re.compile(r"^\s*Intercept\b")
_TYPE3 = re.compile(rf"^\s*([A-Z*]+)\s+(\d+)\s+(\d+)\s+({_NUMBER})\s+({_NUMBER})\s+\S+\s+\S+\s*$")
_MEAN = re.compile(
    rf"^\s*AVISIT\*ARMCD\s+(VIS\d)\s+([A-Z]+)(?:\s+(VIS\d)\s+([A-Z]+))?\s+({_NUMBER})\s+({_NUMBER})\s+(\d+)\s"
)
_LIKELIHOOD = re.compile(r"^\s*\d+\s+\d+\s+(\d+\.\d{8})", re.MULTILINE)

# Orders of levels that the logs' class level information gives where it is not the alphabet's.
ARMS = {"ARMCD": ("TRT", "PBO")}
FULL = {"RACE": ("Black or African American", "White", "Asian"), "SEX": ("Female", "Male"), **ARMS}
VISITS = {"AVISIT": ("VIS2", "VIS3", "VIS4", "VIS1")}


@dataclass(frozen=True)
class Setting:
    """What was fitted, as `bencao.trial.statistics.mmrm` names it."""

    structure: str
    method: str
    df: str = "satterthwaite"
    terms: tuple[str, ...] = ()
    levels: dict[str, tuple[str, ...]] = field(default_factory=dict)
    group: str | None = None
    weights: str | None = None
    coordinates: tuple[str, ...] = ()


@dataclass(frozen=True)
class Line:
    """A coefficient as printed: estimate, standard error, degrees of freedom."""

    estimate: float
    standard_error: float
    df: int


@dataclass(frozen=True)
class Mean:
    """A least-squares mean of visit and arm as printed, or its difference from another."""

    cell: tuple[str, str]
    other: tuple[str, str] | None
    line: Line


@dataclass(frozen=True)
class Effect:
    """A type 3 test as printed."""

    term: str
    numerator_df: int
    denominator_df: int
    f: float


@dataclass(frozen=True)
class Log:
    """A fit, and what PROC MIXED printed of it.

    Attributes
    ----------
    name : str
        Of the file; a second fit of a file has ``#2`` after it.
    setting : Setting
    lines : tuple of Line
    effects : tuple of Effect
    means : tuple of Mean
        Differences of both visit and arm at once are left out.
    minus_2_log_likelihood : float or None
        At the last iteration.
    """

    name: str
    setting: Setting
    lines: tuple[Line, ...]
    effects: tuple[Effect, ...]
    means: tuple[Mean, ...]
    minus_2_log_likelihood: float | None


def plain(path: Path) -> str:
    """Text of a log; of an RTF one, a row of a table a line."""
    text = path.read_text(encoding="utf-8", errors="replace")
    if path.suffix == ".rtf":
        text = re.sub(r"\\row\b", "\n", re.sub(r"\\cell\b", "  ", text.replace("\n", " ")))
        text = re.sub(r"\\[a-z]+-?\d* ?", "", re.sub(r"\\cellx\d+", "", text))
        text = re.sub(r"[{}]", "", text)
    return text


def read_logs(folder: Path) -> list[Log]:
    """Read every log that prints a solution for fixed effects of a structure that is offered.

    Left out: the two fits that did not converge, and the listings of residuals, which print no such solution or only
    that of models that stand in other logs.
    """
    logs = []
    for path in sorted(folder.iterdir()):
        text = plain(path)
        for number, part in enumerate(_fits(text), start=1):
            setting = _setting(path.stem, number)
            if setting is not None:
                logs.append(_read(path.name if number == 1 else f"{path.name}#{number}", part, setting))
    return logs


def _fits(text: str) -> list[str]:
    return [part for part in re.split(r"Model Information", text)[1:] if "Solution for Fixed Effects" in part]


def _setting(stem: str, number: int) -> Setting | None:
    """What the log of a name fitted; None of one that is left out."""
    method = "ml" if "_ml" in stem or stem in ("sas_log", "sas_log_simple") else "reml"
    simple = re.fullmatch(r"sas_(group_)?(adh|ar1h?|csh?|toeph?|sp_exp2?|sp_gau2?)_(?:re)?ml", stem)
    if simple:
        structure, group = simple[2], "ARMCD" if simple[1] else None
        places = ("VISITN", "VISITN2") if structure.endswith("2") else ("VISITN",)
        coordinates = places if structure.startswith("sp_") else ()
        return Setting(structure.rstrip("2"), method, group=group, coordinates=coordinates)
    if stem in ("sas_log_simple", "sas_log_simple_reml"):
        return Setting("un", method)
    if stem in ("sas_log", "sas_log_reml"):
        terms = ("ARMCD", "AVISIT", "AVISIT*ARMCD", "RACE", "SEX")
        return Setting("un", method, terms=terms, levels=FULL | VISITS)
    if stem == "sas_weighted":
        terms = ("RACE", "SEX", "ARMCD", "AVISIT", "AVISIT*ARMCD")
        return Setting("un", method, terms=terms, levels=FULL, weights="WEIGHT")
    if stem.startswith("sas_weighted_mmrm"):
        return Setting("adh", method, weights="WEIGHT")
    interval = re.fullmatch(r"sas_coef_ci_(?:re)?ml_(un|ar1)", stem)
    if interval:
        return Setting(interval[1], method, terms=("ARMCD", "SEX"), levels=ARMS)
    if stem == "sas_sp_gau_kr":
        df = "kenward-roger" if number == 1 else "kenward-roger-linear"
        return Setting("sp_gau", method, df, terms=("ARMCD",), coordinates=("VISITN", "VISITN2"))
    return None


def _read(name: str, text: str, setting: Setting) -> Log:
    solution = text.split("Solution for Fixed Effects")[1].split("Type 3 Tests")[0].splitlines()
    begin = next(number for number, line in enumerate(solution) if _FIRST_EFFECT.search(line))
    # A line that begins with a number is one of a data set listed after the fit.
    printed = [line for line in solution[begin:] if not re.match(r"\s*\d", line)]
    found = [match for line in printed if (match := _SOLUTION.search(line))]
    lines = tuple(Line(float(match[1]), float(match[2]), int(match[3])) for match in found)
    tests = text.split("Type 3 Tests")[1].splitlines() if "Type 3 Tests" in text else []
    effects = tuple(
        Effect(match[1], int(match[2]), int(match[3]), float(match[5]))
        for line in tests
        if (match := _TYPE3.search(line))
    )
    history = _LIKELIHOOD.findall(text)
    return Log(name, setting, lines, effects, _means(text), float(history[-1]) if history else None)


def _means(text: str) -> tuple[Mean, ...]:
    found = []
    for row in text.partition("Least Squares Means")[2].splitlines():
        match = _MEAN.search(row)
        if match and (match[3] is None or match[1] == match[3] or match[2] == match[4]):
            other = (match[3], match[4]) if match[3] else None
            found.append(Mean((match[1], match[2]), other, Line(float(match[5]), float(match[6]), int(match[7]))))
    return tuple(found)
