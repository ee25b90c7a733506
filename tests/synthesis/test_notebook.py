"""What a notebook shows of a plan: whole, and nothing that runs or is loaded."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import pytest

from bencao.synthesis import Limits, Plan, Stock, load_proposer, plan

LIDOCAINE = "CCN(CC)CC(=O)Nc1c(C)cccc1C"
HOSTILE = "<script>alert(1)</script>\"'&amp;"


@pytest.fixture(scope="module")
def found(hand_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Plan:
    listed = tmp_path_factory.mktemp("list") / "list.csv"
    quoted = HOSTILE.replace('"', '""')
    listed.write_text(f'smiles,supplier\nCCNCC,"{quoted}"\nCc1cccc(C)c1NC(=O)CCl,\nCc1cccc(C)c1N,\nO=C(O)CCl,\n')
    stock = Stock.from_csv(listed)
    return plan(f"{LIDOCAINE}.Cl", proposer=load_proposer(hand_model), stock=stock, limits=Limits(expansions=15))


class Read(HTMLParser):
    """Elements, attributes and text of a piece of HTML; fails where elements are not closed in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(html)
        assert not self._open

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attributes]
        self._open.append(tag)

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attributes]

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_a_plan_shows_each_route_as_a_tree(found: Plan) -> None:
    read = Read(found._repr_html_())
    assert read.tags.count("svg") == read.tags.count("details") == len(found.routes) > 1
    assert LIDOCAINE in read.text
    assert "Route 1" in read.text
    assert "hydrochloric acid" in read.text


def test_a_route_shows_its_tree(found: Plan) -> None:
    read = Read(found.routes[0]._repr_html_())
    assert read.tags.count("svg") == 1
    assert "not a yield" in " ".join(read.text.split())


def test_it_loads_and_runs_nothing(found: Plan) -> None:
    read = Read(found._repr_html_())
    assert not {"script", "link", "iframe", "object", "embed", "img"} & set(read.tags)
    assert not [name for name, _ in read.attributes if name.startswith("on")]
    assert not [value for name, value in read.attributes if name in ("href", "src") and not value.startswith("#")]


def test_what_a_users_list_says_is_shown_as_text(found: Plan) -> None:
    html = found._repr_html_()
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_two_outputs_on_one_page_share_no_name(found: Plan) -> None:
    names = [
        value
        for html in (one._repr_html_() for one in found.routes)
        for name, value in Read(html).attributes
        if name == "id"
    ]
    assert len(names) == len(set(names)) > 0
