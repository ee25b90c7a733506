"""A study as the target trial that it emulates (Hernán and Robins, Am J Epidemiol 2016, 183, 758)."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Literal

from pydantic import Field, model_validator

from bencao.evidence.protocol.concepts import Covariate, EventRule, Events, Strict
from bencao.evidence.protocol.reporting import reporting_items
from bencao.evidence.protocol.sensitivity import BiasAnalysis, MissingData
from bencao.evidence.protocol.strategies import Lasting, Strategies
from bencao.evidence.protocol.thresholds import Thresholds
from bencao.kernel.ledger import canonical_json

Estimator = Literal[
    "crude", "matching", "stratification", "ipw", "overlap", "entropy", "g_formula", "aipw", "tmle", "instrument"
]
OutcomeKind = Literal["binary", "continuous", "time_to_event"]


class Eligibility(Strict):
    """Who may enter, by what is known at time zero.

    Attributes
    ----------
    ages : (float or None, float or None)
        Years at time zero, both included.
    prior_observation : int
        Days of observation before time zero.
    dates : (date or None, date or None)
        Between which time zero lies.
    exclude, require : tuple of EventRule
    """

    ages: tuple[float | None, float | None] = (None, None)
    prior_observation: int = Field(default=0, ge=0)
    dates: tuple[date | None, date | None] = (None, None)
    exclude: tuple[EventRule, ...] = ()
    require: tuple[EventRule, ...] = ()


class FollowUp(Strict):
    """For how long, and until what, persons are followed.

    Attributes
    ----------
    starts : int
        Day after time zero on which risk begins.
    days : int
        Last day.
    analysed_as : {"intention_to_treat", "on_treatment"}
        On treatment, follow-up ends with the exposure and its grace.
    """

    starts: int = Field(default=1, ge=0)
    days: int = Field(default=365, ge=1)
    analysed_as: Literal["intention_to_treat", "on_treatment"] = "intention_to_treat"


class Outcome(Strict):
    """What is counted.

    Attributes
    ----------
    events : Events
        Over a common data model; over a flat table its `column`.
    kind : {"binary", "continuous", "time_to_event"}
    washed_out : bool
        Persons who had it before time zero do not enter.
    time : str
        Column of a flat table with the days to the event or to censoring.
    """

    events: Events
    kind: OutcomeKind
    washed_out: bool = False
    time: str = ""


class Analysis(Strict):
    """How the effect is estimated.

    Attributes
    ----------
    estimand : {"ate", "att", "ato"}
        Effect in all, in the treated, or in the population of overlap.
    primary : str
        The estimator on which the study stands.
    others : tuple of str
        Estimators shown beside it.
    folds, seed : int
        Of cross-fitting.
    trim : float
        Propensities nearer than this to 0 or 1 are trimmed.
    """

    estimand: Literal["ate", "att", "ato"] = "ate"
    primary: Estimator = "aipw"
    others: tuple[Estimator, ...] = ("crude", "ipw", "g_formula")
    folds: int = Field(default=5, ge=2)
    seed: int = 1
    trim: float = Field(default=0.0, ge=0, lt=0.5)


class Emulates(Strict):
    """How closely the study follows the trial that would answer its question, as its authors judge before any result.

    Attributes
    ----------
    closeness : {"close", "loose"}
        RCT-DUPLICATE (Wang et al., JAMA 2023, 329, 1376) calls an emulation close whose comparator and outcome can be
        followed, and whose trial neither began in hospital, nor had a run-in among responders, nor stopped an earlier
        treatment at randomisation, nor an effect that comes late.
    why : str
    trial : str
        Its name or number, if there is one.
    """

    closeness: Literal["close", "loose"]
    why: str = Field(min_length=1)
    trial: str = ""


class Protocol(Strict):
    """A study, whole before any outcome is read.

    Attributes
    ----------
    study : str
        Short name, by which the ledger knows its versions.
    title, question : str
    design : {"retrospective", "prospective"}
    data : {"omop", "table"}
        A database in the common data model, or one row a person.
    person : str
        Column of the person in a flat table.
    eligibility : Eligibility
    strategies : Strategies
    follow_up : FollowUp
        Days from time zero.
    lasting : Lasting, optional
        Of strategies that are followed over time, per protocol.
    outcome : Outcome
    covariates : tuple of Covariate
        Known at time zero, or, with `lasting`, at the start of each period.
    analysis : Analysis
    thresholds : Thresholds
    negative_controls : tuple of Events
        Outcomes that the treatment cannot cause; in a flat table columns that hold 1 or 0.
    missing_data : MissingData, optional
        What may be missing in a flat table and is imputed; without it nothing may.
    sensitivity : tuple of BiasAnalysis
        Biases that are taken out of the ratio beside what is always told, the E-value.
    emulates : Emulates, optional
        Without it an answer is compared with all published emulations.
    reporting : dict of str
        Answers to items of RECORD-PE and STaRT-RWE that no data tell, such as ``STROBE 22``.

    Raises
    ------
    ValueError
        (in pydantic's ValidationError) What is no whole target trial; it names the key.
    TimeZeroError
        A variable or criterion that is known only after time zero.

    References
    ----------
    Hernán MA, Robins JM (2016). Using big data to emulate a target trial when a randomized trial is not available.
    American Journal of Epidemiology 183, 758-764.
    """

    study: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$")
    title: str = Field(min_length=1)
    question: str = ""
    design: Literal["retrospective", "prospective"] = "retrospective"
    data: Literal["omop", "table"] = "omop"
    person: str = "person_id"
    eligibility: Eligibility = Eligibility()
    strategies: Strategies
    follow_up: FollowUp = FollowUp()
    lasting: Lasting | None = None
    outcome: Outcome
    covariates: tuple[Covariate, ...] = Field(min_length=1)
    analysis: Analysis = Analysis()
    thresholds: Thresholds = Thresholds()
    negative_controls: tuple[Events, ...] = ()
    missing_data: MissingData | None = None
    sensitivity: tuple[BiasAnalysis, ...] = ()
    emulates: Emulates | None = None
    reporting: dict[str, str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _whole(self) -> Protocol:
        _refuse_twice("covariates", [one.name for one in self.covariates])
        _refuse_twice("negative_controls", [one.name for one in self.negative_controls])
        unknown = sorted(set(self.reporting) - {one.item for one in reporting_items()})
        if unknown:
            raise ValueError(f"reporting: {unknown[0]} is no item of RECORD-PE or STaRT-RWE, see docs/evidence.md")
        wanted = "column" if self.data == "table" else "concepts or codes"
        self._check_lasting()
        entry = [self.lasting.entry] if self.lasting and self.lasting.entry else []
        named = [*self.strategies.given, *entry, self.outcome.events, *self.negative_controls]
        for events in named:
            if events.is_column != (self.data == "table"):
                raise ValueError(f"{events.name}: over data: {self.data} events are given by {wanted}")
        for covariate in self.covariates:
            covariate.check_form(self.data)
        self._check_missing()
        _refuse_twice("sensitivity", [one.name for one in self.sensitivity])
        if self.follow_up.starts > self.follow_up.days:
            raise ValueError("follow_up starts after it ends")
        if self.outcome.kind == "continuous" and self.data == "omop":
            raise ValueError("outcome: over data: omop an outcome is binary or time_to_event")
        return self

    @property
    def method(self) -> str:
        """The estimator on which the study stands, or how strategies that last are compared."""
        if self.lasting is None:
            return self.analysis.primary
        return "per_protocol" if self.strategies.comparator else self.lasting.emulation

    def _check_lasting(self) -> None:
        lasting = self.lasting
        if (self.strategies.comparator is None) != bool(lasting and lasting.entry):
            raise ValueError("strategies: give a comparator, or lasting: with its entry")
        if lasting is None:
            varying = [one.name for one in self.covariates if one.varying]
            if varying:
                raise ValueError(f"{varying[0]}: varies, which goes with lasting:")
            return
        if self.data != "omop" or self.outcome.kind != "time_to_event":
            raise ValueError("lasting: goes with data: omop and an outcome of kind: time_to_event")
        if self.follow_up.starts != 1:
            raise ValueError("lasting: risk begins the day after time zero; leave out follow_up.starts")
        if self.follow_up.analysed_as != "intention_to_treat":
            raise ValueError("lasting: is per protocol already; leave out follow_up.analysed_as")
        if self.sensitivity:
            raise ValueError("sensitivity: goes with strategies at time zero, not with lasting:")
        if not lasting.entry and (lasting.grace or lasting.emulation != "clones"):
            raise ValueError("lasting: grace and emulation go with an entry and no comparator")

    def _check_missing(self) -> None:
        if self.missing_data is None:
            return
        if self.data != "table":
            raise ValueError("missing_data: goes with data: table; over a database what is not recorded did not happen")
        unknown = sorted(set(self.missing_data.covariates) - {one.name for one in self.covariates})
        if unknown:
            raise ValueError(f"missing_data: {unknown[0]} is none of the covariates")
        if self.missing_data.outcome and self.outcome.kind == "time_to_event":
            raise ValueError("missing_data: an outcome of kind: time_to_event is censored, not missing")

    @property
    def digest(self) -> str:
        """SHA-256 of the protocol's content, whatever its spelling in YAML."""
        return hashlib.sha256(canonical_json(self.model_dump(mode="json"))).hexdigest()


def _refuse_twice(key: str, names: list[str]) -> None:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ValueError(f"{key}: {', '.join(twice)} stands twice")
