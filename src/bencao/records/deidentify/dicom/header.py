"""Make a DICOM image's header tell nobody: attributes emptied, removed or replaced, UIDs new, dates moved."""

from __future__ import annotations

import io
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pydicom
from pydicom.dataset import Dataset
from pydicom.errors import InvalidDicomError
from pydicom.sequence import Sequence

from bencao.records.deidentify.dicom.profile import BASIC, CHARACTERISTICS, DATES, PATIENT, action_for
from bencao.records.deidentify.secret import Secret
from bencao.records.deidentify.surrogate import names
from bencao.records.deidentify.tables.transforming import hashed
from bencao.records.errors import SourceError

# UIDs made from 128 bits stand under this root (PS3.5 B.2).
_ROOT = "2.25."
_BURNED = "burned-in annotation: pixels may show who it is"
_MAY_BURN = "no statement on burned-in annotation, of a kind that often has it"
_OFTEN_BURNED = frozenset({"US", "SC", "OT", "XC", "ES", "DOC", "SR", "PX", "RF", "XA"})


@dataclass(frozen=True)
class Image:
    """An image with a header that tells nobody.

    Attributes
    ----------
    data : bytes
        The file.
    counts : Counter
        Attributes by action: ``dicom.removed``, ``dicom.emptied``, ``dicom.dummy``, ``dicom.uid``, ``dicom.moved``.
    warnings : tuple of str
        What the header cannot settle; nothing quoted.
    """

    data: bytes
    counts: Counter[str]
    warnings: tuple[str, ...]


def deidentify_image(path: Path, setting: Any) -> Image:
    """De-identify a DICOM file.

    Parameters
    ----------
    path : Path
    setting : Setting
        Its key draws UIDs, the patient's new number and name, and the days by which dates move.

    Returns
    -------
    Image

    Raises
    ------
    SourceError
        Where it is no DICOM file.
    """
    try:
        data = pydicom.dcmread(path)
    except (InvalidDicomError, OSError, EOFError, ValueError, NotImplementedError, KeyError, AttributeError):
        raise SourceError("no DICOM file that can be read", where=str(path), mend="check the file") from None
    counts, warnings = deidentify_header(data, setting.secret)
    stream = io.BytesIO()
    data.save_as(stream, enforce_file_format=True)
    return Image(stream.getvalue(), counts, warnings)


def deidentify_header(
    data: Dataset, secret: Secret, *, keep_characteristics: bool = True, move_dates: bool = True
) -> tuple[Counter[str], tuple[str, ...]]:
    """Apply the Basic Application Level Confidentiality Profile to a data set, in place.

    Source: DICOM PS3.15 2026c, annex E.

    Parameters
    ----------
    data : pydicom.Dataset
    secret : Secret
    keep_characteristics : bool
        Retain Patient Characteristics Option: sex, age (over 89 to 90), size and weight stay.
    move_dates : bool
        Retain Longitudinal Temporal Information with Modified Dates Option: dates move by the patient's days.

    Returns
    -------
    counts : Counter
    warnings : tuple of str
    """
    patient = str(data.get("PatientID", "") or "")
    name = str(data.get("PatientName", "") or "")
    counts: Counter[str] = Counter()
    warnings = _warnings(data)
    options = _Options(secret, secret.days(patient), keep_characteristics, move_dates)
    _apply(data, options, counts)
    data.PatientID = str(hashed(patient, secret))
    data.PatientName = (
        names.surrogate(secret, name.replace("^", " ")).replace(" ", "^") if name.isascii() and name else "Anonymous"
    )
    data.PatientIdentityRemoved = "YES"
    methods = [BASIC, *([DATES] if move_dates else []), *([PATIENT] if keep_characteristics else [])]
    data.DeidentificationMethodCodeSequence = Sequence([_code(*method) for method in methods])
    data.LongitudinalTemporalInformationModified = "MODIFIED" if move_dates else "REMOVED"
    meta = getattr(data, "file_meta", None)
    if meta is not None:
        for key in ("SourceApplicationEntityTitle", "SendingApplicationEntityTitle", "ReceivingApplicationEntityTitle"):
            if key in meta:
                delattr(meta, key)
        for tag in [element.tag for element in meta if element.tag.element in (0x0100, 0x0102)]:
            del meta[tag]  # private information
        if "SOPInstanceUID" in data:
            meta.MediaStorageSOPInstanceUID = data.SOPInstanceUID
    if getattr(data, "preamble", None):
        data.preamble = b"\0" * 128  # may hold another format's header
    return counts, warnings


@dataclass(frozen=True)
class _Options:
    secret: Secret
    days: int
    keep_characteristics: bool
    move_dates: bool


def _apply(data: Dataset, options: _Options, counts: Counter[str]) -> None:
    for element in list(data):
        action = action_for(int(element.tag))
        if element.tag.is_private:
            del data[element.tag]
            counts["dicom.removed"] += 1
            continue
        if element.keyword in CHARACTERISTICS and options.keep_characteristics:
            if element.keyword == "PatientAge":
                data.PatientAge = _age(str(element.value or ""))
            continue
        if options.move_dates and action and element.VR in ("DA", "DT", "TM"):
            if element.keyword == "PatientBirthDate":
                element.value = ""
                counts["dicom.emptied"] += 1
            elif element.VR != "TM" and _moved_element(element, options.days):
                counts["dicom.moved"] += 1
            elif element.VR != "TM":
                element.value = ""
                counts["dicom.emptied"] += 1
            continue
        if not action:
            if element.VR == "SQ":
                for item in element.value:
                    _apply(item, options, counts)
            elif element.VR == "PN":
                element.value = ""  # no person's name stays, listed or not
                counts["dicom.emptied"] += 1
            continue
        _act(data, element, action, options, counts)


def _act(data: Dataset, element: Any, action: str, options: _Options, counts: Counter[str]) -> None:
    choices = action.split("/")
    if "U" in choices or "U*" in choices:
        if element.VR == "SQ":
            for item in element.value:
                _apply(item, options, counts)
        else:
            element.value = _new_uids(element.value, options.secret)
            counts["dicom.uid"] += 1
    elif "D" in choices:  # the strictest of the choices that any object allows
        if element.VR == "SQ":
            for item in element.value:
                _apply(item, options, counts)
        else:
            element.value = _dummy(element.VR, element.keyword)
        counts["dicom.dummy"] += 1
    elif "Z" in choices:
        element.value = Sequence([]) if element.VR == "SQ" else None if element.VR in ("OB", "OW") else ""
        counts["dicom.emptied"] += 1
    else:
        del data[element.tag]
        counts["dicom.removed"] += 1


def _new_uids(value: Any, secret: Secret) -> Any:
    if value is None or isinstance(value, str):
        return _new_uid(str(value or ""), secret)
    return [_new_uid(str(one), secret) for one in value]


def _new_uid(uid: str, secret: Secret) -> str:
    """A new UID, the same for the same; those of the standard itself stay."""
    if not uid or uid.startswith("1.2.840.10008."):
        return uid
    return f"{_ROOT}{secret.number('uid', uid, 1 << 122) + (1 << 121)}"


def _moved_element(element: Any, days: int) -> bool:
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


def _dummy(vr: str, keyword: str) -> Any:
    if vr in ("DS", "IS", "FD", "FL", "SS", "US", "SL", "UL", "SV", "UV"):
        return 0
    if vr in ("DA", "DT"):
        return "19000101"
    if vr == "TM":
        return "000000"
    if vr in ("OB", "OW", "UN", "OD", "OF", "OL", "OV"):
        return b""
    if vr == "UI":
        return _ROOT + "0"
    if vr == "CS":
        return "ANON"
    return "Anonymous" if vr == "PN" else "ANONYMISED"


def _age(value: str) -> str:
    return "090Y" if value.endswith("Y") and value[:-1].isdigit() and int(value[:-1]) > 89 else value


def _code(value: str, meaning: str) -> Dataset:
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = value, "DCM", meaning[:64]
    return item


def _warnings(data: Dataset) -> tuple[str, ...]:
    burned = str(data.get("BurnedInAnnotation", "") or "").upper()
    found = []
    if burned == "YES":
        found.append(_BURNED)
    elif not burned and str(data.get("Modality", "")) in _OFTEN_BURNED:
        found.append(_MAY_BURN)
    if str(data.get("RecognizableVisualFeatures", "") or "").upper() == "YES":
        found.append("recognizable visual features: the pixels may show a face")
    return tuple(found)
