"""What E2B(R2) says once of a report and E2B(R3) says of each reaction, source or number."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

from bencao.safety.e2b.codecs import Held
from bencao.safety.e2b.r2 import codes
from bencao.safety.e2b.r2.fields import Told
from bencao.safety.e2b.r2.placing import Placing

_SERIOUS = {
    "seriousnessdeath": "E.i.3.2a",
    "seriousnesslifethreatening": "E.i.3.2b",
    "seriousnesshospitalization": "E.i.3.2c",
    "seriousnessdisabling": "E.i.3.2d",
    "seriousnesscongenitalanomali": "E.i.3.2e",
    "seriousnessother": "E.i.3.2f",
}
_CASE_NUMBERS = {"authoritynumb": "1", "companynumb": "2"}


def spread(told: Sequence[Told], placing: Placing) -> None:
    """Place what speaks of several parts of a report."""
    whole = {each.name: each for each in reversed(told) if each.within in ("safetyreport", "sender")}
    reactions = sorted({each.at[0] for each in told if each.within == "reaction"})
    _seriousness(whole, reactions, placing)
    for name, number in (("occurcountry", "E.i.9"), ("medicallyconfirm", "E.i.8")):
        if name in whole:
            value = whole[name].value
            what = Held(value) if name == "occurcountry" else codes.yes_or_no(number, value)
            if what is None or not reactions:
                placing.unread.append(str(whole[name]))
                continue
            for place in reactions:
                placing.put(number, (place,), what, whole[name])
    _source_country(told, whole.get("primarysourcecountry"), placing)
    for name, sender in _CASE_NUMBERS.items():
        if name in whole and ("C.1.8.1", ()) not in placing.found:
            placing.put("C.1.8.1", (), Held(whole[name].value), whole[name])
            placing.put("C.1.8.2", (), Held(sender), whole[name])
        elif name in whole:
            placing.unread.append(f"{whole[name]} (E2B(R3) has one worldwide number)")
    for line, number in (("sendertel", "C.3.4.6"), ("senderfax", "C.3.4.7")):
        _telephone(whole, line, number, placing)
    for each in told:
        if each.name == "resultstestsprocedures":
            tests = max((other.at[0] for other in told if other.within == "test"), default=0)
            placing.put("F.r.3.4", (tests + 1,), Held(each.value), each)
        elif each.name == "drugstructuredosagenumb":
            _dose(each, placing)
        elif each.name == "drugseparatedosagenumb" and "drugstructuredosagenumb" not in each.beside:
            placing.unread.append(str(each))


def _seriousness(whole: dict[str, Told], reactions: Sequence[int], placing: Placing) -> None:
    said = [whole[name] for name in ("serious", *_SERIOUS) if name in whole]
    if not said:
        return
    if not reactions:
        placing.unread += [str(each) for each in said]
        return
    for name, number in _SERIOUS.items():
        yes = name in whole and whole[name].value == "1"
        for place in reactions:
            placing.put(number, (place,), Held("true") if yes else Held(null_flavor="NI"), name)
    met = any(each.value == "1" for each in said if each.name != "serious")
    placing.unread += [
        f"{each} (not a value of this field)"
        for each in said
        if each.value not in ("1", "2") and each.name != "serious"
    ]
    if "serious" in whole and whole["serious"].value != ("1" if met else "2"):
        placing.unread.append(
            f"{whole['serious']} (E2B(R3) has the criteria alone, of which {'one' if met else 'none'} is met)"
        )


def _source_country(told: Sequence[Told], country: Told | None, placing: Placing) -> None:
    """The primary source for regulatory purposes: the first of the country named, else the first."""
    sources = sorted({each.at[0] for each in told if each.within == "primarysource"})
    of_country = [
        each.at[0]
        for each in told
        if each.name == "reportercountry" and country is not None and each.value == country.value
    ]
    if sources:
        chosen = min(of_country, default=sources[0])
        placing.put("C.2.r.5", (chosen,), Held("1"), "primarysource")
        if country is not None:
            placing.put("C.2.r.3", (chosen,), Held(country.value), country)
    elif country is not None:
        placing.put("C.2.r.3", (1,), Held(country.value), country)
        placing.put("C.2.r.5", (1,), Held("1"), country)


def _telephone(whole: dict[str, Told], line: str, number: str, placing: Placing) -> None:
    """A number of a country, a line and an extension in one."""
    country, own, extension = (whole.get(f"{line}{part}") for part in ("countrycode", "", "extension"))
    if own is None:
        placing.unread += [str(each) for each in (country, extension) if each]
        return
    parts = [f"+{country.value.lstrip('+')}" if country else "", own.value]
    parts += [f"ext {extension.value}" if extension else ""]
    placing.put(number, (), Held(" ".join(part for part in parts if part)), own)


def _dose(told: Told, placing: Placing) -> None:
    """One dose times the doses in the interval, as ICH's forward conversion gives it."""
    separate = told.beside.get("drugseparatedosagenumb", "1")
    try:
        value = Decimal(told.value) * Decimal(separate)
        if not value.is_finite():
            raise InvalidOperation
    except InvalidOperation:
        placing.unread.append(f"{told} (times {separate}: not numbers)")
        return
    placing.put("G.k.4.r.1a", told.at, Held(format(value.normalize(), "f") if separate != "1" else told.value), told)
    if separate != "1":
        placing.unread.append(f"{told} (given {separate} times in the interval: written as their sum, {value})")
