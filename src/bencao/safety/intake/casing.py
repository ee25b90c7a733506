"""A draft as a typed case: each field with the characters of the document and the rule or model that gave it."""

from __future__ import annotations

from email.utils import parseaddr

from bencao.safety.case import (
    Administration,
    Assessment,
    Case,
    Death,
    Dosage,
    Drug,
    Field,
    Identification,
    Indication,
    Narrative,
    NativeSummary,
    Patient,
    PrimarySource,
    Reaction,
    Source,
)
from bencao.safety.intake.draft import Draft, Entry
from bencao.safety.intake.finding import Finding
from bencao.safety.intake.linking import Mentions, Places
from bencao.safety.intake.sentences import sentences_of

# ICH E2B(R3): G.k.1, C.1.3 (a spontaneous report).
_ROLES = {"suspect": "1", "concomitant": "2"}
_SPONTANEOUS = "1"
_SERIOUSNESS = {
    "death": "death", "life_threatening": "life_threatening", "hospitalisation": "hospitalisation",
    "disability": "disabling", "congenital_anomaly": "congenital_anomaly",
    "other_medically_important": "other_important",
}  # fmt: skip
_FATAL = "5"
_DOSE_FORM = "{DF}"  # UCUM in ICH's list for what is counted and not weighed
_HOURS = {"d": 24, "h": 1}
_LONGEST = {"text": 100_000, "drug": 250, "reaction": 250, "dosage": 2000}


def case_of_draft(draft: Draft) -> Case:
    """Make the case of a draft; what the document does not say stays absent.

    Where it says several things of one field, such as two outcomes of a reaction, the last one counts, but for death.
    """
    return Case(
        administration=_administration(draft),
        patient=_patient(draft),
        reactions=tuple(_reaction(draft, entry) for entry in draft.reactions),
        drugs=tuple(_drug(draft, entry) for entry in draft.drugs),
        narrative=_narrative(draft),
    )


def _field(draft: Draft, finding: Finding, value: str) -> Field:
    return Field(value, source=Source(draft.document.name, finding.start, finding.end, finding.by))


def _first(draft: Draft, findings: list[Finding]) -> Field:
    """The first value that is told."""
    return next((_field(draft, one, one.value) for one in findings if one.value), Field())


def _last(draft: Draft, findings: list[Finding]) -> Field:
    return _first(draft, list(reversed(findings)))


def _date(draft: Draft, findings: list[Finding]) -> Field:
    """A date as a message writes it, CCYYMMDD, cut where no day is told; one without a year is left to a person."""
    told = [one for one in findings if one.value and not one.value.startswith("-")]
    return _field(draft, told[0], told[0].value.replace("-", "")) if told else Field()


def _administration(draft: Draft) -> Administration:
    document = draft.document
    whole = Source(document.name, rule="rule:email.header")
    day = draft.received or document.received
    told = Source(document.name, rule="option:received") if draft.received else whole
    address = parseaddr(document.sender)[1]
    source = PrimarySource(
        qualification=_first(draft, draft.of("reporter")),
        email=Field(address, source=whole) if address else Field(),
    )
    return Administration(
        identification=Identification(
            report_type=Field(_SPONTANEOUS, source=Source(document.name, rule="rule:report_type.default")),
            first_received=Field(day.strftime("%Y%m%d"), source=told) if day else Field(),
        ),
        primary_sources=(source,) if source != PrimarySource() else (),
    )


def _patient(draft: Draft) -> Patient:
    ages = [one for one in draft.of("age") if one.value]
    age = ages[0] if ages else None
    return Patient(
        birth=_date(draft, draft.of("birth")),
        age=_field(draft, age, age.value) if age else Field(),
        age_unit=_field(draft, age, age.unit) if age else Field(),
        sex=_first(draft, draft.of("sex")),
        death=Death(date=_date(draft, draft.of("death"))),
    )


def _reaction(draft: Draft, entry: Entry) -> Reaction:
    mention = entry.mentions[0]
    language = "zho" if any("\u3400" <= sign <= "\u9fff" for sign in mention.text) else "eng"
    # Backwards, so that the first that says it is cited.
    criteria = {_SERIOUSNESS[one.value]: _field(draft, one, "true") for one in reversed(entry.of("seriousness"))}
    outcomes = entry.of("outcome")
    fatal = [one for one in outcomes if one.value == _FATAL]
    return Reaction(
        reported=_field(draft, mention, mention.text[: _LONGEST["reaction"]]),
        reported_language=_field(draft, mention, language),
        start=_date(draft, entry.of("onset")),
        end=_date(draft, entry.of("end")),
        outcome=_first(draft, fatal) if fatal else _last(draft, outcomes),
        **criteria,
    )


def _drug(draft: Draft, entry: Entry) -> Drug:
    mention = entry.mentions[0]
    return Drug(
        role=_field(draft, mention, _ROLES[entry.role]),
        name=_field(draft, mention, mention.text[: _LONGEST["drug"]]),
        dosages=_dosages(draft, entry),
        indications=tuple(
            Indication(reported=_field(draft, one, one.text[: _LONGEST["drug"]])) for one in entry.of("indication")
        ),
        action_taken=_last(draft, entry.of("action")),
        assessments=_assessments(draft, entry),
    )


def _dosages(draft: Draft, entry: Entry) -> tuple[Dosage, ...]:
    """A dosage for each dose; when it was taken and by which route stand with the first."""
    start, end = _date(draft, entry.of("start")), _date(draft, entry.of("stop"))
    routes = entry.of("route")
    route = _field(draft, routes[0], routes[0].value or routes[0].text) if routes else Field()
    told: dict[tuple[str, str], Finding] = {}
    for one in entry.of("dose"):
        # A dose that is told again, and how often it is taken with it, is one dosage.
        if (one.value, one.unit) not in told or (one.told("every") and not told[one.value, one.unit].told("every")):
            told[one.value, one.unit] = one
    doses = [_dosage(draft, one) for one in told.values()]
    if not doses and not (start or end or route):
        return ()
    first = doses[0] if doses else Dosage()
    return (_with_course(first, start, end, route), *doses[1:])


def _with_course(dosage: Dosage, start: Field, end: Field, route: Field) -> Dosage:
    return Dosage(
        dose=dosage.dose, dose_unit=dosage.dose_unit, interval=dosage.interval, interval_unit=dosage.interval_unit,
        text=dosage.text, start=start, end=end, route_text=route,
    )  # fmt: skip


def _dosage(draft: Draft, dose: Finding) -> Dosage:
    unit = dose.unit
    interval, interval_unit = _interval(dose)
    if not interval and unit.endswith("/d"):
        unit, interval, interval_unit = unit.removesuffix("/d"), "1", "d"
    if unit.startswith("{"):
        unit = _DOSE_FORM
    return Dosage(
        dose=_field(draft, dose, dose.value) if dose.value else Field(),
        dose_unit=_field(draft, dose, unit) if dose.value else Field(),
        interval=_field(draft, dose, interval) if interval else Field(),
        interval_unit=_field(draft, dose, interval_unit) if interval else Field(),
        text=_field(draft, dose, dose.text[: _LONGEST["dosage"]]),
    )


def _interval(dose: Finding) -> tuple[str, str]:
    """Time between doses (G.k.4.r.2 and .3): three times a day is every 8 hours; none where it is no whole number."""
    times, every, unit = (dose.told(name) for name in ("times", "every", "every_unit"))
    if not times or times == "1":
        return every, unit
    if unit in _HOURS and times.isdigit() and int(every) * _HOURS[unit] % int(times) == 0:
        return str(int(every) * _HOURS[unit] // int(times)), "h"
    return "", ""


def _assessments(draft: Draft, entry: Entry) -> tuple[Assessment, ...]:
    """What came of a rechallenge, with the reaction that is mentioned nearest to it."""
    places = Places([(one.start, one.end) for one in sentences_of(draft.document.text)])
    mentions = Mentions([reaction.mentions for reaction in draft.reactions], places)
    told: dict[int, Finding] = {}
    for one in entry.of("rechallenge"):
        reaction = mentions.nearest(one)
        if reaction is not None:
            told.setdefault(reaction, one)
    return tuple(
        Assessment(reaction=_field(draft, one, str(reaction + 1)), recurred=_field(draft, one, one.value))
        for reaction, one in sorted(told.items())
    )


def _narrative(draft: Draft) -> Narrative:
    """The document's words: as the narrative in English, else as the reporter's in his own language."""
    text = draft.document.text.strip()[: _LONGEST["text"]]
    start = draft.document.text.index(text)
    source = Source(draft.document.name, start, start + len(text), "rule:narrative.source_text")
    chinese = sum("\u3400" <= sign <= "\u9fff" for sign in text)
    if chinese * 10 < len(text):
        return Narrative(text=Field(text, source=source))
    told = NativeSummary(text=Field(text, source=source), language=Field("zho", source=source))
    return Narrative(native=(told,))
