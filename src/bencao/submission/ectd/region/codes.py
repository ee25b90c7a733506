"""China's controlled vocabularies and the values of study tagging files, as the package knows them."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass

from bencao.submission.ectd.region.elements import table


@dataclass(frozen=True)
class Code:
    """One code of a controlled vocabulary."""

    code: str
    version: str
    english: str
    chinese: str

    def name(self, lang: str) -> str:
        """What it means, in ``en`` or ``zh``."""
        return self.chinese if lang == "zh" else self.english


@functools.cache
def cn_codes(vocabulary: str) -> Mapping[str, Code]:
    """Codes of ``application-type``, ``product-type``, ``regulatory-activity-type`` or ``sequence-type``.

    From the attachments to NMPA's eCTD specification V1.1.
    """
    return {
        row["code"]: Code(row["code"], row["version"], row["en"], row["zh"])
        for row in table("cn_codes.tsv")
        if row["list"] == vocabulary
    }


@functools.cache
def cn_combinations() -> frozenset[tuple[str, str, str]]:
    """Application type, activity type and sequence type that may stand together (depend-apt-rat-sqt, V1.1)."""
    return frozenset((row["application"], row["activity"], row["sequence"]) for row in table("cn_dependencies.tsv"))


@functools.cache
def extension_titles() -> tuple[str, ...]:
    """Titles of the node extensions of 3.2.R for biologics."""
    return tuple(row["zh"] for row in table("cn_extensions.tsv"))


@functools.cache
def tag_values() -> frozenset[tuple[str, str, str]]:
    """Kind (``category``, ``property``, ``file-tag``), name of the category, and value: ICH valid-values 6.0."""
    return frozenset((row["kind"], row["name"], row["value"]) for row in table("stf_values.tsv"))


@functools.cache
def tag_realms() -> Mapping[str, str]:
    """Who defines each file tag: ``ich``, ``us`` or ``jp``."""
    return {row["value"]: row["realm"] for row in table("stf_values.tsv") if row["kind"] == "file-tag"}
