"""What stands in the place of a DICOM value: a new UID, a moved date, a dummy that its representation allows."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from bencao.records.deidentify.secret import Secret

# UIDs made from 128 bits stand under this root (PS3.5 B.2).
_ROOT = "2.25."
_DUMMIES: dict[str, Any] = {
    **dict.fromkeys(("DS", "IS", "FD", "FL", "SS", "US", "SL", "UL", "SV", "UV", "AT"), 0),
    **dict.fromkeys(("DA", "DT"), "19000101"),
    **dict.fromkeys(("OB", "OW", "UN", "OD", "OF", "OL", "OV"), b"\0" * 8),
    **{"TM": "000000", "UI": _ROOT + "0", "CS": "ANON", "AS": "000Y", "PN": "Anonymous"},
}


def new_uids(value: Any, secret: Secret) -> Any:
    """New UIDs, the same for the same; those of the standard itself stay."""
    if value is None or isinstance(value, str):
        return _new_uid(str(value or ""), secret)
    return [_new_uid(str(one), secret) for one in value]


def _new_uid(uid: str, secret: Secret) -> str:
    if not uid or uid.startswith("1.2.840.10008."):
        return uid
    return f"{_ROOT}{secret.number('uid', uid, 1 << 122) + (1 << 121)}"


def move(element: Any, days: int) -> bool:
    """Move the dates of an element by days; whether all could be read."""
    values = [element.value] if isinstance(element.value, str) or element.value is None else list(element.value)
    moved = [_moved(str(value or ""), days) for value in values]
    if None in moved:
        return False
    element.value = moved if len(moved) > 1 else (moved[0] if moved else "")
    return True


def _moved(value: str, days: int) -> str | None:
    digits = value.replace(".", "") if len(value) == 10 and value.count(".") == 2 else value
    if not digits:
        return ""
    try:
        day = datetime.strptime(digits[:8], "%Y%m%d") + timedelta(days=days)
    except (ValueError, OverflowError):
        return None
    return f"{day:%Y%m%d}{digits[8:]}"


def dummy(vr: str) -> Any:
    """A value that tells nothing, of a length that is not nought (PS3.15, action D)."""
    return _DUMMIES.get(vr, "ANONYMISED")


def dummied(item: Dataset, secret: Secret) -> Dataset:
    """An item of a sequence with every value a dummy, so that its form holds and nothing else."""
    for element in list(item):
        if element.tag.is_private:
            del item[element.tag]
        elif element.VR == "SQ":
            element.value = Sequence([dummied(one, secret) for one in element.value])
        elif element.VR == "UI":
            element.value = new_uids(element.value, secret)
        else:
            element.value = dummy(element.VR)
    return item


def capped_age(value: str) -> str:
    """An age string; over 89 years it is 90."""
    return "090Y" if value.endswith("Y") and value[:-1].isdigit() and int(value[:-1]) > 89 else value
