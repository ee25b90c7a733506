"""Every attribute of the confidentiality profile (DICOM PS3.15 2026c, table E.1-1), held against what became of it."""

from __future__ import annotations

import copy
import io
from typing import Any

import pydicom
import pytest
from pydicom.datadict import dictionary_has_tag, dictionary_VR, keyword_for_tag
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ImplicitVRLittleEndian

from bencao.records.deidentify import Secret
from bencao.records.deidentify.dicom.header import deidentify_header
from bencao.records.deidentify.dicom.profile import CHARACTERISTICS, CLEANED, profile

SECRET = Secret(b"a key for the tests only")
UID, PRIVATE, UNLISTED_SEQUENCE = "1.2.276.4711.1", 0x00091010, 0x00082218  # the last: Anatomic Region Sequence
Pair = tuple[Dataset, Dataset]
WORDS = "Zhang of 4711 House"
VALUES: dict[str, Any] = {
    **dict.fromkeys(("LO", "SH", "ST", "LT", "UT", "UC"), WORDS[:16]),
    **dict.fromkeys(("DS", "IS", "FD", "FL", "US", "SS", "UL", "SL"), 47),
    **dict.fromkeys(("OB", "OW", "UN"), b"Zhang of 4711 HO"),
    **{"AE": "ZHANG4711", "CS": "ZHANG", "PN": "Zhang^Jianguo", "UI": UID, "AS": "047Y", "UR": "http://zhang.example"},
    **{"DA": "20230305", "DT": "20230305101500.25", "TM": "101500"},
}
ATTRIBUTES = sorted(tag for tag in profile() if tag >> 16 not in (0x0000, 0x0002))  # the others are no part of data
# Attributes that say whose image it is, or how it was de-identified, get a value of their own.
OWN = {0x00100010, 0x00100020}
EMPTY = (None, "", b"", [])


def representation(tag: int) -> str:
    """As pydicom's dictionary has it; what is newer than the dictionary is taken for a text."""
    return dictionary_VR(tag).split(" ")[0] if dictionary_has_tag(tag) else "LO"


def inner(action: str) -> Dataset:
    """An item with a name, a UID, a private element, a sequence of its own, and a code where no item may stay."""
    item = Dataset()
    item.PatientName, item.ReferencedSOPInstanceUID = "Zhang^Jianguo", UID
    if "U" not in action:
        item.CodeMeaning = WORDS
    item.add_new(PRIVATE, "LO", WORDS)
    deeper = Dataset()
    deeper.ReferencedSOPInstanceUID, deeper.OperatorsName = UID, "Zhang^Jianguo"
    item.add_new(0x00081250, "SQ", [deeper])
    return item


def filled() -> Dataset:
    """A data set with every attribute of the profile, of private elements, curves and overlays beside."""
    data = Dataset()
    for tag in ATTRIBUTES:
        kind = representation(tag)
        data.add_new(tag, kind, [inner(profile()[tag])] if kind == "SQ" else VALUES[kind])
    data.add_new(PRIVATE, "LO", WORDS)
    data.add_new(0x50000010, "US", 1)
    data.add_new(0x60003000, "OW", VALUES["OW"])
    data.add_new(0x60024000, "LT", WORDS)
    data.Modality, data.SOPClassUID = "CT", "1.2.840.10008.5.1.4.1.1.2"
    return data


def treated(**options: bool) -> Pair:
    """The data set, and itself as an item of a sequence that the profile does not list; both after the profile."""
    data = filled()
    data.add_new(UNLISTED_SEQUENCE, "SQ", [filled()])
    deidentify_header(data, SECRET, **options)
    return data, data[UNLISTED_SEQUENCE].value[0]


@pytest.fixture(scope="module")
def basic() -> Pair:
    return treated(keep_characteristics=False, move_dates=False)


@pytest.fixture(scope="module")
def retained() -> Pair:
    return treated()


def is_kept_out(item: Dataset) -> bool:
    """Whether nothing of an item tells."""
    text = str(item)
    return "Zhang" not in text and UID not in text and not any(one.tag.is_private for one in item.iterall())


@pytest.mark.parametrize("tag", ATTRIBUTES, ids=[f"{tag:08X}{keyword_for_tag(tag)}" for tag in ATTRIBUTES])
def test_each_attribute_is_treated_as_its_action_says(tag: int, basic: Pair) -> None:
    action, kind = profile()[tag], representation(tag)
    for data, top in zip(basic, (True, False), strict=True):
        if top and tag in OWN:
            assert data[tag].value not in (*EMPTY, VALUES[kind])
            continue
        if action == "X":
            assert tag not in data
            continue
        value = data[tag].value
        if "U" in action:
            uids = [one.value for one in data[tag].value[0].iterall() if one.VR == "UI"] if kind == "SQ" else [value]
            assert uids
            assert {str(one) for one in uids} == {str(basic[0].SOPInstanceUID)} != {UID}
            assert all(pydicom.uid.UID(one).is_valid for one in uids)
        elif "D" in action:
            assert value not in EMPTY
            assert value != VALUES.get(kind)
        else:
            assert value in EMPTY
        if kind == "SQ" and value:
            assert all(is_kept_out(item) for item in value)


def test_nothing_of_the_patient_is_in_the_bytes(basic: Pair, retained: Pair) -> None:
    for data in (copy.deepcopy(pair[0]) for pair in (basic, retained)):
        whole = Dataset(data)
        for name in CHARACTERISTICS:  # whatever they say, the option keeps it
            for part in (whole, whole[UNLISTED_SEQUENCE].value[0]):
                part.pop(name, None)
        whole.file_meta = FileMetaDataset()
        whole.file_meta.TransferSyntaxUID = ImplicitVRLittleEndian
        whole.file_meta.MediaStorageSOPClassUID, whole.file_meta.MediaStorageSOPInstanceUID = data.SOPClassUID, "2.25.1"
        stream = io.BytesIO()
        whole.save_as(stream, enforce_file_format=True)
        told = stream.getvalue()
        assert [one for one in (b"Zhang", b"ZHANG", b"zhang", b"4711") if one in told] == []
        stream.seek(0)
        again = pydicom.dcmread(stream)
        assert not any(one.tag.is_private or one.tag.group in (0x5000, 0x6000, 0x6002) for one in again.iterall())


@pytest.mark.parametrize("place", [0, 1])
def test_dates_move_together_and_only_birth_goes(retained: Pair, place: int) -> None:
    data = retained[place]
    days = {str(data[tag].value)[:8] for tag in ATTRIBUTES if tag in data and representation(tag) in ("DA", "DT")}
    days -= {""}
    assert len(days) == 1
    assert days != {"20230305"}
    dates = [tag for tag in ATTRIBUTES if representation(tag) in ("DA", "DT", "TM")]
    gone = {keyword_for_tag(tag) for tag in dates if tag not in data or data[tag].value in EMPTY}
    assert gone == {"PatientBirthDate", "PatientBirthTime"}
    assert all(data[tag].value == "101500" for tag in dates if tag in data and representation(tag) == "TM")


@pytest.mark.parametrize("place", [0, 1])
def test_characteristics_are_kept_and_their_texts_cleaned(retained: Pair, place: int) -> None:
    data = retained[place]
    for name in CHARACTERISTICS:
        assert name in data, name
        value = data.data_element(name).value
        if name in CLEANED:
            assert "Zhang" not in str(value)
    assert (str(data.PatientAge), data.PatientWeight, data.PatientSize) == ("047Y", 47, 47)


def test_a_cleaned_text_keeps_its_medicine() -> None:
    data = Dataset()
    data.PatientName, data.PatientID = "Zhang^Jianguo", "ZY20871346"
    data.Allergies = ["penicillin, told by Zhang Jianguo", "latex"]
    data.SpecialNeeds = "wheelchair; call 13987640215"
    deidentify_header(data, SECRET)
    assert list(data.Allergies) == ["penicillin, told by [NAME]", "latex"]
    assert data.SpecialNeeds == "wheelchair; call [PHONE]"


def test_the_file_says_which_options_were_taken(basic: Pair, retained: Pair) -> None:
    def told(data: Dataset) -> tuple[list[str], str]:
        codes = [str(item.CodeValue) for item in data.DeidentificationMethodCodeSequence]
        return codes, str(data.LongitudinalTemporalInformationModified)

    assert told(basic[0]) == (["113100"], "REMOVED")
    assert told(retained[0]) == (["113100", "113107", "113108"], "MODIFIED")
