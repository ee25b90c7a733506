"""A hostile or broken application is a named error or a finding; nothing outside it is read, and no network touched."""

from __future__ import annotations

import random
import shutil
import socket
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from bencao.kernel.errors import BencaoError, InputError
from bencao.submission.ectd.application import resolved
from bencao.submission.ectd.opening import opened
from bencao.submission.ectd.region.assets import Assets
from bencao.submission.ectd.validation.checking import check_application
from bencao.submission.errors import DocumentError, UnsafeFile

pytestmark = pytest.mark.usefixtures("no_network")


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    def refused(*_: object, **__: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refused)
    monkeypatch.setattr(socket, "create_connection", refused)
    yield


@pytest.fixture
def application(clean: dict[str, Path], tmp_path: Path) -> Path:
    return Path(shutil.copytree(clean["generic"], tmp_path / clean["generic"].name))


def zipped(path: Path, *members: tuple[str, bytes], link: bool = False) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            if link:
                info.external_attr = 0o120777 << 16
            archive.writestr(info, data)
    return path


@pytest.mark.parametrize("name", ["../../evil.xml", "/etc/evil.xml", "a/../../evil.xml", "C:/evil.xml", "..\\evil.xml"])
def test_a_zip_that_reaches_outside_is_refused(name: str, tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", (name, b"x"))
    with pytest.raises(UnsafeFile, match="lies outside"), opened(path):
        pass
    assert sorted(one.name for one in tmp_path.iterdir()) == ["a.zip"]


def test_a_zip_of_links_is_refused(tmp_path: Path) -> None:
    with (
        pytest.raises(UnsafeFile, match="is a link"),
        opened(zipped(tmp_path / "a.zip", ("a", b"/etc/passwd"), link=True)),
    ):
        pass


def test_a_zip_bomb_is_refused_before_it_unpacks(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", ("0000/index.xml", b"\0" * (32 << 20)))
    with pytest.raises(UnsafeFile, match="unpacks to"), opened(path):
        pass


def test_what_is_no_zip_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"PK\x03\x04 cut")
    with pytest.raises(DocumentError, match="no whole ZIP"), opened(tmp_path / "a.zip"):
        pass


def test_a_zip_with_names_in_gb18030_is_read(application: Path, tmp_path: Path, assets: Assets) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted(application.rglob("*")):
            archive.write(file, f"{application.name}/{file.relative_to(application).as_posix()}")
        archive.writestr(zipfile.ZipInfo("说明.txt".encode("gb18030").decode("cp437")), b"x")
    with opened(path) as folder:
        inside = folder if folder.name == application.name else folder / application.name
        assert check_application(inside, assets=assets).verdict == "passes"


def test_a_link_out_of_the_sequence_is_refused(application: Path, assets: Assets) -> None:
    (application / "0000/m2/25-clin-over/other.pdf").symlink_to("/etc/hostname")
    with pytest.raises(UnsafeFile, match="leads out"):
        check_application(application, assets=assets)


def test_an_external_entity_is_not_read(application: Path, assets: Assets) -> None:
    path = application / "0000/index.xml"
    text = path.read_text(encoding="utf-8")
    entity = '<!DOCTYPE ectd:ectd SYSTEM "util/dtd/ich-ectd-3-2.dtd" [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    text = text.replace('<!DOCTYPE ectd:ectd SYSTEM "util/dtd/ich-ectd-3-2.dtd">', entity)
    path.write_text(text.replace("<title>", "<title>&x;", 1), encoding="utf-8")
    report = check_application(application, assets=assets)
    (finding,) = [one for one in report.findings if one.rule.id == "3.1"]
    assert "entities" in finding.details("en") and "root:" not in finding.details("en")


def test_a_definition_that_would_fetch_is_not_followed(application: Path, tmp_path: Path) -> None:
    definition = application / "0000/util/dtd/ich-ectd-3-2.dtd"
    definition.write_text(
        '<!ENTITY % x SYSTEM "http://127.0.0.1/x.dtd"> %x;\n' + definition.read_text(encoding="utf-8")
    )
    report = check_application(application, assets=Assets(tmp_path / "none"))
    assert any(one.rule.id == "3.3" and "would read" in one.details("en") for one in report.findings)


def test_broken_xml_is_a_finding_with_its_line(application: Path, assets: Assets) -> None:
    path = application / "0000/m1/cn/cn-regional.xml"
    path.write_bytes(path.read_bytes()[:-40])
    report = check_application(application, assets=assets)
    (finding,) = [one for one in report.findings if one.rule.id == "4.1.1"]
    assert "line" in finding.details("en")
    assert {one.rule.id for one in report.not_checked} >= {"4.1.3", "4.2.1"}


def test_wrong_encoding_is_a_finding(application: Path, assets: Assets) -> None:
    path = application / "0000/m1/cn/cn-regional.xml"
    path.write_bytes(path.read_text(encoding="utf-8").encode("gb18030"))
    report = check_application(application, assets=assets)
    assert any(one.rule.id == "4.1.1" and "UTF-8" in one.details("en") for one in report.findings)


def test_leaves_that_modify_each_other_end(application: Path, assets: Assets) -> None:
    second = Path(shutil.copytree(application / "0000", application / "0001"))
    for sequence, other in ((application / "0000", "0001"), (second, "0000")):
        path = sequence / "index.xml"
        text = path.read_text(encoding="utf-8")
        path.write_text(
            text.replace('operation="new"', f'operation="replace" modified-file="../{other}/index.xml#@"'),
            encoding="utf-8",
        )
        lines = []
        for line in path.read_text(encoding="utf-8").splitlines():
            if 'ID="' in line:
                line = line.replace("#@", "#" + line.split('ID="')[1].split('"')[0])
            lines.append(line)
        path.write_text("\n".join(lines), encoding="utf-8")
    report = check_application(application, assets=assets)
    assert report.rules_found()["3.10"] and report.verdict == "fails"


@pytest.mark.parametrize("name", ["none", "empty"])
def test_what_is_no_application_is_named(name: str, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match=r"is no folder|holds no sequence"):
        check_application(tmp_path / name)


@pytest.mark.parametrize(
    ("reference", "path"),
    [
        ("m2/a.pdf", "m2/a.pdf"),
        ("../0000/index.xml#id", "../0000/index.xml"),
        ("../../x2/0000/a.pdf", None),
        ("/etc/passwd", None),
        ("C:\\a.pdf", None),
        ("file:///etc/passwd", None),
        ("http://example.org/a.pdf", None),
        ("m2/../../0001/./a.pdf", "../0001/a.pdf"),
    ],
)
def test_a_reference_never_leaves_the_application(reference: str, path: str | None) -> None:
    assert resolved("index.xml", reference) == path


def damaged(data: bytes, draw: random.Random) -> bytes:
    """Bytes changed, cut, repeated, taken out or put in."""
    at = draw.randrange(len(data) + 1)
    end = min(len(data), at + draw.randint(1, 300))
    put = draw.choice(
        [b"<leaf/>", b"&x;", b"\0", b'"', b"<a>" * 2000, "中文".encode("gb18030"), b"../../../etc/passwd"]
    )
    return draw.choice([data[:at], data[:at] + put + data[at:], data[:at] + data[end:], data[:end] + data[at:]])


@pytest.mark.parametrize("seed", range(40))
def test_a_damaged_application_is_an_error_or_a_report(
    seed: int, clean: dict[str, Path], tmp_path: Path, assets: Assets
) -> None:
    draw = random.Random(f"damage/{seed}")
    kind = draw.choice(["generic", "trial", "biologic"])
    folder = Path(shutil.copytree(clean[kind], tmp_path / clean[kind].name))
    files = sorted(path for path in folder.rglob("*") if path.suffix in (".xml", ".pdf", ".dtd", ".xsd", ".txt"))
    for path in draw.sample(files, 3):
        path.write_bytes(damaged(path.read_bytes(), draw))
    try:
        report = check_application(folder, assets=draw.choice([assets, Assets(tmp_path / "none")]), progress=False)
    except BencaoError:
        return
    assert report.verdict != "passes", "three files are not what they were"
