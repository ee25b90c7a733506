"""Propose SDTM variables for the columns of a raw form, with probabilities that a person confirms."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import polars as pl

from bencao.kernel import models
from bencao.trial.mapping.columns import RawColumn, read_columns
from bencao.trial.mapping.features import DOMAIN, Array, Fit
from bencao.trial.mapping.knowledge import Target, read_knowledge
from bencao.trial.mapping.similarity import Vectors, phrase_grams
from bencao.trial.mapping.terminology import read_terminology

MODELS = Path(__file__).resolve().parents[1] / "models" / "mapping"
NAME = "sdtm-mapping"
KNOWLEDGE, TERMINOLOGY, WEIGHTS = "knowledge.json.xz", "terminology.json.xz", "weights.json"

# What a domain's column is expected to give it at least: one column that fits no domain does not rule it out.
_FLOOR = 0.02
_LEAST = -6.0


@dataclass(frozen=True)
class Proposal:
    """One target for a column.

    Attributes
    ----------
    domain, variable, test : str
        As in `Target`; the variable is ``NOT SUBMITTED`` where the column has no place in SDTM.
    probability : float
    codelist : str
        NCI concept, where the values are controlled.
    codelist_name : str
    """

    domain: str
    variable: str
    test: str
    probability: float
    codelist: str
    codelist_name: str


@dataclass(frozen=True)
class Suggestion:
    """What is proposed for a column, the most probable first.

    Attributes
    ----------
    column, label : str
    profile : str
        What kind of values it holds.
    proposals : tuple of Proposal
    unit : str
        Unit of the values that stands in name or label, as the terminology writes it.
    """

    column: str
    label: str
    profile: str
    proposals: tuple[Proposal, ...]
    unit: str


class Mapper:
    """The model of the package.

    Parameters
    ----------
    fit : Fit
    weights : array of float64, shape (features,)
    sharpness : float
        What the columns' votes for a domain are multiplied by.
    identity : tuple of (str, str)
        Name with version and files with SHA-256, for provenance.
    """

    def __init__(self, fit: Fit, weights: Array, sharpness: float, identity: tuple[tuple[str, str], ...] = ()) -> None:
        self.fit, self.weights, self.sharpness, self.identity = fit, weights, sharpness, identity
        targets = fit.knowledge.targets
        self.domains = tuple(sorted({target.domain for target in targets} - {""}))
        places = {domain: place for place, domain in enumerate(self.domains)}
        self._domain_of = np.array([places.get(target.domain, len(self.domains)) for target in targets])
        self._all = fit.knowledge.targets
        variables = Counter((target.domain, target.variable) for target in targets)
        # A variable of two hundred tests is not two hundred times as probable.
        self._tests = np.log([variables[target.domain, target.variable] for target in targets])

    def suggest(self, columns: tuple[RawColumn, ...], form: str = "", top: int = 5) -> tuple[Suggestion, ...]:
        """Propose targets for the columns of one form.

        Parameters
        ----------
        columns : tuple of RawColumn
        form : str
            What the form is called, if anything: it tells the domain.
        top : int
            Proposals for a column at most.

        Returns
        -------
        tuple of Suggestion
            In order of the columns.
        """
        scores = np.stack([self.fit.features(column) @ self.weights for column in columns]) - self._tests
        scores += self.weights[DOMAIN] * self.domain_logs(scores, columns, form)[self._domain_of]
        return tuple(self._suggestion(column, _softmax(row), top) for column, row in zip(columns, scores, strict=True))

    def domain_logs(self, scores: Array, columns: tuple[RawColumn, ...], form: str) -> Array:
        """Log-probability of each domain, as all columns and the words of the form vote; the last is of no domain."""
        votes = np.zeros(len(self.domains))
        for row in scores:
            mass = np.bincount(self._domain_of, _softmax(row), minlength=len(self.domains) + 1)[:-1]
            votes += np.log(_FLOOR + mass)
        votes *= self.sharpness / np.sqrt(len(columns))
        said = [form, *(column.values[0] for column in columns if column.profile == "constant")]
        votes += 4 * self._titles(said)
        logs = votes - np.logaddexp.reduce(votes)
        return np.append(np.maximum(logs, _LEAST), -1.0)

    def _titles(self, said: list[str]) -> Array:
        """How like the name of a domain any of the words is that stand on the form."""
        titles = [phrase_grams(self.fit.knowledge.domains.get(domain, domain)) for domain in self.domains]
        like: Array = Vectors(titles).cosines([phrase_grams(text) for text in said if text] or [[]]).max(axis=0)
        coded = {text.upper() for text in said}
        return np.maximum(like, [domain in coded for domain in self.domains])

    def _suggestion(self, column: RawColumn, probabilities: Array, top: int) -> Suggestion:
        merged: dict[tuple[str, str], tuple[float, int]] = {}
        for index in np.argsort(-probabilities, kind="stable")[: 40 * top]:
            target = self._all[index]
            key = (target.domain, target.variable)
            mass, best = merged.get(key, (0.0, int(index)))
            merged[key] = (mass + float(probabilities[index]), best)
        ranked = sorted(merged.values(), key=lambda one: (-one[0], one[1]))[:top]
        proposals = tuple(self._proposal(self._all[best], mass, column) for mass, best in ranked)
        unit = (
            self.fit.terminology.unit_of(column.name, column.label) if column.profile in ("integer", "number") else ""
        )
        return Suggestion(column.name, column.label, column.profile, proposals, unit)

    def _proposal(self, target: Target, probability: float, column: RawColumn) -> Proposal:
        terminology = self.fit.terminology
        known = [code for code in target.codelists if code in terminology.codelists]
        best = max(known, key=lambda code: terminology.coverage(code, column.values), default="")
        name = terminology.codelists[best].name if best else ""
        return Proposal(target.domain, target.variable, target.test, round(probability, 6), best, name)


def _softmax(scores: Array) -> Array:
    powers = np.exp(scores - scores.max())
    result: Array = powers / powers.sum()
    return result


@cache
def load_mapper() -> Mapper:
    """Load the model of the package, once a process.

    Raises
    ------
    ModelError
        Where a file is absent or altered.
    """
    model = models.load(MODELS, NAME)
    weights = json.loads(model.path(WEIGHTS).read_text(encoding="utf-8"))
    fit = Fit(read_knowledge(model.path(KNOWLEDGE)), read_terminology(model.path(TERMINOLOGY)))
    return Mapper(fit, np.array(list(weights["weights"].values())), weights["sharpness"], model.identity)


def suggest(
    frame: pl.DataFrame, labels: Mapping[str, str] | None = None, form: str = "", top: int = 5
) -> tuple[Suggestion, ...]:
    """Propose SDTM domain and variable, codelist and unit for each column of raw data. Nothing is applied.

    Parameters
    ----------
    frame : polars DataFrame
        One form.
    labels : mapping of str to str, optional
        Name of a column to its question or prompt.
    form : str
        What the form is called.
    top : int

    Returns
    -------
    tuple of Suggestion
        In order of the columns.
    """
    return load_mapper().suggest(read_columns(frame, labels), form, top)
