"""Small whole dossiers for the checks of eCTD: built by the product's builder, from documents made here."""

from __future__ import annotations

import csv
import io
import shutil
import tarfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf
import yaml
from pikepdf import Array, Dictionary, Name

from bencao.submission.ectd.application import md5_of
from bencao.submission.ectd.build.building import build_sequence
from bencao.submission.ectd.region.assets import Assets, import_assets
from bencao.submission.ectd.region.codes import cn_codes, cn_combinations

STYLES = ("ectd-2-0.xsl", "cn-regional-1-0.xsl", "ich-stf-stylesheet-2-3.xsl", "ich-stf-stylesheet-2-2a.xsl")
NEW_DRUG = (
    ("1.0", "cover-letter"),
    ("1.2", "application-form"),
    ("1.3.1.2", "label"),
    ("1.3.2.2", "pack"),
    ("1.3.3", "specification"),
    ("1.3.8.1", "substance-proof"),
    ("1.3.8.2", "patents"),
    ("1.11.1", "applicant"),
)
TRIAL = (
    ("1.0", "cover-letter"),
    ("1.2", "application-form"),
    ("1.3.1.1", "drug-information"),
    ("1.3.2.1", "pack"),
    ("1.3.3", "specification"),
    ("1.3.4.1", "trial-plan"),
    ("1.3.4.2", "consent"),
    ("1.3.4.3", "brochure"),
    ("1.3.8.1", "substance-proof"),
    ("1.3.8.2", "patents"),
    ("1.11.1", "applicant"),
)
COLUMNS = ("heading", "attributes", "file", "title", "operation", "modifies", "extension", "study", "tag")
SUBSTANCE = "substance=xanomeline; manufacturer=maker-one"
BODY = (
    ("2.3.S", SUBSTANCE, "qos-substance", "", ""),
    ("2.5", "", "clinical-overview", "", ""),
    ("2.7.3", "indication=alzheimer", "efficacy", "", ""),
    ("2.7.5", "", "references", "", ""),
    ("3.2.S.1.1", SUBSTANCE, "nomenclature", "", ""),
    ("3.2.S.4.1", SUBSTANCE, "substance-spec", "", ""),
    ("3.2.P.1", "product-name=patch; dosageform=patch", "composition", "", ""),
    ("4.2.3.1", "", "single-dose", "TOX1", "pre-clinical-study-report"),
    ("5.2", "", "listing", "", ""),
    ("5.3.5.1", "", "study-report", "PILOT", "study-report-body"),
    ("5.3.5.1", "", "synopsis", "PILOT", "synopsis"),
    ("5.3.5.1", "", "dm.xpt", "PILOT", "data-tabulation-dataset-sdtm"),
    ("5.3.5.1", "", "define.xml", "PILOT", "data-tabulation-data-definition"),
)
STUDIES: list[dict[str, Any]] = [
    {
        "id": "TOX1",
        "heading": "4.2.3.1",
        "title": "Single dose toxicity in the rat",
        "categories": {"species": "rat", "route-of-admin": "oral"},
    },
    {
        "id": "PILOT",
        "heading": "5.3.5.1",
        "title": "Efficacy and safety of the patch",
        "attributes": {"indication": "alzheimer"},
        "categories": {"type-of-control": "placebo"},
    },
]


@dataclass(frozen=True)
class Kind:
    """A kind of application: its types, and its headings of module 1."""

    application: str
    types: tuple[str, str, str]
    module_1: tuple[tuple[str, str], ...]


KINDS = {
    "new-drug": Kind("x202600001", ("cnapt2", "cnprt1", "cnrat1"), NEW_DRUG),
    "generic": Kind("x202600002", ("cnapt3", "cnprt1", "cnrat1"), NEW_DRUG),
    "trial": Kind("x202600003", ("cnapt1", "cnprt1", "cnrat1"), TRIAL),
    "biologic": Kind("y202600004", ("cnapt2", "cnprt2", "cnrat1"), NEW_DRUG),
    "safety": Kind("x202600005", ("cnapt1", "cnprt1", "cnrat7"), (("1.0", "cover-letter"), ("1.8.1.1", "dsur"))),
}


def official(data: Path, to: Path) -> Assets:
    """The official files at hand, and stand-ins for those that are not, with their checksums.

    The ICH style sheet is that of the EU's sample sequences. The stand-ins are style sheets that show nothing, and
    the two vocabularies as the package's tables know them.
    """
    if not to.exists():
        stage = to.with_name(to.name + "-stage")
        shutil.rmtree(stage, ignore_errors=True)
        shutil.copytree(data / "nmpa", stage)
        shutil.copytree(data / "ich", stage / "ich")
        for name in STYLES[1:]:
            (stage / name).write_text(STYLE, encoding="utf-8")
        (stage / "cv-regulatory-activity-type.xml").write_text(
            "<controlled-vocabulary>"
            + "".join(f'<code name="{code}"/>' for code in cn_codes("regulatory-activity-type"))
            + "</controlled-vocabulary>"
        )
        tree: dict[str, dict[str, list[str]]] = {}
        for application, activity, sequence in sorted(cn_combinations()):
            tree.setdefault(application, {}).setdefault(activity, []).append(sequence)
        inner = "".join(
            f'<code name="{one}">'
            + "".join(
                f'<code name="{two}">' + "".join(f'<code name="{three}"/>' for three in threes) + "</code>"
                for two, threes in twos.items()
            )
            + "</code>"
            for one, twos in tree.items()
        )
        (stage / "depend-apt-rat-sqt.xml").write_text(f"<dependency>{inner}</dependency>")
        (stage / "cn-single-leaf-elements.txt").write_text("cn-1-1 cn-1-3-2-1 cn-1-3-2-2 cn-1-4-1\n")
        _ich_style(data / "eu_sample_sequences.tgz", stage / STYLES[0])
        named = ["ich-stf-v2-2.dtd", "valid-values.xml", "cn-regional-1-0.xsd", "xlink.xsd", "xml.xsd"]
        lines = [f"{name}\t{md5_of(stage / name)}" for name in (*named, *STYLES[1:])]
        (stage / "checksums.tsv").write_text("\n".join(["file\tmd5", *lines]) + "\n")
        import_assets(stage, to)
        shutil.rmtree(stage)
    return Assets(to)


def _ich_style(archive: Path, to: Path) -> None:
    """The ICH style sheet, which lies in the EU's sample sequences."""
    with tarfile.open(archive) as samples:
        member = next(one for one in samples if one.name.endswith(f"util/style/{STYLES[0]}"))
        stream = samples.extractfile(member)
        assert stream is not None
        to.write_bytes(stream.read())


STYLE = '<?xml version="1.0"?><xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"/>\n'


def make_pdf(text: str, pages: int = 1, change: Callable[[pikepdf.Pdf], None] | None = None, **options: Any) -> bytes:
    """A clean PDF of some pages, with bookmarks where there are more than five; `change` may spoil it."""
    document = pikepdf.new()
    for number in range(pages):
        page = document.add_blank_page(page_size=(595, 842))
        font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name("/TimesNewRoman"))
        page.obj.Resources = Dictionary(Font=Dictionary(F1=font))
        page.obj.Contents = document.make_stream(f"BT /F1 12 Tf 50 700 Td ({text} {number + 1}) Tj ET".encode())
    if pages > 5:
        add_bookmark(document, "1", D=Array([document.pages[0].obj, Name.XYZ, None, None, None]))
        document.Root.PageMode = Name.UseOutlines
    if change is not None:
        change(document)
    stream = io.BytesIO()
    # Forcing a version would take the encryption off again; its ID cannot be drawn from the content.
    told = {"encryption": None} if "encryption" in options else {"force_version": "1.7", "deterministic_id": True}
    told = {"linearize": True, **told, **options}
    document.save(stream, **told)
    return stream.getvalue()


def add_bookmark(document: pikepdf.Pdf, title: str, kind: str | None = "GoTo", **action: Any) -> None:
    """Make a bookmark the only one; `kind` None gives it no action."""
    item = Dictionary(Title=pikepdf.String(title))
    if kind is not None:
        item.A = Dictionary(S=Name("/" + kind), **action)
    item = document.make_indirect(item)
    outlines = document.make_indirect(Dictionary(Type=Name.Outlines, First=item, Last=item, Count=1))
    item.Parent = outlines
    document.Root.Outlines = outlines
    document.Root.PageMode = Name.UseOutlines


def add_link(document: pikepdf.Pdf, kind: str | None = "GoTo", **action: Any) -> None:
    """Add a link to the first page; `kind` None gives it no action."""
    link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([50, 50, 100, 100]))
    if kind is not None:
        link.A = Dictionary(S=Name("/" + kind), **action)
    document.pages[0].obj.Annots = Array([document.make_indirect(link)])


def to_page(document: pikepdf.Pdf, zoom: float | None = None) -> Array:
    """A destination on the first page."""
    return Array([document.pages[0].obj, Name.XYZ, None, None, zoom])


def build(kind: str, work: Path, assets: Assets, more: Iterable[tuple[str, ...]] = ()) -> Path:
    """A clean application of a kind, in a folder of its own: one sequence, of a new drug five."""
    told = KINDS[kind]
    source = work / "source"
    source.mkdir(parents=True, exist_ok=True)
    body = BODY if kind != "safety" else ()
    extra = (("3.2.R", "", "stability-charts", "", "", "3.2.R.4稳定性图谱"),) if kind == "biologic" else ()
    rows = [(heading, "", f"{name}.pdf", name, "new", "", "", "", "") for heading, name in told.module_1]
    rows += [_row(*one) for one in (*body, *extra, *more)]
    studies = STUDIES if kind != "safety" else []
    _sequence(source, told, "0000", "cnsqt1", "0000", rows, studies)
    build_sequence(source / "submission.yaml", work, assets=assets)
    if kind == "new-drug":
        _lifecycle(source, work, told, assets)
    shutil.rmtree(source)
    return work / told.application


def _row(heading: str, attributes: str, name: str, study: str, tag: str, extension: str = "") -> tuple[str, ...]:
    file = name if "." in name else f"{name}.pdf"
    return (heading, attributes, file, name, "new", "", extension, study, tag)


_DRUG = "m3/32-body-data/32s-drug-sub/xanomeline-maker-one"
_SPEC = f"{_DRUG}/32s4-contr-drug-sub/32s41-spec"


def _change(heading: str, attributes: str, name: str, operation: str, target: str = "") -> tuple[str, ...]:
    file = "" if operation == "delete" else f"{name}.pdf"
    return (heading, attributes, file, name, operation, target, "", "", "")


def _lifecycle(source: Path, work: Path, told: Kind, assets: Assets) -> None:
    """Four more sequences: replace, delete, append to a study, replace what replaced, delete what was new."""
    cover = _change("1.0", "", "cover-letter", "new")
    second = [
        cover,
        _change("2.5", "", "clinical-overview", "replace", "0000/m2/25-clin-over/clinical-overview.pdf"),
        _change("3.2.S.1.1", SUBSTANCE, "nomenclature", "delete", f"0000/{_DRUG}/32s1-gen-info/nomenclature.pdf"),
        _row("5.3.5.1", "", "protocol", "PILOT", "protocol-or-amendment"),
        _change("1.3.1.2", "", "label", "replace", "0000/m1/cn/03/label.pdf"),
        _change("1.3.8.2", "", "patents", "delete", "0000/m1/cn/03/patents.pdf"),
    ]
    _sequence(source, told, "0001", "cnsqt2", "0000", second, [STUDIES[1]], version="second")
    build_sequence(source / "submission.yaml", work, assets=assets)
    third = [
        cover,
        _change("2.5", "", "clinical-overview", "replace", "0001/m2/25-clin-over/clinical-overview.pdf"),
        _change("2.7.3", "indication=alzheimer", "efficacy", "replace", "0000/m2/27-clin-sum/efficacy.pdf"),
        _change("3.2.S.4.1", SUBSTANCE, "substance-spec", "delete", f"0000/{_SPEC}/substance-spec.pdf"),
        _row("5.3.5.1", "", "amendment", "PILOT", "protocol-or-amendment"),
        _change("1.3.1.2", "", "label", "replace", "0001/m1/cn/03/label.pdf"),
        _change("1.3.2.2", "", "pack", "delete", "0000/m1/cn/03/pack.pdf"),
    ]
    _sequence(source, told, "0002", "cnsqt2", "0000", third, [STUDIES[1]], version="third")
    build_sequence(source / "submission.yaml", work, assets=assets)
    fourth = [
        cover,
        _change("2.5", "", "clinical-overview", "replace", "0002/m2/25-clin-over/clinical-overview.pdf"),
        _row("3.3", "", "literature", "", ""),
        _change("1.3.1.2", "", "label", "replace", "0002/m1/cn/03/label.pdf"),
    ]
    _sequence(source, told, "0003", "cnsqt2", "0000", fourth, [], version="fourth")
    build_sequence(source / "submission.yaml", work, assets=assets)
    fifth = [
        cover,
        _change("3.3", "", "literature", "delete", "0003/m3/33-lit-ref/literature.pdf"),
        _change("5.2", "", "listing", "replace", "0000/m5/52-tab-list/listing.pdf"),
        _change("1.11.1", "", "applicant", "replace", "0000/m1/cn/11/applicant.pdf"),
    ]
    _sequence(source, told, "0004", "cnsqt2", "0000", fifth, [], version="fifth")
    build_sequence(source / "submission.yaml", work, assets=assets)


def _sequence(
    source: Path,
    told: Kind,
    number: str,
    kind: str,
    related: str,
    rows: list[tuple[str, ...]],
    studies: list[dict[str, Any]],
    version: str = "first",
) -> None:
    application, product, activity = told.types
    manifest = {
        "application": told.application,
        "region": "cn",
        "sequence": number,
        "envelope": {
            "application-type": application,
            "product-type": product,
            "product-number": "2026000001",
            "related-sequence": related,
            "regulatory-activity-type": activity,
            "sequence-type": kind,
            "description": "示例药品的申报资料",
            "contact": {"name": "注册事务部", "phone": "010-00000000", "email": "ra@example.org"},
        },
        "studies": studies,
    }
    (source / "submission.yaml").write_text(yaml.safe_dump(manifest, allow_unicode=True), encoding="utf-8")
    with (source / "leaves.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(
            ["heading", "attributes", "file", "title", "operation", "modifies", "extension", "study", "tag"]
        )
        for row in rows:
            writer.writerow(row)
            if row[2]:
                (source / row[2]).write_bytes(_document(row[2], f"{row[3]} {number} {version}"))


def _document(name: str, text: str) -> bytes:
    if name.endswith(".xpt"):
        return b"HEADER RECORD*******LIBRARY HEADER RECORD!!!!!!!000000000000000000000000000000  " + text.encode()
    if name.endswith(".xml"):
        return f"<?xml version='1.0'?><ODM>{text}</ODM>".encode()
    return make_pdf(text, pages=6 if "report" in name or "overview" in name else 1)
