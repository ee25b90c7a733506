"""Addresses, places and institutions in Latin letters."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bencao.records.deidentify.finding.lexicon import english, is_term, latin, word_set
from bencao.records.deidentify.finding.search.starts import Searched, form
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
    r"Quay|Wharf|Grove|Rise|Green|Hill|View|Mount|Esplanade|Promenade|Parade|Route|Crossing|Bend|Chase|Vale|"
    r"Heights|Yard|"
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
_ROOM_BEFORE = re.compile(
    r"(?:(?:Room|Rm|Flat|Apt|Unit|Suite|Building|Bldg|Block|Floor)\.?[ ]#?[A-Za-z0-9-]+,[ ]*){1,3}$"
)
_ADDRESS = form(
    rf"(?<![\d.])(?:No\.?[ ]?)?\d{{1,5}}[A-Za-z]?(?:-\d{{1,5}})?[ ]+(?:[NSEW]\.?[ ]|(?:North|South|East|"
    rf"West)[ ])?(?:{_CAP}[ ]|\d{{1,3}}(?:st|nd|rd|th)[ ]|of[ ]|the[ ]){{1,4}}{_STREET}\b\.?(?:[ ](?:North|South|East|"
    rf"West|[NSEW]{{1,2}})\b)?"
    rf"{_UNIT}{{0,3}}(?:{_TOWN}(?=,|[ ]{_STATE}\b|[ ]\d{{5,6}}|\.|[ ]?$|;|\n|"
    rf"\))){{0,4}}(?:,?[ ]+{_STATE}\b\.?)?(?:,?[ ]+(?:\d{{5}}(?:-\d{{4}})?|\d{{6}}|[A-Z]{{1,2}}\d[A-Z0-9]? "
    rf"?\d[A-Z]{{2}})\b)?"
    rf"(?:,[ ]*(?:P\.?[ ]?R\.?[ ]?China|China|USA|U\.S\.A\.|UK))?",
    re.MULTILINE,
)
# Roads that have a number for a name, dwellings, and streets in notes typed without capitals.
_RURAL = form(
    r"\b(?:Rural Route ?#? ?\d{1,4}|R\.?R\.? ?#? ?\d{1,3}(?=,? (?!Temp|Sats?|SpO|Pulse|Oxygen|BP|"
    r"HR)(?-i:[A-Z][A-Za-z]{2})))(?:,? (?:Box|County Road|State Route|Hwy) ?\d{1,5})?"
    r"|\b(?:County|State|Rural|Farm) (?:Road|Route|Rd|Hwy|Highway) \d{1,5}[A-Z]?|\b(?:Highway|Hwy|Route|"
    r"Rte) \d{1,4}[A-Z]?(?= )"
    r"|\b(?:Unit|Blk|Block|Lot|Shop|Room|"
    r"Rm) ?#?\d{1,5}[A-Z]?(?:/\d{1,5})?(?=,? (?:\d{1,5} )?[A-Z][a-z]+ )(?:, Tower \d{1,3})?"
    r"|(?<![\d/])\d{1,4}/[A-Z](?=,? [A-Z])|(?<= )\d{3}-\d{3}(?=, Singapore)"
    r"|\bLevel \d{1,2}(?=, ?\d)|\bFlat \d{1,3}/\d{1,2}\b"
    r"|\b(?:Flat|Apt|Apartment|Penthouse) ?#?\d{1,4}[A-Z]?\b|\bApt\.? [A-Z]\b",
    re.IGNORECASE,
)
_CARE_OF = form(
    rf"\bc/o [^,\n|^]{{3,40}}, ?\d{{1,5}}[A-Z]? (?:{_CAP} ){{1,3}}{_STREET}\b(?: {_STREET}\b)?", re.IGNORECASE
)
_CARE_OF_PLACE = form(rf"\bc/o (?:{_CAP}[ ]?){{1,4}}, ?(?:{_PROPER}[ ]?){{1,3}}(?=[.,;\n)]|$)")
_TYPED_STREET = re.compile(
    r"(?<![\d./])\d{1,5}[a-z]? (?:[a-z'.-]+ ){1,3}(?:street|avenue|road|lane|boulevard|drive|court|terrace|"
    r"highway|ave|rd|blvd|ln|crescent|"
    r"close)\b(?:,? (?:apt|unit|flat|suite|#) ?#?[a-z0-9]{1,5})?",
    re.IGNORECASE,
)
_HOUSE = form(
    rf"(?:The[ ])?(?:{_CAP}[ ]){{1,3}}(?:House|Cottage|Lodge|Farm|Barn|Mill|Villa|Forge|Rectory|Vicarage|Hall|"
    rf"Court|Manor|Mews|Bungalow|Croft|"
    rf"Grange),[ ](?:\d{{1,4}}[A-Z]?[ ])?(?:{_CAP}[ ]){{1,3}}{_STREET}\b(?:,[ ]{_CAP}(?:[ ]{_CAP}){{0,2}})?"
)
_BOX = form(
    rf"\b(?:P\.?[ ]?O\.?|p\.?[ ]?o\.?)[ ]?(?:Box|BOX|"
    rf"box)[ ]+\d+(?:,[ ]*{_PROPER}(?:[ ]{_PROPER}){{0,2}})?(?:,?[ ]+{_STATE}\b)?"
    r"(?:[ ]+\d{5}(?:-\d{4})?)?"
)
_CITY_STATE = form(rf"(?<![A-Za-z]){_CAP}(?:[ ]{_CAP}){{0,2}},[ ]*{_STATE}\b(?:[ ]+\d{{5}}(?:-\d{{4}})?)?")
_POSTCODE = form(
    r"\b(?:(?:ON|BC|AB|QC|MB|SK|NS|NB|NL|PE|YT),? )?[A-CEGHJ-NPR-TVXY]\d[A-Z] \d[A-Z]\d\b|\b(?:NSW|VIC|QLD|SA|"
    r"WA|TAS|ACT|NT)[ ]+\d{4}\b|"
    rf"\b(?!ID ){_STATE}[ ]+\d{{5}}(?:-\d{{4}})?(?!\d)\b|\b[A-Z]{{1,2}}\d[A-Z0-9]?[ ]\d[A-Z]{{2}}\b|\b(?:zip|"
    rf"postal code|"
    rf"postcode)(?: code)?[:[ ]]+[A-Z0-9][A-Z0-9 -]{{3,9}}\b"
)
_WELL_KNOWN = form(
    r"\b(?:Addenbrooke's|Guy's|Bart's|St Thomas'|Great Ormond Street|GOSH|Papworth|Amazon|Walmart|Wal-Mart|Costco|"
    r"Target(?= (?:store|in|on))|Tesco|"
    r"Sainsbury's|Asda|Morrisons|Waitrose|Aldi|Lidl|Walgreens|CVS|Rite Aid|Boots(?= (?:in|on|the|pharmacy))|"
    r"McDonald's|Burger King|Starbucks|Subway(?= (?:in|on))|KFC|"
    r"FedEx|UPS(?= driver)|USPS|Royal Mail|DHL|Stagecoach|Humana|Aetna|Cigna|Anthem|UnitedHealthcare|"
    r"United Healthcare|Blue ?Cross(?: Blue Shield)?|BCBS|Bupa|AXA|Vitality Health|"
    r"Tricare|Molina|Centene|Amedisys|Kroger|Safeway|Publix|Home Depot|Lowe's|IKEA|Boeing|Lockheed Martin|"
    r"Raytheon|Toyota|Nissan|General Motors|Woolworths|Coles|Bunnings|"
    r"Age UK(?: [A-Z][a-z]+)?|Mencap|Barnardo's|Salvation Army|Red Cross|YMCA|Goodwill|(?:HMS|USS|RMS|MV|HMAS|"
    r"HMCS|USNS) [A-Z][a-z]+(?: [A-Z][a-z]+)?|MGH|BWH|UCSF|UCLA|UCSD|UPMC|MSKCC|BIDMC|VAMC|NYU Langone|"
    r"Cedars[ -]Sinai|Johns Hopkins|Kaiser "
    r"Permanente|Kaiser|Mount Sinai|Mt\.? Sinai|Geisinger|Sloan Kettering|MD Anderson|"
    r"Brigham and Women's|Cleveland Clinic|Mayo|VA [A-Z][a-z]+(?: [A-Z][a-z]+)?)\b"
)
_LIVED = form(
    r"\b(?:liv(?:es|ed|ing) in|resid(?:es|ed|ing) in|resident of|moved (?:to|from)|born in|native of|visiting "
    r"from|relocated to|home in|travel(?:led|ed|s)? (?:to|from)"
    r"|(?:woman|man|male|female|gentleman|lady|boy|girl|patient|widow|widower|farmer|worker|veteran|retiree|"
    r"originally|comes|came|hails|yo|y/o|old) from)"
    r"[ ]([A-Z][a-z]+(?:[ -][A-Z][a-z]+){0,2})"
)
_DISTRICT = form(
    rf"\b{_CAP}(?:[ ]{_CAP}){{0,2}}[ ](?:District|County|Province|Township|Prefecture|Borough|Parish|New Area|"
    rf"Village|City)\b(?:,[ ]*{_CAP}(?:[ ]{_CAP})?(?:[ ](?:District|County|Province|City))?)*"
)
_CITY = form(r"(?<![A-Za-z-])[A-Z][a-z.]+(?:[ -][A-Z][a-z.]+){0,2}(?![A-Za-z])")
# The words with a capital, and those between them, that stand before what an institution is.
_NAMED_BEFORE = re.compile(
    rf"(?<![A-Za-z])(?:{_PROPER}|St\.|[A-Z]{{2,}})(?:[ ](?:of|and|the|for|&|de)(?=[ ][A-Z])|[ ]{_PROPER}|[ ]&|"
    rf",?[ ]\d+(?:st|nd|rd|th))*,?[ ]$"
)
_INSTITUTION = form(
    r"(?<= )(?:Hospitals?|Medical (?:Center|Centre|College|Associates|School|Clinic)|Clinics?|Health (?:System|"
    r"Center|Centre|Care|Services|Network|Partners)|Healthcare|Infirmary|Hospice|Sanatorium|Cancer (?:Center|"
    r"Institute)|Heart (?:Center|Institute)|"
    r"Nursing (?:Home|Center|Facility)|Rehab(?:ilitation)?(?: (?:Center|Hospital|Institute|Facility))?|Surgery "
    r"Center|Urgent Care|Imaging(?: Center)?|Pharmacy|Labs?|Laborator(?:y|ies)|Dialysis(?: Center)?|Family "
    r"(?:Practice|Medicine)|Care Center|Eye Institute|Medical|Pavilion|Manor|Assisted Living|Senior Living|"
    r"Retirement (?:Home|Community)|Maternity(?: Unit)?|Surgery|Practice|Health Office|Dental(?: Practice|"
    r" Care)?|Home Health|VA|VAMC|Trust)\b"
    r"(?:[ ]of[ ](?:the[ ])?[A-Z][a-z]+(?:[ ][A-Z][a-z]+)*)?"
)
_COMPANY = form(
    r"(?<= )(?:University|Elementary|Junior High|Middle|High|HS|Charter|Montessori|Preparatory|Seminary|Convent|"
    r"Bar|Pub|Arms|Tavern|Diner|Cafe|Café|Grill|Deli|"
    r"Casino|Hotel|Motel|Resort|Mall|Store|Stores|Market|Mosque|Temple|Synagogue|Cathedral|Chapel|Parish|Museum|"
    r"Theatre|Theater|Stadium|Reservation|Barracks|Prison|"
    r"Jail|Shelter|Warehouse|Depot|Imaging|Garage|Gym|Salon|Laundry|Brothers|Bros|& Sons|& Co|Group|Agency|"
    r"Foundation|Funeral Home|Home Health|Skilled Nursing|Memory Care|"
    r"Care Home|Rest Home|Residence|Estates|Community College|Tech|Legion|Club|Union|Plant|Mills?|Mine|Quarry|"
    r"Ranch|Winery|Dairy|Orchards?|Nurseries|Stables|University|College|Academy|High School|Middle School|"
    r"Elementary(?: School)?|Primary School|School(?: "
    r"District)?|Institute(?: of Technology)?|Kindergarten|Preschool|Inc|LLC|Ltd|Corp(?:oration)?|Co|Company|"
    r"Bank|Insurance|Industries|Enterprises|Holdings|Partners|Logistics|Airlines|Motors|Foods|Steel|"
    r"Construction|Plumbing|Electric|Manufacturing|Technologies|Consulting|Solutions|Supermarket|"
    r"Factory|Police Department|Fire Department|Church|Baptist Church|Law Firm|Bakery|Restaurant|Hardware|"
    r"Trucking|Farms?|Shipyard|Library|PD|Police(?: Station)?|Constabulary|Sheriff's Office|Regiment|Foundry|"
    r"Cannery|Sawmill|Brewery|"
    r"Boatworks|Harbou?r Authority|Port Authority|Council|Primary|Grammar|Nursery|Works)\b\.?(?:,?[ ](?:Inc|LLC|Ltd|"
    r"Co)\b\.?)*(?:[ ]of[ ][A-Z][a-z]+(?:[ ][A-Z][a-z]+)*)?"
)
_TOWN_AFTER = re.compile(rf", ?({_PROPER}(?:[ ]{_PROPER}){{0,2}})(?=[.,;:)\n]|$| (?:on|and|with|for|ref|wondered)\b)")
_LEAD = word_set(
    "at in from the our this to transferred admitted by with patient seen dr mr mrs ms and for of or was on a "
    "an current local outside per via his her attended works worked employed he she they visited called "
    "discharged referred follow follow-up general community regional university pt history hx since after "
    "before when then location facility hospital site institution general city county district source "
    "conveyed employee signed member address company undertaker brother sister name copy cc re attn "
    "work school employer"
)
_UPPER = re.compile(r"[A-Z][a-z]")


def find(seen: Searched) -> Iterator[Span]:
    """Addresses, places and institutions in Latin letters.

    Parameters
    ----------
    seen : Searched

    Yields
    ------
    Span
    """
    yield from _places(seen)
    yield from _institutions(seen)


def _places(seen: Searched) -> Iterator[Span]:
    text = seen.text
    for pattern, rule, score in (
        (_ADDRESS, "address.street", 0.93),
        (_BOX, "address.box", 0.9),
        (_RURAL, "address.rural", 0.8),
        (_HOUSE, "address.house", 0.85),
        (_CARE_OF, "address.care_of", 0.9),
        (_CARE_OF_PLACE, "address.care_of", 0.85),
        (_CITY_STATE, "address.city_state", 0.87),
        (_POSTCODE, "address.postcode", 0.85),
        (_DISTRICT, "address.district", 0.8),
    ):
        for found in seen.each(pattern):
            if rule == "address.city_state" and _is_degree(found[0]):
                continue
            start = found.start()
            if rule == "address.street" and (room := _ROOM_BEFORE.search(text, max(0, start - 60), start)):
                start = room.start()
            yield Span(start, found.end(), "address", rule, score)
    if _UPPER.search(text) is None or text.isupper():
        for found in _TYPED_STREET.finditer(text):
            yield Span(*found.span(), "address", "address.typed", 0.8)
    for found in seen.each(_LIVED):
        if not word_set("dr mr mrs ms prof") & word_set(found[1].lower().replace(".", "")):
            yield Span(*found.span(1), "address", "address.lived", 0.7)
    cities = latin("cities")
    for found in seen.each(_CITY):
        words = found[0]
        while words:
            end = found.start() + len(words)
            if words.lower() in cities and not EPONYM.match(text, end) and not is_term(text, found.start(), end):
                yield Span(found.start(), found.start() + len(words), "address", "address.city", 0.75)
                break
            words = words.rpartition(" ")[0]


def _is_degree(words: str) -> bool:
    """Whether MD or PA after a comma is a person's degree: no code follows and no city goes before."""
    town, _, state = words.rpartition(",")
    return state.strip() in ("MD", "PA") and town.lower() not in latin("cities")


def _institutions(seen: Searched) -> Iterator[Span]:
    text = seen.text
    for found in seen.each(_WELL_KNOWN):
        yield Span(*found.span(), "hospital", "place.hospital", 0.8)
    for pattern, category in ((_INSTITUTION, "hospital"), (_COMPANY, "organisation")):
        for found in seen.each(pattern):
            named = _NAMED_BEFORE.search(text, max(0, found.start() - 90), found.start())
            words = list(re.finditer(r"\S+", named[0])) if named else []
            first = 0
            while first < len(words) and words[first][0].strip(".,:").lower() in _LEAD:
                first += 1
            if named and first < len(words):
                end = found.end() - (found[0].endswith(".") and not found[0].endswith(("Inc.", "Co.", "Ltd.", "Corp.")))
                yield Span(named.start() + words[first].start(), end, category, f"place.{category}", 0.86)
                town = _TOWN_AFTER.match(text, end)
                if town is not None and town[1].split()[0].lower() not in english():
                    yield Span(*town.span(1), "address", "address.town", 0.8)
