"""Write pieces of English notes with the places of names, towns and institutions, to train the model that "
"finds them."""

from __future__ import annotations

import importlib
import random
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from bencao.records.deidentify.finding.lexicon import english, latin
from deidentify.names import lines


def _listed(line: str, mark: str) -> list[str]:
    return line.split(mark)


LOCALES = _listed(
    "en_GB en_US en_IE en_IN en_KE en_NG en_NZ en_PK de_AT de_CH de_DE fr_FR fr_BE fr_QC fr_DZ es_ES es_MX "
    "es_AR es_CO it_IT "
    "pt_BR pt_PT nl_NL nl_BE sv_SE da_DK no_NO fi_FI is_IS et_EE lt_LT lv_LV pl_PL cs_CZ sk_SK sl_SI hr_HR hu_HU ro_RO "
    "tr_TR az_AZ uz_UZ vi_VN id_ID ga_IE ha_NG ig_NG yo_NG zu_ZA sw tw_GH",
    " ",
)
_SLOT = re.compile(r"(?<![A-Za-z.])[NSFRKTHCADPW](?![A-Za-z])")
_LATIN = re.compile(
    r"[A-Za-z\u00c0-\u024f\u1e00-\u1eff][A-Za-z\u00c0-\u024f\u1e00-\u1eff'-]*"
    r"(?: [A-Za-z\u00c0-\u024f\u1e00-\u1eff'-]+)?"
)
_PARTICLES = (
    "de la",
    "de",
    "del",
    "van",
    "van der",
    "von",
    "al-",
    "El-",
    "bin",
    "O'",
    "Mc",
    "Mac",
    "Di",
    "Le",
    "da",
    "dos",
    "ter",
    "D'",
)
_BEFORE_TOWN = _listed(
    "Port Upper Lower North South East West St. Mount New Las Los Fort Lake Glen Great Little Old "
    "Castle San Santa Saint Bad Isle",
    " ",
)
_AFTER_TOWN = _listed(
    "Creek|Shores|Falls|Heights|Springs|Hill|Valley|Point|Bay|Beach|Green|Park|Grove|Ridge|Junction|"
    "City|Town|Harbor|Harbour|Woods|Island|Mills|Cross|End|on-Sea|Regis|upon Avon|Bridge",
    "|",
)
_OF_TOWN = ("Community", "General", "Memorial", "County", "District", "Regional", "West", "East")
_HOSPITAL = _listed(
    "Hospital|General Hospital|Memorial Hospital|Community Hospital|University Hospital|Regional Medical Center|"
    "Medical Center|Medical Centre|"
    "Infirmary|Royal Infirmary|Hospice|Health System|Health Centre|Health Center|Healthcare|Clinic|Surgery|"
    "Practice|Family Practice|Medical Group|"
    "VA|VAMC|Veterans Hospital|Children's Hospital|Cancer Center|Heart Institute|Eye Clinic|Dental Practice|"
    "Dental Care|Pharmacy|Drugs|Care Home|Nursing Home|"
    "Rest Home|Rehab|Rehabilitation Center|Assisted Living|Manor|Lodge|House|Court|Gardens|SNF|Dialysis|"
    "Dialysis Unit|Imaging|Laboratories|Labs|ED|Trust|NHS Trust|"
    "Maternity|Birth Centre|Psychiatric Institute|State Hospital|Sanatorium|Urgent Care|Walk-in Centre|"
    "Polyclinic|Medical Practice|Physiotherapy|Home Health|Regional|General|Memorial|Children's|Maternity Unit|"
    "Maternity|District|Day Hospital|Eye Hospital|"
    "Family Clinic|Community Clinic|Health Office|Medical|Radiology|Pathology|Blood Centre|Ambulance|Palliative "
    "Care Unit|Renal Unit|Heart Centre|Minor Injuries Unit",
    "|",
)
_FIRM = _listed(
    "Primary|Primary School|Elementary|High School|Middle School|Academy|College|University|Institute of "
    "Technology|Community College|Grammar|Nursery|Daycare|"
    "Church|Baptist Church|Parish|Temple|Mosque|Bakery|Diner|Cafe|Noodle House|Pizza|Grill|Hotel|Inn|Boatworks|"
    "Shipyard|Foundry|Steel|Steelworks|Mill|Mine|Quarry|"
    "Farms|Dairy|Ranch|Winery|Brewery|Logistics|Freight|Trucking|Haulage|Airlines|Airport|Railway|Motors|Auto "
    "Repair|Garage|Electric|Power|Energy|Oil|Chemicals|Plastics|"
    "Textiles|Furniture|Builders|Construction|Roofing|Plumbing|Hardware|Supermarket|Market|Foods|Stores|Mall|"
    "Bank|Credit Union|Insurance|Law|LLP|& Sons|& Co|Ltd|Inc|LLC|Group|"
    "Industries|Partners|Consulting|Software|Systems|Technologies|Studios|Press|Gazette|Library|Museum|Theatre|"
    "Police Department|Fire Department|Council|Prison|Barracks|Foundation|PD|Police Station|Police|Constabulary|"
    "Sheriff's Office|Harbour Authority|Port Authority|Cannery|Engineer Regiment|Regiment|"
    "Works|Sawmill|Nurseries|Stables|Taxis|Bus Company|Couriers|Fisheries|Vineyard|Salon|Gym|Leisure Centre|"
    "Football Club|Legion|Shelter|Embassy|HS|Junior High|Charter School|Montessori|Kindergarten|Preschool|Bar|Pub|Arms|"
    "Tavern|Deli|Casino|Motel|Resort|Fulfilment Centre|Warehouse|Distribution Center|Depot|Skilled Nursing|Memory Care|"
    "Reservation|Camp|Barn|Cinema|Stadium|Club|Union|Charity|Society|Agency|Post Office|Fire Station|Engine 12|Laundry|"
    "Builders Merchants|Call Centre|Packing|Cold Store|Timber|Tyres|Optics|Funeral Home",
    "|",
)
_STREETS = _listed(
    "St Street Rd Road Ave Avenue Lane Ln Drive Dr Court Ct Close Way Terrace Place Crescent Blvd "
    "Boulevard Highway Hwy Quay Row Walk Mews Square Hill Parade Gardens Path",
    " ",
)


def faker_names(folder: Path) -> dict[str, tuple[list[str], list[str]]]:
    """Given and family names in Latin letters by locale, of the package Faker (MIT) unpacked at a folder."""
    import sys

    sys.path.insert(0, str(folder))
    found = {}
    for locale in LOCALES:
        provider = importlib.import_module(f"faker.providers.person.{locale}").Provider
        given = {name for kind in dir(provider) if kind.startswith("first_names") for name in getattr(provider, kind)}
        family = {name for kind in dir(provider) if kind.startswith("last_names") for name in getattr(provider, kind)}
        both = [sorted(name for name in names if _LATIN.fullmatch(name)) for names in (given, family)]
        if all(both):
            found[locale] = (both[0], both[1])
    return found


def _parted(name: str) -> list[str]:
    return [word for line in lines(name) for word in line.split("|")]


class LatinWriter:
    """Writes pieces of English notes; the same seed gives the same pieces.

    Parameters
    ----------
    names : dict of str to (list of str, list of str)
        Given and family names by locale.
    clauses : sequence of str
        Ordinary text, some of it medical, without names of persons.
    terms : sequence of str
        Diagnoses and drugs.
    seed : int
    """

    def __init__(
        self, names: dict[str, tuple[list[str], list[str]]], clauses: Sequence[str], terms: Sequence[str], seed: int
    ) -> None:
        self.random = random.Random(seed)
        self._names, self._locales = names, list(names)
        self._given, self._family = sorted(latin("given")), sorted(latin("family"))
        self._also = sorted(latin("also"))
        self._pinyin = sorted(word for word in latin("pinyin") if len(word) > 1)
        self._cities = sorted(latin("cities"))
        self._english = sorted(english())
        self._clauses, self._terms = clauses, terms
        self._frames = lines("latin_frames.txt")
        self._roles, self._kin = _parted("latin_roles.txt"), _parted("latin_kin.txt")
        self._plain = _parted("latin_plain.txt")
        self._titles, self._eponyms = _parted("latin_titles.txt"), _parted("eponyms.txt")

    # -- names ----------------------------------------------------------------------------------------------------
    def given(self, locale: str | None = None) -> str:
        """A given name."""
        chance = self.random.random()
        if chance < 0.25:
            return self.random.choice(self._given).capitalize()
        if chance < 0.33:
            return self.random.choice(self._also).capitalize()
        if chance < 0.4:
            parts = [self.random.choice(self._pinyin) for _ in range(self.random.randint(1, 2))]
            return self.random.choice(("".join(parts).capitalize(), "-".join(one.capitalize() for one in parts)))
        if chance < 0.47:
            return self._called()
        return self.random.choice(self._names[locale or self.random.choice(self._locales)][0])

    def _called(self) -> str:
        """A pet name: Mikey, Dottie, TJ."""
        name = self.random.choice(self._given).capitalize()
        if self.random.random() < 0.12:
            return name[0] + self.random.choice("ACDEJLMPRTW")
        stem = name[: self.random.choice((3, 3, 4))].rstrip("aeiouy")
        return stem + self.random.choice(("y", "ie", "ey", "i", "o", stem[-1:] + "y", stem[-1:] + "ie"))

    def family(self, locale: str | None = None) -> str:
        """A family name."""
        chance = self.random.random()
        if chance < 0.25:
            name = self.random.choice(self._family).capitalize()
        elif chance < 0.33:
            name = self.random.choice(self._also).capitalize()
        elif chance < 0.38:
            name = self.random.choice(self._pinyin).capitalize()
        elif chance < 0.48:  # a name nobody listed: the head of one with the tail of another
            first, last = (self.random.choice(self._names[self.random.choice(self._locales)][1]) for _ in range(2))
            name = (first[: max(2, len(first) // 2)] + last[len(last) // 2 :].lower()).replace(" ", "")
        else:
            name = self.random.choice(self._names[locale or self.random.choice(self._locales)][1])
        chance = self.random.random()
        if chance < 0.04:
            particle = self.random.choice(_PARTICLES)
            return f"{particle}{name}" if particle[-1] in "-'c" else f"{particle} {name}"
        if chance < 0.08:
            return f"{name}-{self.random.choice(self._names[self.random.choice(self._locales)][1])}"
        return name

    def name(self) -> str:
        """A whole name in one of the ways that notes write it."""
        locale = self.random.choice(self._locales) if self.random.random() < 0.6 else None
        given, family, initial = self.given(locale), self.family(locale), self.random.choice("ABCDEFGHJKLMNPRSTW")
        if self.random.random() < 0.35:
            given += " " + self.random.choice((initial, initial + ".", self.given(locale)))
        forms = (
            f"{given} {family}",
            f"{given} {family}",
            f"{given} {family}",
            f"{given} {family}",
            f"{family}, {given}",
            f"{family.upper()}, {given}",
            f"{given} {family.upper()}",
            f"{family.upper()} {given}",
            f"{family} {given}",
            f"{initial}. {family}",
            f"{initial} {family}",
            f"{family} {initial}",
            f"{family}, {initial}.",
            f"{initial}.{self.random.choice('ABCDEHJ')}. {family}",
            f"{family},{given}",
            f"{family.upper()}^{given.upper()}",
            f"{given} {family[0]}.",
            f"{family.upper()}, {given.upper()}",
        )
        name = self.random.choice(forms)
        return name + self.random.choice((" Jr", " Jr.", " III", " Sr")) if self.random.random() < 0.02 else name

    # -- places and institutions ----------------------------------------------------------------------------------
    def town(self) -> str:
        """A town, listed or not."""
        chance = self.random.random()
        if chance < 0.3:
            return self.random.choice(self._cities).title()
        core = self.family().replace(", ", " ")
        if chance < 0.5:
            return f"{self.random.choice(_BEFORE_TOWN)} {core}"
        if chance < 0.75:
            return f"{core} {self.random.choice(_AFTER_TOWN)}"
        return core + self.random.choice(
            ("ville", "ton", "burg", "field", "bridge", "ford", "ham", "stadt", "wick", "by", "mouth", "")
        )

    def institution(self) -> str:
        """A hospital, a school or a firm."""
        core = self.random.choice(
            (
                self.town(),
                self.family(),
                self.family(),
                f"St. {self.given()}'s",
                f"St {self.given()}",
                f"Royal {self.town()}",
                f"{self.family()} & {self.family()}",
                f"{self.given()} {self.family()}",
                self._title(1),
                self._title(2),
                f"Our Lady of {self.given()}",
                f"{self.town()} {self.random.choice(_OF_TOWN)}",
            )
        )
        if self.random.random() < 0.1:
            return (
                core if self.random.random() < 0.5 else f"{core} {self.random.choice(('in', 'at', 'on'))} {self.town()}"
            )
        kind = self.random.choice(_HOSPITAL if self.random.random() < 0.6 else _FIRM)
        if self.random.random() < 0.08:
            return f"University of {self.town()}" + self.random.choice(("", " Hospital", " Medical Center"))
        if self.random.random() < 0.07:
            return self.random.choice(
                (
                    f"Mercy of the {self._title(1)}s {kind}",
                    f"Our Lady of {self._title(1)}",
                    f"Queen {self.given()} {kind}",
                    f"King {self.given()} {kind}",
                    f"{self._title(1)}Care {self.town()}",
                    f"{self._title(1)}Health",
                    f"{self.family()} and {self.family()} {kind}",
                    f"the {kind} of {self.town()}",
                )
            )
        if self.random.random() < 0.05:
            return f"Sisters of {self.given()} {kind}"
        return f"{core} {kind}"

    def address(self) -> str:
        """A street address."""
        street = f"{self.random.choice((self.family(), self._title(1), self.town()))} {self.random.choice(_STREETS)}"
        number = self.random.randint(1, 9999)
        head = self.random.choice(
            (
                f"{number} {street}",
                f"{number} {street}",
                f"Apt {number % 90}, {number} {street}",
                f"Flat {number % 40}, {number} {street}",
                f"{street}",
                f"The Old {self._title(1)}, {street}",
                f"RR {number % 9}, County Road {number % 99}",
                f"{self._title(1)} Cottage, {street}",
                f"P.O. Box {number}",
                f"Unit {number % 60}/{number} {street}",
                f"{number % 99}/A, {street}",
                f"Blk {number % 800} {street}",
                f"c/o {self.institution()}, {number % 99} {street}",
                f"Room {number}, Tower {number % 9}, {self._title(2)} Garden",
                f"{self.family()} Farm",
            )
        )
        return self.random.choice(
            (
                head,
                f"{head}, {self.town()}",
                f"{head}, {self.town()}, {self.random.choice(('CA', 'NY', 'TX', 'MA', 'OH'))} {number:05d}",
                f"{head}, {self.town()} {self.random.choice(('NSW', 'VIC', 'QLD'))} {number % 9000 + 1000}",
                f"{head}, {self.town()}, ON K{number % 9}A {number % 9}T{number % 8}",
                f"{head}, {self.town()} {number % 900000 + 100000}",
            )
        )

    # -- ordinary text --------------------------------------------------------------------------------------------
    def words(self) -> str:
        """Ordinary text: a clause, a heading, an eponym, a drug, abbreviations."""
        chance = self.random.random()
        if chance < 0.2:
            return self.random.choice(self._clauses)
        if chance < 0.43:
            return self.random.choice(self._plain)
        if chance < 0.55:
            return self.random.choice(self._eponyms)
        if chance < 0.75:
            term = self.random.choice(self._terms)
            return term if self.random.random() < 0.6 else self._cased(term)
        if chance < 0.87:
            return self._title(self.random.randint(1, 4)) + self.random.choice((":", "", ""))
        if chance < 0.93:
            return "".join(self.random.choice("ABCDEFGHILMNOPRSTUV") for _ in range(self.random.randint(2, 5)))
        return " ".join(self.random.choice(self._english) for _ in range(self.random.randint(1, 4)))

    def _title(self, many: int) -> str:
        return " ".join(self.random.choice(self._english).capitalize() for _ in range(many))

    def _cased(self, words: str) -> str:
        return self.random.choice((words.title(), words.upper(), words.lower()))

    # -- pieces ---------------------------------------------------------------------------------------------------
    def piece(self) -> tuple[str, list[tuple[int, int, int]]]:
        """Text, and start, end and class of each name (1), place (2) and institution (3) in it."""
        text, spans = self._joined(self.words()), []
        for _ in range(self.random.choice((1, 1, 2, 3))):
            frame = self.random.choice(self._frames).replace("\\n", "\n").replace("\\t", "\t")
            nameless = self.random.random() < 0.22
            place = 0
            for slot in _SLOT.finditer(frame):
                text += frame[place : slot.start()]
                place = slot.end()
                words, kind = self._filled(slot[0], nameless)
                if kind:
                    spans.append((len(text), len(text) + len(words), kind))
                text += words
            text += (
                frame[place:] + self._joined("") + (self._joined(self.words()) if self.random.random() < 0.6 else "")
            )
        chance = self.random.random()
        if chance < 0.12:
            text = text.upper() if len(text.upper()) == len(text) else text
        elif chance < 0.28:
            text = text.lower() if len(text.lower()) == len(text) else text
        return text, spans

    def _filled(self, slot: str, nameless: bool) -> tuple[str, int]:
        choose = self.random.choice
        if slot in "NSF":
            if nameless:
                return (
                    choose(
                        (
                            self.words(),
                            choose(self._plain),
                            choose(self._eponyms),
                            self._title(2),
                            choose(self._kin),
                            choose(self._roles).lower(),
                        )
                    ),
                    0,
                )
            return {"N": self.name, "S": self.family, "F": self.given}[slot](), 1
        if slot in "CHA":
            if nameless:
                return choose(
                    (self.words(), "home", "clinic", "the ward", "ED", "ICU", "work", "school", "hospital", "rehab")
                ), 0
            return {"C": (self.town(), 2), "A": (self.address(), 2), "H": (self.institution(), 3)}[slot]
        if slot == "D":
            return choose(
                (
                    "12/03/2021",
                    "3 Mar 2021",
                    "2021-03-12",
                    "March 3, 2021",
                    "03-MAR-21",
                    "today",
                    "yesterday",
                    "Mon 14:20",
                    "0830",
                    "14:05",
                )
            ), 0
        if slot == "P":
            return choose(("x4410", "555-0134", "12", "A204", "100234", "67", "H 1234 5678", "(617) 555-0188")), 0
        return choose({"R": self._roles, "K": self._kin, "T": self._titles}[slot]) if slot in "RKT" else self.words(), 0

    def _joined(self, words: str) -> str:
        return words + self.random.choice(
            (" ", ". ", ", ", "; ", ".\n", "\n", ": ", " - ", " (", ") ", ".  ", " / ", "\n\n")
        )


def clauses_of(texts: Iterable[str]) -> list[str]:
    """Pieces of sentences of 2 to 14 words."""
    found = []
    for text in texts:
        for clause in re.split(r"(?<=[.;:])\s|, ", text):
            if 2 <= len(clause.split()) <= 14:
                found.append(clause)
    return found
