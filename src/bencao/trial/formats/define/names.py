"""Namespaces of define.xml 2.1 with Analysis Results Metadata 1.0, and the identifiers that its parts go by."""

from __future__ import annotations

ODM = "http://www.cdisc.org/ns/odm/v1.3"
DEF = "http://www.cdisc.org/ns/def/v2.1"
XLINK = "http://www.w3.org/1999/xlink"
ARM = "http://www.cdisc.org/ns/arm/v1.0"
XML = "http://www.w3.org/XML/1998/namespace"
NAMESPACES = {None: ODM, "def": DEF, "xlink": XLINK, "arm": ARM}
_BY_PREFIX = {"": ODM, "def": DEF, "xlink": XLINK, "arm": ARM, "xml": XML}

DEFINE_VERSION = "2.1.0"
# Context of an Alias whose Name is an NCI concept.
NCI = "nci:ExtCodeID"
# The document of a study by this name is its annotated CRF; every other is supplemental.
ANNOTATED_CRF = "acrf"


def qualified(name: str) -> str:
    """Name of an element or attribute in lxml's form, of ODM where no prefix is given to an element.

    Examples
    --------
    >>> qualified("def:leaf"), qualified("ItemDef")
    ('{http://www.cdisc.org/ns/def/v2.1}leaf', '{http://www.cdisc.org/ns/odm/v1.3}ItemDef')
    """
    prefix, _, local = name.rpartition(":")
    return f"{{{_BY_PREFIX[prefix]}}}{local}"


def attribute(name: str) -> str:
    """Name of an attribute in lxml's form; without a prefix it is in no namespace."""
    return qualified(name) if ":" in name else name


def item_group(dataset: str) -> str:
    """OID of a data set."""
    return f"IG.{dataset}"


def item(dataset: str, variable: str, value: int | None = None) -> str:
    """OID of a variable, or of one of its value levels, from 1."""
    return f"IT.{dataset}.{variable}" + (f".{value}" if value is not None else "")
