"""A case with what a person enters for it: what it still lacks, and the message it makes."""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from bencao.kernel.errors import InputError
from bencao.safety.browse.decoding import choices, name_of
from bencao.safety.browse.places import OpenSafety
from bencao.safety.case import Case, Source, occurrences
from bencao.safety.case.case import with_occurrences
from bencao.safety.case.json_form import to_json
from bencao.safety.completion import Asked, fitting, lacking
from bencao.safety.e2b.elements import elements
from bencao.safety.e2b.occurrence import Occurrence
from bencao.safety.exchange import read_header, write_cases
from bencao.safety.narrative.wording import Language
from bencao.safety.validation import Background, validate

# HL7 null flavours that ICH allows (E2B(R3) implementation guide, 3.3.6).
_FLAVOURS: dict[str, dict[str, str]] = {
    "NI": {"en": "no information", "zh": "无信息"},
    "UNK": {"en": "unknown", "zh": "不详"},
    "ASKU": {"en": "asked but unknown", "zh": "已询问但不详"},
    "NASK": {"en": "not asked", "zh": "未询问"},
    "MSK": {"en": "masked", "zh": "因隐私隐去"},
    "NA": {"en": "not applicable", "zh": "不适用"},
    "OTH": {"en": "other", "zh": "其他"},
    "NINF": {"en": "below every number", "zh": "负无穷"},
    "PINF": {"en": "above every number", "zh": "正无穷"},
}


@dataclass(frozen=True)
class AskedRow:
    """A data element that is asked for, with what it may hold in words.

    Attributes
    ----------
    element, name : str
    repeats : tuple of int
    kind : str
        As `Element.kind`.
    length : int
        Most characters; 0 for any number.
    codes, nulls : tuple of (str, str)
        Values and null flavours allowed, each with its meaning.
    rule, said : str
        The rule's id, and what it finds fault with.
    value, null_flavor : str
        What it holds now.
    fault : str
        Why what was entered cannot stand.
    """

    element: str
    name: str
    repeats: tuple[int, ...]
    kind: str
    length: int
    codes: tuple[tuple[str, str], ...]
    nulls: tuple[tuple[str, str], ...]
    rule: str
    said: str
    value: str
    null_flavor: str
    fault: str = ""


@dataclass(frozen=True)
class CompletionView:
    """What is asked for, and the case as it stands.

    Attributes
    ----------
    identifier : str
    rows : tuple of AskedRow
    further : tuple of str
        Findings that are on no single data element.
    not_checked : tuple of str
        Rules that need a list which was not given.
    message, form : str
        The case with its batch as E2B(R3), and as JSON with the source of each value.
    """

    identifier: str
    rows: tuple[AskedRow, ...]
    further: tuple[str, ...]
    not_checked: tuple[str, ...]
    message: str
    form: str


def entered(element: str, repeats: tuple[int, ...], value: str, null_flavor: str) -> str:
    """An entry as `show_completion` takes them, one a line."""
    return json.dumps([element, list(repeats), value, null_flavor], ensure_ascii=False)


def show_completion(
    safety: OpenSafety, number: str, region: str, as_of: str, lang: Language, entries: str
) -> CompletionView:
    """What a case of the inbox lacks before it can be sent, once a person has entered some of it.

    Parameters
    ----------
    safety : OpenSafety
    number : str
        Place in the inbox.
    region : {"US", "ICH"}
        Whose rules say what is lacking.
    as_of : str
        The moment of checking, CCYYMMDDhhmmss.
    lang : {"en", "zh"}
    entries : str
        Lines of `entered`; one that an element cannot hold is left out, and said in its row where it is asked for.

    Raises
    ------
    InputError
        No such place, what could not be read, or an entry that cannot stand and is not asked for.
    """
    found = safety.case_at(number)
    faults: dict[tuple[str, tuple[int, ...]], InputError] = {}
    given: list[Occurrence] = []
    for occurrence in map(_read, filter(None, entries.splitlines())):
        try:
            given.append(fitting(occurrence, occurrence.element))
        except InputError as error:
            faults[occurrence.element, occurrence.repeats] = error
    batch = {(each.element, each.repeats): each for each in read_header(safety.files[int(number)])}
    batch |= {(each.element, each.repeats): each for each in given if each.element.startswith("N.1.")}
    header = tuple(batch.values())
    of_case = [(each, Source()) for each in given if not each.element.startswith("N.1.")]
    case = with_occurrences(found, of_case) if of_case else found
    background = Background(as_of)
    checked = validate((*header, *occurrences(case)), region, background, lang=lang)
    rows = [_row(each, lang) for each in lacking(case, header, region, background, lang)]
    asked = {(row.element, row.repeats) for row in rows}
    for key, fault in faults.items():
        if key not in asked:
            raise fault
    return CompletionView(
        case.identifier,
        tuple(_with_fault(row, faults) for row in rows),
        tuple(f"{each.id}: {each.message}" for each in checked.findings if each.element not in elements()),
        tuple(checked.not_checked),
        _message(case, header),
        json.dumps(to_json(case), ensure_ascii=False, indent=1) + "\n",
    )


def _read(line: str) -> Occurrence:
    element, repeats, value, null_flavor = json.loads(line)
    value = value.strip()
    if element in elements() and elements()[element].kind == "date":  # as people write it: 2024-05-10, 2024-05-10 14:30
        value = "".join(each for each in value if each not in "-/:T ") if not value.count("+") else value
    return Occurrence(element, tuple(repeats), value, null_flavor)


def _row(asked: Asked, lang: Language) -> AskedRow:
    now = asked.now
    element = elements()[now.element]
    nulls = tuple((flavour, _FLAVOURS.get(flavour, {}).get(lang, "")) for flavour in sorted(element.nulls))
    return AskedRow(
        now.element,
        name_of(now.element, lang),
        now.repeats,
        element.kind,
        element.length or 0,
        choices(now.element, lang),
        nulls,
        *asked.why,
        now.value,
        now.null_flavor,
    )


def _with_fault(row: AskedRow, faults: dict[tuple[str, tuple[int, ...]], InputError]) -> AskedRow:
    error = faults.get((row.element, row.repeats))
    return replace(row, fault=f"{error.cause}; {error.mend}") if error else row


def _message(case: Case, header: tuple[Occurrence, ...]) -> str:
    with tempfile.TemporaryDirectory(prefix="bencao-") as folder:
        path = Path(folder) / "message.xml"
        write_cases(path, [case], header)
        return path.read_text(encoding="utf-8")
