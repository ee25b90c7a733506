"""DICOM headers after the Basic Application Level Confidentiality Profile."""

from __future__ import annotations

from pathlib import Path

import pydicom
import pytest
from pydicom.data import get_testdata_file
from pydicom.dataset import Dataset

from bencao.records.deidentify import Secret, Setting
from bencao.records.deidentify.dicom.header import deidentify_header, deidentify_image
from bencao.records.deidentify.dicom.profile import action_for, profile
from bencao.records.errors import SourceError

SECRET = Secret(b"a key for the tests only")


def _header() -> Dataset:
    data = Dataset()
    data.PatientName, data.PatientID, data.PatientBirthDate = "Zhang^Jianguo", "ZY001", "19300102"
    data.PatientAge, data.PatientSex, data.Modality = "093Y", "M", "US"
    data.StudyDate, data.SeriesDate, data.StudyTime = "20230305", "20230307", "101500"
    data.InstitutionName, data.ReferringPhysicianName, data.StudyDescription = "House", "Li^Wei", "CT of Zhang"
    data.StudyInstanceUID, data.FrameOfReferenceUID, data.SOPInstanceUID = "1.2.3", "1.2.3.4", "1.2.5"
    data.SOPClassUID = "1.2.840.10008.5.1.4.1.1.2"
    data.add_new(0x00091010, "LO", "private of Zhang")
    inner = Dataset()
    inner.PatientName, inner.ReferencedSOPInstanceUID = "Zhang^Jianguo", "1.2.5"
    data.ReferencedImageSequence = [inner]
    return data


def test_the_table_is_the_standards() -> None:
    # PS3.15 2026c, table E.1-1: the actions of well-known attributes.
    told = {
        0x00100010: "Z",
        0x0020000D: "U",
        0x00081030: "X",
        0x00080080: "X/Z/D",
        0x00091001: "X",
        0x60003000: "X",
        0x00280010: "",
    }
    assert {tag: action_for(tag) for tag in told} == told
    assert len(profile()) > 600


def test_nothing_of_the_patient_stays() -> None:
    data = _header()
    deidentify_header(data, SECRET)
    text = str(data)
    assert [
        word for word in ("Zhang", "ZY001", "House", "Li^Wei", "19300102", "1.2.3", "20230305") if word in text
    ] == []
    assert data.PatientIdentityRemoved == "YES"
    assert [item.CodeValue for item in data.DeidentificationMethodCodeSequence] == ["113100", "113107", "113108"]


def test_dates_keep_their_distance_and_times_stay() -> None:
    data = _header()
    deidentify_header(data, SECRET)
    assert int(data.SeriesDate) - int(data.StudyDate) in (2, 2 + 100 - 31, 2 + 100 - 30, 2 + 100 - 28)
    assert data.StudyTime == "101500"
    assert (data.PatientAge, data.PatientSex) == ("090Y", "M")


def test_uids_are_new_and_the_same_everywhere() -> None:
    one, other = _header(), _header()
    deidentify_header(one, SECRET)
    deidentify_header(other, SECRET)
    assert one.StudyInstanceUID == other.StudyInstanceUID != "1.2.3"
    assert one.StudyInstanceUID.is_valid
    assert one.SOPClassUID == "1.2.840.10008.5.1.4.1.1.2"


def test_without_the_options_dates_and_sex_go() -> None:
    data = _header()
    deidentify_header(data, SECRET, keep_characteristics=False, move_dates=False)
    assert not data.get("StudyDate")
    assert not data.get("PatientSex")
    assert "PatientAge" not in data


def test_pixels_that_may_name_the_patient_are_warned_of() -> None:
    data = _header()
    assert "no statement on burned-in annotation" in deidentify_header(data, SECRET)[1][0]
    data.BurnedInAnnotation = "YES"
    assert "pixels may show" in deidentify_header(data, SECRET)[1][0]


@pytest.mark.parametrize("name", ["CT_small.dcm", "MR_small.dcm", "rtplan.dcm", "JPEG2000.dcm"])
def test_a_file_stays_an_image(name: str, tmp_path: Path) -> None:
    path = Path(str(get_testdata_file(name)))
    before = pydicom.dcmread(path)
    image = deidentify_image(path, Setting(SECRET))
    (tmp_path / name).write_bytes(image.data)
    after = pydicom.dcmread(tmp_path / name)
    assert after.PatientID != before.PatientID
    assert after.file_meta.MediaStorageSOPInstanceUID == after.SOPInstanceUID != before.SOPInstanceUID
    assert not any(element.tag.is_private for element in after.iterall())
    assert after.get("PixelData") == before.get("PixelData")


def test_what_is_no_image_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.dcm").write_bytes(b"not an image of Zhang San")
    with pytest.raises(SourceError, match="no DICOM file"):
        deidentify_image(tmp_path / "a.dcm", Setting(SECRET))
