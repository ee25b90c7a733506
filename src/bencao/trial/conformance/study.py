"""The data sets of a study as rules see them: domain, prefix, class and supplements, split ones joined."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

import polars as pl

from bencao.trial.conformance.standard import CLASS_OF_DOMAIN, FINDINGS, FINDINGS_ABOUT
from bencao.trial.conformance.terminology import Terminology
from bencao.trial.dataset import Dataset

# Columns of ours beside the data: the number of a record in its file from 1, and the data set that it comes from.
RECORD, SOURCE = "__record", "__dataset"
SUPPLEMENTS = ("SUPP", "SQ")


@dataclass(frozen=True)
class Table:
    """A data set with what rules ask of it.

    Attributes
    ----------
    dataset : Dataset
    location : str
        File name.
    size : int or None
        Bytes of the file.
    """

    dataset: Dataset
    location: str = ""
    size: int | None = None

    @property
    def name(self) -> str:
        return self.dataset.name

    @cached_property
    def frame(self) -> pl.DataFrame:
        """Records with `RECORD` and `SOURCE`; an empty text is missing."""
        texts = [name for name, dtype in self.dataset.frame.schema.items() if dtype == pl.String]
        return self.dataset.frame.with_columns(
            *(pl.when(pl.col(name) != "").then(pl.col(name)).alias(name) for name in texts),
            pl.int_range(1, pl.len() + 1, dtype=pl.Int64).alias(RECORD),
            pl.lit(self.name).alias(SOURCE),
        )

    @property
    def columns(self) -> list[str]:
        """Variables in order."""
        return self.dataset.frame.columns

    @cached_property
    def domain(self) -> str | None:
        """Value of DOMAIN in the first record."""
        return self._first("DOMAIN")

    @cached_property
    def related_domain(self) -> str | None:
        """RDOMAIN of a supplemental data set."""
        return self._first("RDOMAIN") if self.is_supplement else None

    @property
    def is_supplement(self) -> bool:
        return self.name.startswith(SUPPLEMENTS)

    @property
    def is_associated(self) -> bool:
        """Of associated persons (APxx)."""
        if self.is_supplement:
            related = self.related_domain or ""
            return len(related) == 4 and related.startswith("AP")
        return "APID" in self.columns or self.name.startswith("AP")

    @property
    def prefix(self) -> str:
        """What ``--`` stands for."""
        domain = self.domain or ""
        if self.is_associated and not self.is_supplement and len(domain) >= 4:
            return domain[2:]
        return domain

    @property
    def unsplit_name(self) -> str:
        """Name that the parts of a split data set share."""
        if self.domain:
            return self.domain
        for start in SUPPLEMENTS:
            if self.name.startswith(start):
                return f"{start}{self.related_domain}"
        return self.name

    @property
    def is_split(self) -> bool:
        return self.name != self.unsplit_name

    @cached_property
    def observation_class(self) -> str | None:
        """Class of the domain, by the standard or, for a domain of the sponsor's, by its topic variable."""
        standard = CLASS_OF_DOMAIN.get(self.unsplit_name)
        if standard or not ({"DOMAIN", "RDOMAIN"} & set(self.columns)):
            return standard
        prefix = (self.domain or "").upper() if "DOMAIN" in self.columns else ""
        topics = {name for name in ("TERM", "TRT", "QNAM", "TESTCD", "OBJ") if prefix + name in self.columns}
        if "TESTCD" in topics and not topics & {"TERM", "TRT", "QNAM"}:
            return FINDINGS_ABOUT if "OBJ" in topics else FINDINGS
        for topic, name in (("TERM", "EVENTS"), ("TRT", "INTERVENTIONS"), ("QNAM", "RELATIONSHIP")):
            if topic in topics:
                return name
        return CLASS_OF_DOMAIN.get(self.prefix) if self.is_associated else None

    @cached_property
    def structure(self) -> str:
        """Structure of an analysis data set (ADaMIG 1.3, section 2.3); empty for one of SDTM."""
        if self.domain and self.name.startswith(self.domain):
            return ""
        if self.name.upper() == "ADSL":
            return "SUBJECT LEVEL ANALYSIS DATASET"
        columns = {name.upper() for name in self.columns}
        if columns & {"PARAMCD", "PARAM", "AVAL", "AVALC"}:
            return "BASIC DATA STRUCTURE"
        if any(name.endswith(("TERM", "TRT")) for name in columns):
            return "OCCURRENCE DATA STRUCTURE"
        return "ADAM OTHER"

    def _first(self, variable: str) -> str | None:
        frame = self.dataset.frame
        if variable not in frame.columns or frame.is_empty():
            return None
        value = frame[variable][0]
        return str(value) if value not in (None, "") else None


@dataclass(frozen=True)
class Study:
    """Data sets that are checked together.

    Attributes
    ----------
    tables : tuple of Table
    standard : str
        Upper case, such as ``SDTMIG``; empty where not given.
    version, substandard : str
    use_case : str
        Of the Tobacco Implementation Guide, for domains of the sponsor's.
    terminology : Terminology
    """

    tables: tuple[Table, ...]
    standard: str = ""
    version: str = ""
    substandard: str = ""
    use_case: str = ""
    terminology: Terminology = field(default_factory=Terminology)

    @classmethod
    def of(cls, datasets: Iterable[Dataset], standard: str = "", version: str = "") -> Study:
        """Study of data sets that lie in memory."""
        tables = tuple(Table(dataset, location=f"{dataset.name.lower()}.xpt") for dataset in datasets)
        return cls(tables, standard=standard.upper(), version=version)

    def find(self, name: str) -> Table | None:
        """Data set by the name that its parts share; ``SUPP--`` finds the first supplement."""
        for table in self.tables:
            if table.unsplit_name == name or (name.endswith("--") and table.unsplit_name.startswith(name[:-2])):
                return table
        return None

    def named(self, name: str, of: Table) -> list[Table]:
        """Data sets that a join of a rule means, seen from the data set checked."""
        own = of.domain or of.name
        return [
            table
            for table in self.tables
            if name in (table.domain, table.name, table.unsplit_name)
            or (name == "SUPP--" and not of.is_supplement and table.related_domain == own)
        ]

    def parts(self, table: Table) -> list[Table]:
        """The data set with its siblings, where it is split."""
        return [other for other in self.tables if other.unsplit_name == table.unsplit_name]

    def records(self, table: Table) -> pl.DataFrame:
        """Records of a data set and of its siblings."""
        parts = self.parts(table)
        if len(parts) == 1:
            return table.frame
        return pl.concat([part.frame for part in parts], how="diagonal_relaxed", rechunk=True)
