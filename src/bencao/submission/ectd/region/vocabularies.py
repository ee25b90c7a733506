"""Codes and combinations read from the official vocabularies that a user brought."""

from __future__ import annotations

from pathlib import Path

from bencao.submission.exchange.safe_xml import local, parse_file


def codes_in(path: Path) -> frozenset[str]:
    """Codes of a controlled vocabulary."""
    return frozenset(element.get("name", "") for element in parse_file(path).iter() if local(element) == "code")


def combinations_in(path: Path) -> frozenset[tuple[str, str, str]]:
    """Triples of depend-apt-rat-sqt.xml: application, activity and sequence type."""
    found = set()
    for element in parse_file(path).iter():
        if local(element) == "code" and not len(element):
            names = [one.get("name", "") for one in (element, *element.iterancestors()) if local(one) == "code"]
            if len(names) == 3:
                found.add((names[2], names[1], names[0]))
    return frozenset(found)


def values_in(path: Path) -> frozenset[tuple[str, str, str]]:
    """Kind, name of the category, and value of ICH's valid-values.xml."""
    return frozenset(
        (local(element.getparent()), element.getparent().get("name", ""), element.get("value", ""))
        for element in parse_file(path).iter()
        if local(element) == "valid-value"
    )
