"""What a person may write into the form of a draft that an e-mail gave."""

from __future__ import annotations

import csv
import io

VALUES = {
    "N.1.1": "1", "N.1.2": "BATCH-1", "N.1.3": "COMPANY", "N.1.4": "ZZFDA", "N.1.5": "20260312090000",
    "N.2.r.1": "US-COMPANY-0001", "N.2.r.2": "COMPANY", "N.2.r.3": "CDER", "N.2.r.4": "20260312090000",
    "C.1.1": "US-COMPANY-0001", "C.1.2": "20260312090000", "C.1.5": "20260310", "C.1.6.1": "false", "C.1.7": "true",
    "FDA.C.1.7.1": "1", "C.1.8.1": "US-COMPANY-0001", "C.1.8.2": "2", "FDA.C.1.12": "false", "C.2.r.3": "DE",
    "C.2.r.4": "2", "C.2.r.5": "1", "FDA.C.2.r.2.8": "a@b.example",
    "C.3.1": "1", "C.3.2": "COMPANY", "C.3.3.1": "Drug safety", "C.3.3.2": "Dr",
    "C.3.3.3": "Safety", "C.3.3.5": "Officer", "C.3.4.1": "1 Main Street", "C.3.4.2": "Springfield", "C.3.4.3": "IL",
    "C.3.4.4": "62701", "C.3.4.5": "US", "C.3.4.6": "12175550100", "C.3.4.7": "12175550101",
    "C.3.4.8": "safety@company.example", "D.7.2": "none known", "E.i.2.1a": "99.1", "E.i.2.1b": "10000001",
    "E.i.7": "1", "H.1": "A rash under warfarin.",
}  # fmt: skip
NULLS = {"C.1.9.1": "NI", "D.1": "MSK", "FDA.D.11.r.1": "UNK", "FDA.D.12": "UNK"}
# Asked for only once the first answers are there.
LATER = (("C.2.r.3", "1"), ("C.2.r.4", "1"), ("C.3.2", ""), ("FDA.C.2.r.2.8", "1"))


def filled(form: str) -> str:
    """The form with values; what is asked of seriousness is not known."""
    rows = list(csv.DictReader(io.StringIO(form)))
    rows += [{"case": "1", "element": element, "repeats": repeats} for element, repeats in LATER]
    for row in rows:
        number = row["element"]
        row["value"] = VALUES.get(number, "")
        row["null_flavor"] = NULLS.get(number, "" if row["value"] else "NI")
    stream = io.StringIO()
    writer = csv.DictWriter(stream, list(rows[0]), restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()
