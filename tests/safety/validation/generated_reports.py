"""Makes a minimal valid report for each way to FDA, and from it one that keeps a rule and one that breaks it."""

from __future__ import annotations

from dataclasses import dataclass, field

from bencao.safety.e2b.occurrence import Occurrence

Key = str | tuple[str, tuple[int, ...]]
Changes = dict[Key, str | None]
NULLS = ("NI", "MSK", "UNK", "NA", "ASKU", "NASK")
MOMENT, DAY = "20260103101112+0000", "20260102"
DRUG_ID, REACTION_ID = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"

# One value an element; a null flavour is written as ``~NI``. Repeats are 1 unless the key says otherwise.
BASE: Changes = {
    "N.1.1": "1", "N.1.2": "BATCH-1", "N.1.3": "SENDER", "N.1.4": "ZZFDA", "N.1.5": MOMENT,
    "N.2.r.1": "US-ACME-1", "N.2.r.2": "SENDER", "N.2.r.3": "CDER", "N.2.r.4": MOMENT,
    "C.1.1": "US-ACME-1", "C.1.2": MOMENT, "C.1.3": "1", "C.1.4": DAY, "C.1.5": DAY, "C.1.6.1": "false",
    "C.1.7": "true", "FDA.C.1.7.1": "1", "C.1.8.1": "US-ACME-1", "C.1.8.2": "2", "C.1.9.1": "~NI",
    "FDA.C.1.12": "false",
    "C.2.r.1.2": "Ada", "FDA.C.2.r.2.8": "ada@example.org", "C.2.r.3": "US", "C.2.r.4": "1", "C.2.r.5": "1",
    "C.3.1": "1", "C.3.2": "Acme", "C.3.3.1": "Safety", "C.3.3.2": "Dr", "C.3.3.3": "Bo", "C.3.3.5": "Lee",
    "C.3.4.1": "1 Road", "C.3.4.2": "Town", "C.3.4.3": "UT", "C.3.4.4": "12345", "C.3.4.5": "US",
    "C.3.4.6": "5551", "C.3.4.7": "5552", "C.3.4.8": "safety@example.org",
    "D.1": "AB", "D.7.2": "None", "FDA.D.11.r.1": "C41260", "FDA.D.12": "C41222",
    "E.i#id": REACTION_ID, "E.i.2.1a": "28.0", "E.i.2.1b": "10027940",
    "E.i.3.2a": "~NI", "E.i.3.2b": "~NI", "E.i.3.2c": "true", "E.i.3.2d": "~NI", "E.i.3.2e": "~NI", "E.i.3.2f": "~NI",
    "FDA.E.i.3.2h": "~NI", "E.i.7": "1",
    "G.k#id": DRUG_ID, "G.k.1": "1", "G.k.2.2": "Drug A", "H.1": "A woman was treated and recovered.",
}  # fmt: skip
ASSESSED: Changes = {
    "G.k.9.i.1": REACTION_ID, "G.k.9.i.2.r.1": "Sponsor", "G.k.9.i.2.r.2": "FDA", "G.k.9.i.2.r.3": "Suspected",
}  # fmt: skip
IND: Changes = {
    "N.1.4": "ZZFDA_PREMKT", "N.2.r.3": "CDER_IND", "C.1.3": "2", "C.5.4": "1", "FDA.C.5.5a": "123456",
    "FDA.C.5.6.r": "~NA", **ASSESSED,
}  # fmt: skip
EXEMPT: Changes = {
    "N.1.4": "ZZFDA_PREMKT", "N.2.r.3": "CDER_IND_EXEMPT_BA_BE", "C.1.3": "2", "C.5.4": "1", "FDA.C.5.5b": "234567",
    "FDA.G.k.10a": "1",
}  # fmt: skip
STUDY: Changes = {"C.1.3": "2", "C.5.4": "1"}
DEVICE: Changes = {
    "FDA.C.1.12": "true", "FDA.G.k.12.r.1": "true", "FDA.G.k.12.r.3.r": "4001", "FDA.G.k.12.r.4": "Brand",
    "FDA.G.k.12.r.5": "Syringe",
}  # fmt: skip
PROFILES: dict[str, Changes] = {"postmarket": {}, "ind": IND, "exempt": EXEMPT}


@dataclass(frozen=True)
class Seed:
    """A report that keeps a rule where it applies, and the defect that breaks it.

    `also` names the rules that no report can keep while it breaks this one.
    """

    keeps: Changes
    defect: Changes
    profile: str = "postmarket"
    also: tuple[str, ...] = ()
    background: dict[str, object] = field(default_factory=dict)

    def kept(self) -> list[Occurrence]:
        """The report that keeps the rule."""
        return report(self.profile, self.keeps)

    def broken(self) -> list[Occurrence]:
        """The report with the defect."""
        return report(self.profile, {**self.keeps, **self.defect})


def report(profile: str, changes: Changes) -> list[Occurrence]:
    """A minimal report of a profile with changes; None takes an element out."""
    told = {_key(key): value for part in (BASE, PROFILES[profile], changes) for key, value in part.items()}
    return [_occurrence(element, repeats, value) for (element, repeats), value in told.items() if value is not None]


def _key(key: Key) -> tuple[str, tuple[int, ...]]:
    if isinstance(key, tuple):
        return key
    parts = key.partition("#")[0].split(".")
    return key, (1,) * sum(part in ("r", "i", "k") for part in parts)


def _occurrence(element: str, repeats: tuple[int, ...], value: str) -> Occurrence:
    if value.startswith("~"):
        return Occurrence(element, repeats, null_flavor=value[1:])
    return Occurrence(element, repeats, value)
