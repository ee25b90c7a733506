"""Addresses, places and institutions in Latin letters."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bencao.records.deidentify.finding.lexicon import latin, word_set
from bencao.records.deidentify.span import Span

# What follows a name in a term of medicine: Parkinson disease, Glasgow Coma Scale.
EPONYM = re.compile(
    r"(?:'s|s')?[\s-]+(?:\w+ )?(?:disease|syndrome|sign|signs|test|tests|score|scale|index|catheter|palsy|"
    r"lymphoma|stage|staging|criteria|class|classification|fracture|maneuver|procedure|position|phenomenon|"
    r"disorder|method|stain|reaction|thyroiditis|"
    r"esophagus|contracture|tumou?r|sarcoma|anemia|chorea|dementia|nodes?|tube|drain|repair|operation|"
    r"anastomosis|classification|formula|equation|reflex|ulcer|cyst|body|bodies|cells?|membrane|duct|gland|"
    r"fissure|pouch|grade|grading|inventory|questionnaire|forceps|"
    r"retractor|needle|line|ligament|triangle|law|effect|murmur|pulse|breathing|respirations?|coma|triad|hernia|"
    r"hemorrhage|varices|tear|thyroid|glasgow|response|agar|units?)\b",
    re.IGNORECASE,
)
_STREET = (
    r"(?:Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Drive|Dr|Lane|Ln|Court|Ct|Place|Pl|Square|Sq|Terrace|Ter|"
    r"Way|Parkway|Pkwy|Circle|Cir|Highway|Hwy|Trail|Trl|Loop|Alley|Crescent|Close|Gardens|Mews|Row|Walk|Path|"
    r"Pike|Turnpike|Broadway|Lu|Jie|Xiang|Hutong|Dadao)"
)
_STATE = (
    r"(?:A[LKZR]|C[AOT]|D[EC]|FL|GA|HI|I[DLNA]|K[SY]|LA|M[EDAINSOT]|N[EVHJMYCD]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|"
    r"V[TA]|W[AVIY]|Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|Florida|Georgia|"
    r"Hawaii|Idaho|Illinois|Indiana|Iowa|Kansas|Kentucky|"
    r"Louisiana|Maine|Maryland|Massachusetts|Michigan|Minnesota|Mississippi|Missouri|Montana|Nebraska|Nevada|"
    r"New (?:Hampshire|Jersey|Mexico|York)|(?:North|South) (?:Carolina|Dakota)|Ohio|Oklahoma|Oregon|"
    r"Pennsylvania|Rhode Island|Tennessee|Texas|Utah|Vermont|Virginia|Washington|West Virginia|Wisconsin|"
    r"Wyoming)"
)
_CAP = r"[A-Z][A-Za-z'.-]*"
_PROPER = r"[A-Z][A-Za-z'-]*"
_UNIT = (
    r"(?:,?\s*(?:Apt|Apartment|Suite|Ste|Unit|Room|Rm|Flat|Building|Bldg|Block|Floor|Fl|"
    r"#)\.?\s*#?\s*[A-Za-z0-9-]+(?:/F)?)"
)
_TOWN = rf"(?:,?\s+{_CAP}(?:\s{_CAP}){{0,2}}(?:\s(?:District|County|City|Province|Town|Township|Village|New Area))?)"
_ADDRESS = re.compile(
    rf"(?:(?:Room|Rm|Flat|Apt|Unit|Suite|Building|Bldg|Block|Floor)\.?[ ]#?[A-Za-z0-9-]+,[ ]*){{0,3}}"
    rf"(?<![\d.])(?:No\.?[ ]?)?\d{{1,5}}[A-Za-z]?(?:-\d{{1,5}})?[ ]+(?:[NSEW]\.?[ ]|(?:North|South|East|"
    rf"West)[ ])?(?:{_CAP}[ ]|\d{{1,3}}(?:st|nd|rd|th)[ ]|of[ ]|the[ ]){{1,4}}{_STREET}\b\.?(?:[ ](?:North|South|East|"
    rf"West|[NSEW]{{1,2}})\b)?"
    rf"{_UNIT}{{0,3}}(?:{_TOWN}(?=,|[ ]{_STATE}\b|[ ]\d{{5,6}}|\.|[ ]?$|;|\n|"
    rf"\))){{0,4}}(?:,?[ ]+{_STATE}\b\.?)?(?:,?[ ]+(?:\d{{5}}(?:-\d{{4}})?|\d{{6}}|[A-Z]{{1,2}}\d[A-Z0-9]? "
    rf"?\d[A-Z]{{2}})\b)?"
    rf"(?:,[ ]*(?:P\.?[ ]?R\.?[ ]?China|China|USA|U\.S\.A\.|UK))?",
    re.MULTILINE,
)
_BOX = re.compile(
    rf"\bP\.?[ ]?O\.?[ ]?Box[ ]+\d+(?:,[ ]*{_CAP}(?:[ ]{_CAP})*)?(?:,?[ ]+{_STATE}\b)?(?:[ ]+\d{{5}}(?:-\d{{4}})?)?",
    re.IGNORECASE,
)
_CITY_STATE = re.compile(rf"(?<![A-Za-z]){_CAP}(?:[ ]{_CAP}){{0,2}},[ ]*{_STATE}\b(?:[ ]+\d{{5}}(?:-\d{{4}})?)?")
_POSTCODE = re.compile(
    rf"\b{_STATE}[ ]+\d{{5}}(?:-\d{{4}})?\b|\b[A-Z]{{1,2}}\d[A-Z0-9]?[ ]\d[A-Z]{{2}}\b|\b(?:zip|postal code|"
    rf"postcode)(?: code)?[:[ ]]+[A-Z0-9][A-Z0-9 -]{{3,9}}\b"
)
_WELL_KNOWN = re.compile(
    r"\b(?:MGH|BWH|UCSF|UCLA|UCSD|UPMC|MSKCC|BIDMC|VAMC|NYU Langone|Cedars[ -]Sinai|Johns Hopkins|Kaiser "
    r"Permanente|Kaiser|Mount Sinai|Mt\.? Sinai|Geisinger|Sloan Kettering|MD Anderson|"
    r"Brigham and Women's|Cleveland Clinic|Mayo|VA [A-Z][a-z]+(?: [A-Z][a-z]+)?)\b"
)
_LIVED = re.compile(
    r"\b(?:liv(?:es|ed|ing) in|resid(?:es|ed|ing) in|resident of|moved (?:to|from)|born in|native of|visiting "
    r"from|relocated to|home in|travel(?:led|ed|s)? (?:to|from)"
    r"|(?:woman|man|male|female|gentleman|lady|boy|girl|patient|widow|widower|farmer|worker|veteran|retiree|"
    r"originally|comes|came|hails|yo|y/o|old) from)"
    r"[ ]([A-Z][a-z]+(?:[ -][A-Z][a-z]+){0,2})"
)
_DISTRICT = re.compile(
    rf"\b{_CAP}(?:[ ]{_CAP}){{0,2}}[ ](?:District|County|Province|Township|Prefecture|Borough|Parish|New Area|"
    rf"Village|City)\b(?:,[ ]*{_CAP}(?:[ ]{_CAP})?(?:[ ](?:District|County|Province|City))?)*"
)
_CITY = re.compile(r"(?<![A-Za-z-])[A-Z][a-z.]+(?:[ -][A-Z][a-z.]+){0,2}(?![A-Za-z])")
_INSTITUTION = re.compile(
    rf"(?:(?:{_PROPER}|St\.|[A-Z]{{2,}})(?:[ ](?:of|and|the|for|&|de)(?=[ ][A-Z])|[ ]{_PROPER}|[ ]&|,?[ ]\d+(?:st|nd|"
    rf"rd|th))*[ ])"
    r"(?:Hospitals?|Medical (?:Center|Centre|College|Associates|School|Clinic)|Clinics?|Health (?:System|"
    r"Center|Centre|Care|Services|Network|Partners)|Healthcare|Infirmary|Hospice|Sanatorium|Cancer (?:Center|"
    r"Institute)|Heart (?:Center|Institute)|"
    r"Nursing (?:Home|Center|Facility)|Rehab(?:ilitation)?(?: (?:Center|Hospital|Institute|Facility))?|Surgery "
    r"Center|Urgent Care|Imaging(?: Center)?|Pharmacy|Labs?|Laborator(?:y|ies)|Dialysis(?: Center)?|Family "
    r"(?:Practice|Medicine)|Care Center|Eye Institute|Medical|Pavilion|Manor|Assisted Living|Senior Living|"
    r"Retirement (?:Home|Community))\b"
    r"(?:[ ]of[ ](?:the[ ])?[A-Z][a-z]+(?:[ ][A-Z][a-z]+)*)?"
)
_COMPANY = re.compile(
    rf"(?:(?:{_PROPER}|[A-Z]{{2,}})(?:[ ](?:of|and|the|for|&)(?=[ ][A-Z])|[ ]{_PROPER}|[ ]&)*,?[ ])"
    r"(?:University|College|Academy|High School|Middle School|Elementary(?: School)?|Primary School|School(?: "
    r"District)?|Institute(?: of Technology)?|Kindergarten|Preschool|Inc|LLC|Ltd|Corp(?:oration)?|Co|Company|"
    r"Bank|Insurance|Industries|Enterprises|Holdings|Partners|Logistics|Airlines|Motors|Foods|Steel|"
    r"Construction|Plumbing|Electric|Manufacturing|Technologies|Consulting|Solutions|Supermarket|"
    r"Factory|Police Department|Fire Department|Church|Baptist Church|Law Firm|Bakery|Restaurant|Hardware|"
    r"Trucking|Farms?|Shipyard|Library)\b\.?(?:,?[ ](?:Inc|LLC|Ltd|"
    r"Co)\b\.?)*(?:[ ]of[ ][A-Z][a-z]+(?:[ ][A-Z][a-z]+)*)?"
)
_LEAD = word_set(
    "at in from the our this to transferred admitted by with patient seen dr mr mrs ms and for of or was on a "
    "an current local outside per via his her attended works worked employed he she they visited called "
    "discharged referred follow follow-up general community regional university pt history hx since after "
    "before when then location facility hospital site institution general city county district"
)
_HINT = re.compile(r"[A-Z][a-z]{2}|\bP\.? ?O")


def find(text: str) -> Iterator[Span]:
    """Addresses, places and institutions in Latin letters.

    Parameters
    ----------
    text : str
        In `plain` form.

    Yields
    ------
    Span
    """
    if _HINT.search(text) is None:
        return
    yield from _places(text)
    yield from _institutions(text)


def _places(text: str) -> Iterator[Span]:
    for pattern, rule, score in (
        (_ADDRESS, "address.street", 0.93),
        (_BOX, "address.box", 0.9),
        (_CITY_STATE, "address.city_state", 0.87),
        (_POSTCODE, "address.postcode", 0.85),
        (_DISTRICT, "address.district", 0.8),
    ):
        for found in pattern.finditer(text):
            if rule == "address.city_state" and _is_degree(found[0]):
                continue
            yield Span(*found.span(), "address", rule, score)
    for found in _LIVED.finditer(text):
        if not word_set("dr mr mrs ms prof") & word_set(found[1].lower().replace(".", "")):
            yield Span(*found.span(1), "address", "address.lived", 0.7)
    cities = latin("cities")
    for found in _CITY.finditer(text):
        words = found[0]
        while words:
            if words.lower() in cities and not EPONYM.match(text, found.start() + len(words)):
                yield Span(found.start(), found.start() + len(words), "address", "address.city", 0.75)
                break
            words = words.rpartition(" ")[0]


def _is_degree(words: str) -> bool:
    """Whether MD or PA after a comma is a person's degree: no code follows and no city goes before."""
    town, _, state = words.rpartition(",")
    return state.strip() in ("MD", "PA") and town.lower() not in latin("cities")


def _institutions(text: str) -> Iterator[Span]:
    for found in _WELL_KNOWN.finditer(text):
        yield Span(*found.span(), "hospital", "place.hospital", 0.8)
    for pattern, category in ((_INSTITUTION, "hospital"), (_COMPANY, "organisation")):
        for found in pattern.finditer(text):
            words = list(re.finditer(r"\S+", found[0]))
            first = 0
            while first < len(words) - 1 and words[first][0].strip(".,:").lower() in _LEAD:
                first += 1
            if len(words) - first >= 2:
                end = found.end() - (found[0].endswith(".") and not found[0].endswith(("Inc.", "Co.", "Ltd.", "Corp.")))
                yield Span(found.start() + words[first].start(), end, category, f"place.{category}", 0.86)
