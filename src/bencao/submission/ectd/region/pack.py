"""The regions: where each one's module 1 lies, and which of its official files a user must bring."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bencao.submission.ectd.region.elements import Element, cn_elements
from bencao.submission.errors import RegionFilesMissing


@dataclass(frozen=True)
class Region:
    """One region's way of filing.

    Parameters
    ----------
    code : str
        ``cn``, ``eu`` or ``ich`` (modules 2 to 5 alone).
    english, chinese : str
        Who it is.
    backbone : str
        The regional backbone's path in the sequence, "" where there is none.
    definition : str
        Name of its DTD or schema in ``util/dtd``.
    util : tuple of str
        Official files that a sequence carries under ``util``.
    """

    code: str
    english: str
    chinese: str
    backbone: str
    definition: str
    util: tuple[str, ...]

    @property
    def elements(self) -> Mapping[str, Element]:
        """Elements of its module 1, by name; empty where it has no table."""
        return cn_elements() if self.code == "cn" else {}


_ICH = ("dtd/ich-ectd-3-2.dtd", "style/ectd-2-0.xsl")
STF = ("dtd/ich-stf-v2-2.dtd", "dtd/valid-values.xml", "style/ich-stf-stylesheet-2-3.xsl")
REGIONS: Mapping[str, Region] = {
    "cn": Region(
        "cn",
        "China (NMPA)",
        "中国（国家药监局）",
        "m1/cn/cn-regional.xml",
        "cn-regional-1-0.xsd",
        (*_ICH, "dtd/cn-regional-1-0.xsd", "dtd/xlink.xsd", "dtd/xml.xsd", "style/cn-regional-1-0.xsl"),
    ),
    "eu": Region(
        "eu",
        "European Union (EMA)",
        "欧盟（EMA）",
        "m1/eu/eu-regional.xml",
        "eu-regional.dtd",
        (*_ICH, "dtd/eu-regional.dtd", "dtd/eu-envelope.mod", "dtd/eu-leaf.mod", "style/eu-regional.xsl"),
    ),
    "ich": Region("ich", "ICH (modules 2 to 5)", "ICH（模块二至五）", "", "", _ICH),
}
_ELSEWHERE = {
    "us": "the FDA's us-regional-v3-3.dtd, its valid-value lists and module 1 headings",
    "jp": "the PMDA's jp-regional-1-0.xsd and its code lists",
    "4.0": "the eCTD v4.0 implementation package of ICH and the region's controlled vocabularies",
}


def region_of(code: str, where: str = "") -> Region:
    """The region of a code.

    Raises
    ------
    RegionFilesMissing
        Where the region's official files are not free to ship and the package has no table of it: it names them.
    """
    region = REGIONS.get(code.lower())
    if region is None:
        needed = _ELSEWHERE.get(code.lower(), "the region's definition of module 1, its code lists and its rules")
        raise RegionFilesMissing(
            f"there is no table for the region {code!r}: it would need {needed}",
            where=where,
            mend=f"regions at hand: {', '.join(REGIONS)}",
        )
    return region
