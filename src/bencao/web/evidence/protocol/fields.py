"""Which keys of a protocol stand in the form, in what order, and of what kind; what is amiss is not decided here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, get_args

from bencao.evidence.protocol.concepts import Covariate
from bencao.evidence.protocol.protocol import Analysis, Emulates, Estimator, FollowUp, OutcomeKind, Protocol
from bencao.evidence.protocol.sensitivity import PARAMETERS
from bencao.evidence.protocol.strategies import Lasting
from bencao.evidence.protocol.thresholds import Thresholds

Kind = Literal["text", "long", "number", "choice", "choices", "flag", "span", "list"]


@dataclass(frozen=True)
class Field:
    """A key as the form asks for it.

    Attributes
    ----------
    key : str
        Within its part; its name in `WORDS` is ``key …``.
    kind : {"text", "long", "number", "choice", "choices", "flag", "span", "list"}
        A span is a list of two, either of which may be open; a list is written with commas.
    choices : tuple of str
    over : {"omop", "table", ""}
        Over which data it is asked; empty over both.
    alters : bool
        Whether other fields come or go with it.
    """

    key: str
    kind: Kind = "text"
    choices: tuple[str, ...] = ()
    over: str = ""
    alters: bool = False


def _choice(model: Any, key: str, *, over: str = "", alters: bool = False) -> Field:
    """A key that takes one of a few words, as the protocol's model has them."""
    name = key.rpartition(".")[2]
    return Field(key, "choice", tuple(map(str, get_args(model.model_fields[name].annotation))), over, alters)


STUDY = (
    Field("study"),
    Field("title", "long"),
    Field("question", "long"),
    _choice(Protocol, "design"),
    _choice(Protocol, "data", alters=True),
    Field("person", over="table"),
)
EMULATES = (_choice(Emulates, "emulates.closeness"), Field("emulates.trial"), Field("emulates.why", "long"))
ELIGIBILITY = (Field("eligibility.ages", "span", over="omop"), Field("eligibility.dates", "span", over="omop"))
TIME_ZERO = (
    Field("eligibility.prior_observation", "number", over="omop"),
    Field("strategies.washout", "number", over="omop"),
)
FOLLOW_UP = (
    Field("follow_up.starts", "number"),
    Field("follow_up.days", "number"),
    _choice(FollowUp, "follow_up.analysed_as", over="omop"),
    Field("strategies.grace", "number", over="omop"),
)
LASTING = (
    Field("lasting.period", "number"),
    Field("lasting.grace", "number"),
    _choice(Lasting, "lasting.emulation"),
)
OUTCOME = (
    Field("outcome.kind", "choice", get_args(OutcomeKind), alters=True),
    Field("outcome.washed_out", "flag", over="omop"),
    Field("outcome.time", over="table"),
)
ESTIMAND = (_choice(Analysis, "analysis.estimand"),)
ANALYSIS = (
    Field("analysis.primary", "choice", get_args(Estimator)),
    Field("analysis.trim", "number"),
    Field("analysis.folds", "number"),
    Field("analysis.seed", "number"),
)
SENSITIVITY = (Field("analysis.others", "choices", get_args(Estimator)),)
THRESHOLDS = tuple(Field(f"thresholds.{name}", "number") for name in Thresholds.model_fields)
MISSING = (
    Field("missing_data.covariates", "list"),
    Field("missing_data.outcome", "flag"),
    Field("missing_data.deltas", "list"),
    Field("missing_data.imputations", "number"),
    Field("missing_data.iterations", "number"),
    Field("missing_data.seed", "number"),
)
EVENTS: dict[str, tuple[Field, ...]] = {
    "omop": (Field("name"), Field("concepts", "list"), Field("descendants", "flag")),
    "table": (Field("name"), Field("column"), Field("value")),
}
WINDOW = (Field("days", "span", over="omop"),)
_DOMAINS = get_args(get_args(Covariate.model_fields["domain"].annotation)[0])
_BY = tuple(one for one in get_args(Covariate.model_fields["given_by"].annotation) if one != "column")


def covariate(over: str, given_by: str) -> tuple[Field, ...]:
    """What is asked of a covariate over such data that is given so."""
    if over == "table":
        return (Field("name"), Field("measured_on"))
    asked = [Field("name"), Field("given_by", "choice", _BY, alters=True)]
    if given_by == "domain":
        asked += [Field("domain", "choice", _DOMAINS), Field("least", "number")]
    if given_by in ("domain", "events"):
        asked += [*WINDOW]
    if given_by == "events":
        asked += [Field("varying", "flag")]
    return tuple(asked)


def bias(kind: str) -> tuple[Field, ...]:
    """What is asked of a bias of such a kind."""
    parameters = next((names for name, names in PARAMETERS.items() if name == kind), ())
    return (
        Field("name"),
        Field("bias", "choice", tuple(PARAMETERS), alters=True),
        *(Field(f"ranges.{name}", "list") for name in parameters),
        Field("draws", "number"),
        Field("seed", "number"),
    )
