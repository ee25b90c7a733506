"""Make a DICOM image's header tell nobody: attributes emptied, removed or replaced, UIDs new, dates moved."""

from __future__ import annotations

import io
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pydicom
from pydicom.dataset import Dataset
from pydicom.errors import InvalidDicomError
from pydicom.sequence import Sequence

from bencao.records.deidentify.dicom.profile import BASIC, CHARACTERISTICS, CLEANED, DATES, PATIENT, action_for
from bencao.records.deidentify.dicom.substitutes import capped_age, dummied, dummy, move, new_uids
from bencao.records.deidentify.finding.known import Patient
from bencao.records.deidentify.secret import Secret
from bencao.records.deidentify.surrogate import names
from bencao.records.deidentify.tables.transforming import hashed
from bencao.records.deidentify.text import deidentify_text
from bencao.records.errors import SourceError

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
        Attributes by action: ``dicom.removed``, ``dicom.emptied``, ``dicom.dummy``, ``dicom.uid``, ``dicom.moved``,
        ``dicom.cleaned``.
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
        Retain Patient Characteristics Option: sex, age (over 89 to 90), size and weight stay; allergies, state,
        premedication and special needs are cleaned, that is, de-identified as text (action C).
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
    whose = Patient(patient, (("name", name.replace("^", " ")), ("number", patient)))
    options = _Options(secret, whose, secret.days(patient), keep_characteristics, move_dates)
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
    patient: Patient
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
                data.PatientAge = capped_age(str(element.value or ""))
            elif element.keyword in CLEANED:
                _clean(element, options)
                counts["dicom.cleaned"] += 1
            continue
        of_birth = element.keyword in ("PatientBirthDate", "PatientBirthTime")
        if options.move_dates and action and not of_birth and element.VR in ("DA", "DT", "TM"):
            if element.VR != "TM" and move(element, options.days):
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


def _clean(element: Any, options: _Options) -> None:
    """Replace what identifies in a text of one value or several."""
    values = [element.value] if isinstance(element.value, str) or element.value is None else list(element.value)
    texts = [str(value or "") for value in values]
    done = deidentify_text(texts, secret=options.secret, patients=[options.patient] * len(texts), style="tag")
    element.value = [one.text for one in done] if len(done) > 1 else done[0].text


def _act(data: Dataset, element: Any, action: str, options: _Options, counts: Counter[str]) -> None:
    choices = action.split("/")
    if "U" in choices or "U*" in choices:
        if element.VR == "SQ":
            for item in element.value:
                _apply(item, options, counts)
        else:
            element.value = new_uids(element.value, options.secret)
            counts["dicom.uid"] += 1
    elif "D" in choices:  # the strictest of the choices that any object allows
        if element.VR == "SQ":
            element.value = Sequence([dummied(item, options.secret) for item in element.value])
        else:
            element.value = dummy(element.VR)
        counts["dicom.dummy"] += 1
    elif "Z" in choices:
        element.value = Sequence([]) if element.VR == "SQ" else None if element.VR in ("OB", "OW") else ""
        counts["dicom.emptied"] += 1
    else:
        del data[element.tag]
        counts["dicom.removed"] += 1


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
