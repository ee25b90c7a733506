"""Seeded defects: for each rule of NMPA's criteria, how a clean dossier is made to break it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pikepdf
from dossiers import add_bookmark, add_link, make_pdf, to_page
from lxml import etree
from pikepdf import Array, Dictionary, Name
from spoiling import REGIONAL, Package, heading, href, set_href, title

Spoil = Callable[[Package], None]
INDEX = "index.xml"


@dataclass(frozen=True)
class Defect:
    """One way to break a rule."""

    rule: str
    kind: str
    sequence: str
    spoil: Spoil


DEFECTS: list[Defect] = []


def defect(rule: str, kind: str = "new-drug", sequence: str = "0000") -> Callable[[Spoil], Spoil]:
    """Enter a defect."""

    def enter(spoil: Spoil) -> Spoil:
        DEFECTS.append(Defect(rule, kind, sequence, spoil))
        return spoil

    return enter


def on_both(index: str, regional: str, sequence: str = "0000") -> Callable[[Callable[[Package, str], None]], None]:
    """Enter a defect of index.xml and of the regional backbone."""

    def enter(spoil: Callable[[Package, str], None]) -> None:
        DEFECTS.append(Defect(index, "new-drug", sequence, lambda package: spoil(package, INDEX)))
        DEFECTS.append(Defect(regional, "new-drug", sequence, lambda package: spoil(package, REGIONAL)))

    return enter


# ---- 2.x: files and folders
@defect("2.1")
def _(package: Package) -> None:
    (package.folder / package.draw.choice(["m2/24-nonclin-over", "m3/33-lit-ref", "m1/cn/05", "util/other"])).mkdir()


@defect("2.2")
def _(package: Package) -> None:
    path = package.pdf()
    package.sealed = False
    with path.open("ab") as stream:
        stream.truncate((500 << 20) + 1 + package.draw.randrange(1000))  # sparse: takes no room


@defect("2.3")
def _(package: Package) -> None:
    (package.pdf().parent / "left-over.pdf").write_bytes(make_pdf("left over"))


@defect("2.3")
def _(package: Package) -> None:
    (package.folder / "m2/25-clin-over/Thumbs.db").write_bytes(b"x")


@defect("2.4")
def _(package: Package) -> None:
    _rename(package, lambda name: name.replace(".pdf", package.draw.choice([".docx", ".zip", ".pdf.exe", ""])))


@defect("2.5")
def _(package: Package) -> None:
    _rename(
        package,
        lambda name: package.draw.choice(
            ["Upper.pdf", "with space.pdf", "under_score.pdf", "中文.pdf", "a" * 62 + ".pdf"]
        ),
    )


@defect("2.5")
def _(package: Package) -> None:
    _rename(package, lambda name: "/".join(["deep-" + "x" * 50] * 3) + "/" + name)


def _rename(package: Package, new: Callable[[str], str]) -> None:
    def change(root: Any) -> None:
        leaf = package.leaf(root)
        old = href(leaf)
        folder, _, name = old.rpartition("/")
        told = f"{folder}/{new(name)}"
        (package.folder / told).parent.mkdir(parents=True, exist_ok=True)
        (package.folder / old).rename(package.folder / told)
        set_href(leaf, told)

    package.edit(INDEX, change)


@defect("2.6")
def _(package: Package) -> None:
    (package.folder / "m1" / package.draw.choice(["note.pdf", "cover.pdf"])).write_bytes(make_pdf("loose"))


@defect("2.7")
def _(package: Package) -> None:
    path = package.draw.choice(package.files("util/*/*"))
    package.draw.choice([lambda: path.unlink(), lambda: path.write_bytes(path.read_bytes() + b"\n")])()


@defect("2.8")
def _(package: Package) -> None:
    name = package.draw.choice(["readme.txt", "desktop.ini", "m6"])
    if name == "m6":
        (package.folder / name).mkdir()
        (package.folder / name / "a.pdf").write_bytes(make_pdf("a"))
    else:
        (package.folder / name).write_text("x")


@defect("2.9")
def _(package: Package) -> None:
    new = package.folder.with_name(package.draw.choice(["000", "00000", "seq0", "0000a"]))
    package.folder.rename(new)
    package.folder = new


@defect("2.10", sequence="0002")
def _(package: Package) -> None:
    gone = package.draw.choice(["0000", "0001"])
    (package.application / gone).rename(package.application.parent / ("gone-" + gone))


# ---- 3.x and 4.1.x: backbones
@defect("3.1")
def _(package: Package) -> None:
    path = package.folder / INDEX
    package.draw.choice([lambda: path.unlink(), lambda: path.write_bytes(path.read_bytes()[:-30])])()
    package.sealed = False


@defect("4.1.1")
def _(package: Package) -> None:
    path = package.folder / REGIONAL
    path.unlink()


@defect("3.2")
def _(package: Package) -> None:
    new = package.draw.choice(["ich-ectd-3-2.dtd", "http://www.ich.org/ich-ectd-3-2.dtd", "util/dtd/ich-ectd-3-0.dtd"])
    package.text(INDEX, r"util/dtd/ich-ectd-3-2\.dtd", new)


@defect("4.1.2")
def _(package: Package) -> None:
    new = package.draw.choice(
        ["cn-regional-1-0.xsd", "../../util/cn-regional-1-0.xsd", "C:/util/dtd/cn-regional-1-0.xsd"]
    )
    package.text(REGIONAL, r"\.\./\.\./util/dtd/cn-regional-1-0\.xsd", new)


@defect("3.3")
def _(package: Package) -> None:
    def change(root: Any) -> None:
        leaf = package.leaf(root)
        package.draw.choice(
            [
                lambda: leaf.set("colour", "red"),
                lambda: leaf.set("operation", "renew"),
                lambda: leaf.attrib.pop("checksum-type"),
                lambda: etree.SubElement(leaf.getparent(), "m9-other"),
                lambda: leaf.remove(title(leaf)),
            ]
        )()

    package.edit(INDEX, change)


@defect("4.1.3")
def _(package: Package) -> None:
    def change(root: Any) -> None:
        leaf = package.leaf(root)
        envelope = heading(root, "cn-envelope")
        package.draw.choice(
            [
                lambda: leaf.set("colour", "red"),
                lambda: leaf.set("operation", "renew"),
                lambda: envelope.remove(heading(root, "product-number")),
                lambda: root.set("schema-version", "9.9"),
                lambda: etree.SubElement(heading(root, "cn-content"), "{cn_ectd}cn-1-99"),
            ]
        )()

    package.edit(REGIONAL, change)


@on_both("3.4", "4.1.5")
def _(package: Package, path: str) -> None:
    package.edit(path, lambda root: _drop(package, path, package.leaf(root)))


def _drop(package: Package, path: str, leaf: Any) -> None:
    (package.folder / path).parent.joinpath(href(leaf)).unlink()


@on_both("3.5", "4.1.6", "0002")
def _(package: Package, path: str) -> None:
    def change(root: Any) -> None:
        leaf = package.leaf(root, "replace")
        again = _copy(leaf)
        leaf.addnext(again)

    package.edit(path, change)


def _copy(leaf: Any) -> Any:
    again = etree.fromstring(etree.tostring(leaf))
    again.set("ID", leaf.get("ID") + "-b")
    return again


@on_both("3.6", "4.1.7", "0002")
def _(package: Package, path: str) -> None:
    def change(root: Any) -> None:
        leaf = package.leaf(root, "replace")
        sequence = re.search(r"(\d{4})/", leaf.get("modified-file"))[1]
        here = (package.folder / path).parent / href(leaf)
        earlier = package.application / sequence / here.relative_to(package.folder)
        here.write_bytes(earlier.read_bytes())

    package.edit(path, change)


@on_both("3.7", "4.1.8")
def _(package: Package, path: str) -> None:
    package.edit(path, lambda root: set_href(package.leaf(root), package.draw.choice([None, ""])))


@on_both("3.8", "4.1.9", "0002")
def _(package: Package, path: str) -> None:
    def change(root: Any) -> None:
        other = package.leaf(root, "replace")
        set_href(package.leaf(root, "delete"), href(other))

    package.edit(path, change)


@on_both("3.9", "4.1.10", "0002")
def _(package: Package, path: str) -> None:
    package.edit(path, lambda root: package.leaf(root, "replace", "delete").attrib.pop("modified-file"))


@on_both("3.10", "4.1.11")
def _(package: Package, path: str) -> None:
    package.edit(path, lambda root: package.leaf(root).set("operation", package.draw.choice(["replace", "append"])))


@on_both("3.11", "3.11", "0002")
def _(package: Package, path: str) -> None:
    def change(root: Any) -> None:
        leaf = package.leaf(root, "replace", "delete")
        old = leaf.get("modified-file")
        new = [re.sub(r"#.*", "#id-none", old), old.replace(".xml", "-x.xml"), re.sub(r"\d{4}/", "0009/", old, count=1)]
        leaf.set("modified-file", package.draw.choice(new))

    package.edit(path, change)


@defect("3.12", sequence="0002")
def _(package: Package) -> None:
    def change(root: Any) -> None:
        leaf = package.leaf(root, "replace")
        if package.draw.random() < 0.5:
            set_href(leaf, package.draw.choice(["C:\\", "/", "file:///"]) + href(leaf).replace("/", "\\"))
        else:
            leaf.set("modified-file", leaf.get("modified-file").replace("/", "\\"))

    package.edit(package.draw.choice([INDEX, REGIONAL]), change)


@on_both("3.13", "4.1.12")
def _(package: Package, path: str) -> None:
    new = package.draw.choice(["sha1", "Md5", "MD-5"])
    package.edit(path, lambda root: package.leaf(root).set("checksum-type", new))


@on_both("3.14", "4.1.13")
def _(package: Package, path: str) -> None:
    def change(root: Any) -> None:
        leaf = package.leaf(root)
        told = leaf.get("checksum")
        leaf.set("checksum", package.draw.choice(["", told[:-1], ("0" if told[0] != "0" else "1") + told[1:]]))

    package.edit(path, change)
    package.sealed = False


@defect("3.15")
def _(package: Package) -> None:
    path = package.folder / "index-md5.txt"
    package.sealed = False
    package.draw.choice([lambda: path.write_text("0" * 32), lambda: path.write_text(""), lambda: path.unlink()])()


@defect("3.16")
def _(package: Package) -> None:
    package.edit(INDEX, lambda root: _extend(package.leaf(root), "3.2.R.1工艺验证"))


@defect("3.16", "biologic")
def _(package: Package) -> None:
    def change(root: Any) -> None:
        extension = heading(root, "node-extension")
        holder = extension.getparent()
        holder.append(heading(extension, "leaf"))
        holder.remove(extension)

    package.edit(INDEX, change)


def _extend(leaf: Any, text: str) -> None:
    """Put a node extension around a leaf, in its own namespace."""
    space = etree.QName(leaf).namespace
    holder = leaf.getparent()
    at = holder.index(leaf)
    extension = etree.Element(f"{{{space}}}node-extension" if space else "node-extension")
    etree.SubElement(extension, f"{{{space}}}title" if space else "title").text = text
    extension.append(leaf)
    holder.insert(at, extension)


@defect("3.17", "biologic")
def _(package: Package) -> None:
    new = package.draw.choice(["3.2.R.7其他", "稳定性", "3.2.R.1 Process validation"])

    def change(root: Any) -> None:
        title(heading(root, "node-extension")).text = new

    package.edit(INDEX, change)


@on_both("3.18", "4.1.17")
def _(package: Package, path: str) -> None:
    def change(root: Any) -> None:
        title(package.leaf(root)).text = package.draw.choice(["", "   ", None])

    package.edit(path, change)


@on_both("3.19", "4.1.18", "0002")
def _(package: Package, path: str) -> None:
    def change(root: Any) -> None:
        title(package.leaf(root, "delete")).text = "another title"

    package.edit(path, change)


@on_both("3.20", "4.1.19")
def _(package: Package, path: str) -> None:
    def change(root: Any) -> None:
        one = title(package.leaf(root))
        one.text = package.draw.choice([f" {one.text}", f"{one.text} ", f"\n{one.text}"])

    package.edit(path, change)


@defect("3.21")
def _(package: Package) -> None:
    def change(root: Any) -> None:
        module = heading(root, "m4-nonclinical-study-reports")
        etree.SubElement(module, package.draw.choice(["m4-3-literature-references"]))

    package.edit(INDEX, change)


@defect("4.1.20")
def _(package: Package) -> None:
    def change(root: Any) -> None:
        etree.SubElement(heading(root, "cn-content"), "{cn_ectd}cn-1-12")

    package.edit(REGIONAL, change)


@defect("3.22")
def _(package: Package) -> None:
    def change(root: Any) -> None:
        root.remove(heading(root, "m1-administrative-information-and-prescribing-information"))

    package.edit(INDEX, change)


@defect("3.23", sequence="0001")
def _(package: Package) -> None:
    package.edit(INDEX, lambda root: package.leaf(root, "replace").set("operation", "append"))


@defect("4.1.30", sequence="0001")
def _(package: Package) -> None:
    package.edit(REGIONAL, lambda root: package.leaf(root, "replace").set("operation", "append"))


@defect("3.24", sequence="0002")
def _(package: Package) -> None:
    def change(root: Any) -> None:
        leaf = package.leaf(root, "delete", "replace")
        if "efficacy" in href(leaf):
            leaf.getparent().set("indication", "another")
        elif leaf.get("operation") == "delete":
            heading(root, "m3-2-s-drug-substance").set("manufacturer", "maker-two")
        else:
            heading(root, "m2-7-3-summary-of-clinical-efficacy").append(leaf)

    package.edit(INDEX, change)


@defect("3.25")
def _(package: Package) -> None:
    name = package.draw.choice(["m2-7-3-summary-of-clinical-efficacy", "m5-3-5-reports-of-efficacy-and-safety-studies"])
    package.edit(INDEX, lambda root: heading(root, name).set("indication", package.draw.choice(["", "  "])))


@defect("3.26")
def _(package: Package) -> None:
    _blank(package, "manufacturer")


@defect("3.27")
def _(package: Package) -> None:
    _blank(package, "substance")


def _blank(package: Package, attribute: str) -> None:
    name = package.draw.choice(["m2-3-s-drug-substance", "m3-2-s-drug-substance"])
    package.edit(INDEX, lambda root: heading(root, name).set(attribute, package.draw.choice(["", " "])))


@defect("3.28")
def _(package: Package) -> None:
    def change(root: Any) -> None:
        element = heading(
            root, package.draw.choice(["m2-3-s-drug-substance", "m3-2-s-drug-substance", "m3-2-p-drug-product"])
        )
        key = package.draw.choice(sorted(element.attrib))
        element.set(key, package.draw.choice([" ", "\u3000"]) + element.get(key))

    package.edit(INDEX, change)


@on_both("3.29", "4.1.24", "0002")
def _(package: Package, path: str) -> None:
    def change(root: Any) -> None:
        leaf = package.leaf(root, "replace")
        ups = "../" * (path.count("/") + 2)
        if package.draw.random() < 0.5:
            leaf.set("modified-file", f"{ups}x202600009/0000/{path}#id-1")
        else:
            set_href(leaf, f"{ups}x202600009/0000/a.pdf")

    package.edit(path, change)


def _reuse(package: Package, path: str, operation: str, sequence: str, title_of: str) -> None:
    """Let a leaf of this sequence modify a leaf of an earlier one."""

    def change(root: Any) -> None:
        earlier = etree.parse(str(package.application / sequence / path)).getroot()
        told = next(one for one in package.leaves(earlier, pdf=False) if title(one).text == title_of)
        leaf = next(one for one in package.leaves(root, "replace") if title(one).text == title_of)
        leaf.set("modified-file", f"{'../' * (path.count('/') + 1)}{sequence}/{path}#{told.get('ID')}")
        leaf.set("operation", operation)
        if operation == "delete":
            _drop(package, path, leaf)
            set_href(leaf, None)

    package.edit(path, change)


_TWICE = {INDEX: "clinical-overview", REGIONAL: "label"}


@on_both("3.30", "4.1.25", "0002")
def _(package: Package, path: str) -> None:
    _reuse(package, path, "append", "0000", _TWICE[path])


@on_both("3.31", "4.1.26", "0002")
def _(package: Package, path: str) -> None:
    _reuse(package, path, "delete", "0000", _TWICE[path])


@on_both("3.32", "4.1.27", "0002")
def _(package: Package, path: str) -> None:
    _reuse(package, path, "replace", "0000", _TWICE[path])


@on_both("3.33", "4.1.28", "0002")
def _(package: Package, path: str) -> None:
    def change(root: Any) -> None:
        sequence = package.draw.choice(["0000", "0001"])
        earlier = etree.parse(str(package.application / sequence / path)).getroot()
        gone = {INDEX: "nomenclature", REGIONAL: "patents"}[path]
        told = next(one for one in package.leaves(earlier, pdf=False) if title(one).text == gone)
        leaf = package.leaf(root, "replace")
        leaf.set("modified-file", f"{'../' * (path.count('/') + 1)}{sequence}/{path}#{told.get('ID')}")

    package.edit(path, change)


@on_both("3.34", "4.1.29", "0002")
def _(package: Package, path: str) -> None:
    def earlier(root: Any) -> None:
        next(one for one in package.leaves(root) if title(one).text == _TWICE[path]).set("operation", "append")

    before = Package(package.application, "0001", package.draw)
    before.edit(path, earlier)
    before.reseal()
    package.edit(
        path,
        lambda root: next(one for one in package.leaves(root) if title(one).text == _TWICE[path]).set(
            "operation", "append"
        ),
    )


@defect("3.35", sequence="0002")
def _(package: Package) -> None:
    def change(root: Any) -> None:
        leaf = next(one for one in package.leaves(root, pdf=False) if "stf-" in href(one))
        first = etree.parse(str(package.application / "0000" / INDEX)).getroot()
        told = next(one for one in package.leaves(first, pdf=False) if "stf-pilot" in href(one))
        leaf.set("modified-file", f"../0000/index.xml#{told.get('ID')}")

    package.edit(INDEX, change)


@on_both("3.36", "4.1.31", "0002")
def _(package: Package, path: str) -> None:
    lang = "{http://www.w3.org/XML/1998/namespace}lang"
    package.edit(path, lambda root: package.leaf(root, "replace").set(lang, package.draw.choice(["en", "zh", "de"])))


@defect("4.1.4", sequence="0001")
def _(package: Package) -> None:
    before = Package(package.application, "0000", package.draw)
    before.edit(REGIONAL, lambda root: root.set("schema-version", package.draw.choice(["1.1", "2.0"])))
    before.reseal()


@defect("4.1.14", sequence="0001")
def _(package: Package) -> None:
    def change(root: Any) -> None:
        leaf = heading(heading(root, "cn-1-0"), "leaf")
        earlier = etree.parse(str(package.application / "0000" / REGIONAL)).getroot()
        told = heading(heading(earlier, "cn-1-0"), "leaf").get("ID")
        leaf.set("operation", package.draw.choice(["replace", "append"]))
        leaf.set("modified-file", f"../../../0000/{REGIONAL}#{told}")

    package.edit(REGIONAL, change)


@defect("4.1.15")
def _(package: Package) -> None:
    def change(root: Any) -> None:
        heading(heading(root, "cn-1-2"), "leaf").set("operation", package.draw.choice(["replace", "append"]))

    package.edit(REGIONAL, change)


@defect("4.1.16")
def _(package: Package) -> None:
    package.edit(REGIONAL, lambda root: _extend(package.leaf(root), "其他"))


@defect("4.1.21")
def _(package: Package) -> None:
    new = package.application.with_name(package.draw.choice(["x202600099", "application", "X202600001"]))
    package.application.rename(new)
    package.application, package.folder = new, new / package.folder.name


@defect("4.1.22")
def _(package: Package) -> None:
    _envelope(package, "sequence-number", "0001")


@defect("4.1.23")
def _(package: Package) -> None:
    def change(root: Any) -> None:
        leaf = package.leaf(root)
        old = href(leaf)
        told = package.draw.choice(["13", "cover", "12"]) + "/" + old.rsplit("/", 1)[-1]
        base = package.folder / "m1/cn"
        (base / told).parent.mkdir(exist_ok=True)
        (base / old).rename(base / told)
        set_href(leaf, told)

    package.edit(REGIONAL, change)


# ---- 4.2.x: envelope
def _envelope(package: Package, name: str, value: str) -> None:
    def change(root: Any) -> None:
        element = heading(root, name)
        if element.get("code") is not None:
            element.set("code", value)
        else:
            element.text = value

    package.edit(REGIONAL, change)


def _wrong_values(rule: str, name: str, *values: str, sequence: str = "0000") -> None:
    @defect(rule, sequence=sequence)
    def _(package: Package) -> None:
        _envelope(package, name, package.draw.choice(values))


_wrong_values("4.2.1", "application-id", "x20260001", "a202600001", "202600001", "x2026-0001")
_wrong_values("4.2.2", "application-type", "cnapt9", "", "NDA")
_wrong_values("4.2.3", "product-type", "cnprt3", "", "chemical")
_wrong_values("4.2.4", "product-number", "", "  ")
_wrong_values("4.2.5", "related-sequence", "0009", "1", "", "seq1")
_wrong_values("4.2.6", "regulatory-activity-type", "cnrat10", "", "original")
_wrong_values("4.2.7", "sequence-number", "000", "", "00001", "seq")
_wrong_values("4.2.8", "sequence-type", "cnsqt5", "", "response")
_wrong_values("4.2.9", "sequence-description", "", "说" * 121)
_wrong_values("4.2.10", "regulatory-activity-type", "cnrat5", "cnrat7")
_wrong_values("4.2.10", "sequence-type", "cnsqt4")
_wrong_values("4.2.11", "related-sequence", "0001", sequence="0001")
_wrong_values("4.2.12", "sequence-type", "cnsqt1", "cnsqt4", sequence="0001")
_wrong_values("4.2.13", "product-number", "2026000009", sequence="0001")
_wrong_values("4.2.13", "application-type", "cnapt3", sequence="0001")
_wrong_values("4.2.13", "product-type", "cnprt2", sequence="0001")
_wrong_values("4.2.14", "regulatory-activity-type", "cnrat2", "cnrat6", sequence="0001")


# ---- 4.3.x: completeness
def _without(rule: str, kind: str, *headings: str) -> None:
    @defect(rule, kind)
    def _(package: Package) -> None:
        def change(root: Any) -> None:
            element = heading(root, package.draw.choice(headings))
            for leaf in package.leaves(element):
                _drop(package, REGIONAL, leaf)
            element.getparent().remove(element)

        package.edit(REGIONAL, change)


def _with(rule: str, kind: str, parent: str, *headings: str) -> None:
    @defect(rule, kind)
    def _(package: Package) -> None:
        def change(root: Any) -> None:
            name = package.draw.choice(headings)
            holder = etree.Element(f"{{cn_ectd}}{name}")
            holder.append(_copy(package.leaf(root)))
            heading(root, parent).append(holder)

        package.edit(REGIONAL, change)


for _rule, _kind in (("4.3.1", "new-drug"), ("4.3.3", "generic")):
    _without(_rule, _kind, "cn-1-2", "cn-1-3-1-2", "cn-1-3-2", "cn-1-3-3", "cn-1-3-8-1", "cn-1-3-8-2", "cn-1-11")
for _rule, _kind in (("4.3.2", "new-drug"), ("4.3.4", "generic")):
    _with(_rule, _kind, "cn-1-3-1", "cn-1-3-1-1")
    _with(_rule, _kind, "cn-1-3-2", "cn-1-3-2-1")
    _with(_rule, _kind, "cn-1-3", "cn-1-3-4")
_with("4.3.4", "generic", "cn-content", "cn-1-12")
_without("4.3.5", "trial", "cn-1-2", "cn-1-3-1-1", "cn-1-3-2", "cn-1-3-4-1", "cn-1-3-4-2", "cn-1-3-4", "cn-1-11")
_with("4.3.6", "trial", "cn-1-3-1", "cn-1-3-1-2")
_with("4.3.6", "trial", "cn-1-3", "cn-1-3-5", "cn-1-3-6")
_without("4.3.7", "safety", "cn-1-8-1", "cn-1-8")
_with("4.3.8", "safety", "cn-1-8", "cn-1-8-2")


@defect("4.3.9")
def _(package: Package) -> None:
    def change(root: Any) -> None:
        leaf = heading(heading(root, "cn-1-3-2-2"), "leaf")
        for number in range(package.draw.choice([1, 2, 3])):
            again = _copy(leaf)
            again.set("ID", f"{leaf.get('ID')}-{number}")
            leaf.addnext(again)

    package.edit(REGIONAL, change)


# ---- 5.x: study tagging files
def on_study(rule: str, sequence: str = "0000") -> Callable[[Callable[[Package, Any], None]], None]:
    """Enter a defect of a study tagging file."""

    def enter(spoil: Callable[[Package, Any], None]) -> None:
        @defect(rule, sequence=sequence)
        def _(package: Package) -> None:
            package.edit(package.study(), lambda root: spoil(package, root))

    return enter


_TAGGED = "{http://www.w3.org/1999/xlink}href"


def _document(package: Package, root: Any) -> Any:
    return package.draw.choice(list(root.iter("doc-content")))


@on_study("5.1")
def _(package: Package, root: Any) -> None:
    package.draw.choice(
        [
            lambda: root.set("colour", "red"),
            lambda: root.remove(root.find("study-document")),
            lambda: root.find("study-identifier").remove(root.find("study-identifier/title")),
            lambda: _document(package, root).attrib.pop(_TAGGED),
        ]
    )()


@on_study("5.2")
def _(package: Package, root: Any) -> None:
    one = _document(package, root)
    told = one.get(_TAGGED)
    one.set(
        _TAGGED, package.draw.choice([told + "x", told.replace("index.xml", "indx.xml"), told.replace("../", "", 1)])
    )


@on_study("5.3")
def _(package: Package, root: Any) -> None:
    block = etree.SubElement(root.find("study-document"), "content-block")
    etree.SubElement(block, "block-title").text = "more"


@on_study("5.4")
def _(package: Package, root: Any) -> None:
    one = _document(package, root)
    one.set(_TAGGED, one.get(_TAGGED).replace("/", "\\"))


@on_study("5.5")
def _(package: Package, root: Any) -> None:
    root.find(".//category").text = package.draw.choice(["", "  "])


@on_study("5.6")
def _(package: Package, root: Any) -> None:
    root.find(".//study-id").text = package.draw.choice(["", "  "])


@on_study("5.7")
def _(package: Package, root: Any) -> None:
    root.find("study-identifier/title").text += package.draw.choice([" (final)", "."])


@on_study("5.8")
def _(package: Package, root: Any) -> None:
    if package.draw.random() < 0.5:
        _document(package, root).find("file-tag").set("name", package.draw.choice(["csr", "study-report", "protocol"]))
    else:
        root.find(".//category").text = package.draw.choice(["sham", "none"])


@defect("5.9", sequence="0001")
def _(package: Package) -> None:
    def change(root: Any) -> None:
        leaf = next(one for one in package.leaves(root, pdf=False) if "stf-" in href(one))
        first = etree.parse(str(package.application / "0000" / INDEX)).getroot()
        told = next(one for one in package.leaves(first) if title(one).text in ("study-report", "synopsis"))
        leaf.set("modified-file", f"../0000/index.xml#{told.get('ID')}")

    package.edit(INDEX, change)


@on_study("5.10")
def _(package: Package, root: Any) -> None:
    for one in list(root.iter("category")):
        one.getparent().remove(one)


@on_study("5.11")
def _(package: Package, root: Any) -> None:
    index = etree.parse(str(package.folder / INDEX)).getroot()
    other = next(one for one in package.leaves(index, pdf=False) if "stf-" in href(one))
    one = _document(package, root)
    one.set(_TAGGED, one.get(_TAGGED).partition("#")[0] + "#" + other.get("ID"))


@on_study("5.12")
def _(package: Package, root: Any) -> None:
    for one in list(root.iter("doc-content")):
        one.getparent().remove(one)


@on_study("5.13", "0001")
def _(package: Package, root: Any) -> None:
    root.find(".//study-id").text = package.draw.choice(["PILOT-1", "pilot", "OTHER"])


@defect("5.14")
def _(package: Package) -> None:
    def change(root: Any) -> None:
        leaf = next(one for one in package.leaves(root, pdf=False) if "stf-" in href(one))
        heading(
            root, package.draw.choice(["m2-5-clinical-overview", "m5-2-tabular-listing-of-all-clinical-studies"])
        ).append(leaf)

    package.edit(INDEX, change)


@on_study("5.15")
def _(package: Package, root: Any) -> None:
    one = _document(package, root)
    tag = one.find("file-tag")
    package.draw.choice([lambda: one.remove(tag), lambda: one.append(etree.fromstring(etree.tostring(tag)))])()


@defect("5.16")
def _(package: Package) -> None:
    def change(root: Any) -> None:
        holder = etree.SubElement(
            heading(root, "m5-3-clinical-study-reports"), "m5-3-7-case-report-forms-and-individual-patient-listings"
        )
        holder.append(_copy(package.leaf(root)))

    package.edit(INDEX, change)


@on_study("5.17")
def _(package: Package, root: Any) -> None:
    one = _document(package, root)
    one.getparent().remove(one)


@on_study("5.18")
def _(package: Package, root: Any) -> None:
    name = package.draw.choice(["data-tabulation-dataset-sdtm", "data-tabulation-data-definition"])
    tag = next(one for one in root.iter("file-tag") if one.get("name") == name)
    tag.set("name", package.draw.choice(["study-report-body", "synopsis", "ecg"]))


@on_study("5.19")
def _(package: Package, root: Any) -> None:
    name = package.draw.choice(["data-tabulation-data-definition", "data-tabulation-dataset-sdtm"])
    tag = next(one for one in root.iter("file-tag") if one.get("name") == name)
    if name.endswith("sdtm"):
        tag.set("name", "analysis-dataset-adam")
    else:
        tag.getparent().getparent().remove(tag.getparent())


@defect("5.20")
def _(package: Package) -> None:
    def change(root: Any) -> None:
        leaf = next(one for one in package.leaves(root, pdf=False) if href(one).endswith("dm.xpt"))
        again = _copy(leaf)
        other = (package.folder / href(leaf)).parent / "more" / "dm.xpt"
        other.parent.mkdir()
        other.write_bytes((package.folder / href(leaf)).read_bytes() + b"more")
        set_href(again, other.relative_to(package.folder).as_posix())
        leaf.addnext(again)
        ids.append((leaf.get("ID"), again.get("ID")))

    def tag(root: Any) -> None:
        one = next(one for one in root.iter("doc-content") if one.get(_TAGGED).endswith(ids[0][0]))
        again = etree.fromstring(etree.tostring(one))
        again.set(_TAGGED, one.get(_TAGGED) + "-b")
        one.addnext(again)

    ids: list[tuple[str, str]] = []
    package.edit(INDEX, change)
    package.edit(package.study(), tag)


# ---- 6.x: PDF
def on_pdf(rule: str, pages: int = 1, **options: Any) -> Callable[[Callable[[Package, pikepdf.Pdf], None]], None]:
    """Enter a defect of one PDF."""

    def enter(spoil: Callable[[Package, pikepdf.Pdf], None]) -> None:
        @defect(rule)
        def _(package: Package) -> None:
            package.pdf().write_bytes(make_pdf("text", pages, lambda document: spoil(package, document), **options))

    return enter


@defect("6.1")
def _(package: Package) -> None:
    path = package.pdf()
    path.write_bytes(package.draw.choice([b"", b"%PDF-1.7\nnothing", b"PK\x03\x04 a zip"]))


def _jump(bookmark: str, link: str, kind: str | None, **choices: Any) -> None:
    """Enter one action as a defect of a bookmark and of a link; a list of values is drawn from."""

    def told(package: Package, document: pikepdf.Pdf) -> dict[str, Any]:
        return {
            key: package.draw.choice(value)
            if isinstance(value, list)
            else value(document)
            if callable(value)
            else value
            for key, value in choices.items()
        }

    on_pdf(bookmark)(lambda package, document: add_bookmark(document, "1", kind, **told(package, document)))
    on_pdf(link)(lambda package, document: add_link(document, kind, **told(package, document)))


_jump("6.2", "6.9", "GoToR", F=["C:/files/a.pdf", "/m2/a.pdf", "\\\\server\\a.pdf", "file:///a.pdf"], D=None)
_jump("6.3", "6.10", "URI", URI=["https://example.org", "mailto:ra@example.org", "ftp://example.org/a"])
_jump("6.4", "6.11", "Named", N=Name.NextPage)
_jump("6.4", "6.11", "SubmitForm", F="a")
_jump("6.5", "6.12", None)
_jump("6.6", "6.13", "GoTo", D=["nowhere", "missing-name"])
_jump("6.6", "6.13", "GoToR", F=["none.pdf", "../none/none.pdf", "../../../m2/none.pdf"])
_jump("6.7", "6.14", "GoTo", D=to_page, Next=lambda document: Dictionary(S=Name.GoTo, D=to_page(document)))
_jump("6.8", "6.15", "GoTo", D=lambda document: to_page(document, 1.5))
_jump("6.8", "6.15", "GoTo", D=lambda document: Array([document.pages[0].obj, Name.Fit]))


@defect("6.16")
def _(package: Package) -> None:
    version = package.draw.choice(["1.2", "1.3", "2.0"])
    package.pdf().write_bytes(
        make_pdf("text", force_version=version, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    )


@on_pdf("6.17")
def _(package: Package, document: pikepdf.Pdf) -> None:
    document.attachments["more.txt"] = b"more"


@on_pdf("6.18")
def _(package: Package, document: pikepdf.Pdf) -> None:
    kind = package.draw.choice(["Text", "Highlight", "FreeText", "Stamp", "Ink"])
    note = Dictionary(Type=Name.Annot, Subtype=Name("/" + kind), Rect=Array([9, 9, 20, 20]))
    document.pages[0].obj.Annots = Array([document.make_indirect(note)])


@on_pdf("6.19", encryption=pikepdf.Encryption(owner="owner", user=""))
def _(package: Package, document: pikepdf.Pdf) -> None:
    pass


@on_pdf("6.21", encryption=pikepdf.Encryption(owner="owner", user="user"))
def _(package: Package, document: pikepdf.Pdf) -> None:
    pass


@on_pdf("6.20", pages=6)
def _(package: Package, document: pikepdf.Pdf) -> None:
    package.draw.choice(
        [
            lambda: document.Root.__setattr__("PageMode", Name.UseNone),
            lambda: document.Root.__setattr__("PageLayout", Name.TwoColumnLeft),
            lambda: document.Root.__setattr__("OpenAction", Array([document.pages[0].obj, Name.Fit])),
        ]
    )()


@on_pdf("6.22", linearize=False)
def _(package: Package, document: pikepdf.Pdf) -> None:
    pass


@on_pdf("6.23", pages=7)
def _(package: Package, document: pikepdf.Pdf) -> None:
    del document.Root.Outlines


@on_pdf("6.24")
def _(package: Package, document: pikepdf.Pdf) -> None:
    script = Dictionary(S=Name.JavaScript, JS=pikepdf.String("app.alert(1)"))
    film = Dictionary(Type=Name.Annot, Subtype=Name(package.draw.choice(["/Movie", "/RichMedia", "/Sound", "/3D"])))
    package.draw.choice(
        [
            lambda: document.Root.__setattr__("OpenAction", script),
            lambda: document.pages[0].obj.__setattr__("Annots", Array([film])),
            lambda: document.pages[0].obj.__setattr__("AA", Dictionary(O=script)),
        ]
    )()


@on_pdf("6.25")
def _(package: Package, document: pikepdf.Pdf) -> None:
    image = document.make_stream(b"\xff" * 3, Type=Name.XObject, Subtype=Name.Image, Width=1, Height=1)
    image.ColorSpace, image.BitsPerComponent = Name.DeviceRGB, 8
    document.pages[0].obj.Resources = Dictionary(XObject=Dictionary(Im1=image))
    document.pages[0].obj.Contents = document.make_stream(b"q 500 0 0 700 0 0 cm /Im1 Do Q")


@on_pdf("6.26")
def _(package: Package, document: pikepdf.Pdf) -> None:
    name = package.draw.choice(["/Calibri", "/Helvetica", "/MicrosoftYaHei", "/Verdana-Bold"])
    document.pages[0].obj.Resources.Font.F1.BaseFont = Name(name)
