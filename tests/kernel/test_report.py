"""A report is one page that shows what it was given, runs nothing and asks for nothing."""

from __future__ import annotations

import html
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdkit import Chem
from rdkit.Chem.Draw import rdMolDraw2D

from bencao.kernel import report
from bencao.kernel.errors import InputError
from bencao.kernel.report import Facts, Figure, Note, Report, Section, Table, Text

ATTACK = """<script>alert(1)</script>"'><img src=http://evil.example/x onerror=alert(1)>"""
VOID = {"meta", "img", "br", "hr", "input", "link", "base"}


class Page(HTMLParser):
    """The page as a browser's parser sees it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.open: list[str] = []
        self.unbalanced: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if self.open.pop() != tag:
            self.unbalanced.append(tag)

    def handle_data(self, data: str) -> None:
        self.texts.append(data.strip())

    def count(self, tag: str) -> int:
        return sum(name == tag for name, _ in self.elements)


def drawn(smiles: str) -> str:
    drawing = rdMolDraw2D.MolDraw2DSVG(300, 200)
    drawing.DrawMolecule(Chem.MolFromSmiles(smiles))
    drawing.FinishDrawing()
    return drawing.GetDrawingText()


def page_of(*parts: object, language: str = "en", **more: object) -> Page:
    return Page(report.render(Report("Title", (Section("Result", parts),), language=language, **more)))


@pytest.fixture(scope="module")
def full() -> Report:
    parts = (
        Text("One.\n\nTwo."),
        Note("The salt was stripped."),
        Facts((("Routes", 5), ("Score", 0.041234))),
        Table(("Step", "Class", "Done"), ((1, "acylation", True), (None, "reduction", False)), "Steps."),
        Figure(drawn("CC(=O)Oc1ccccc1C(=O)O"), "Aspirin."),
    )
    sections = tuple(Section(f"Part {number}", parts) for number in range(4))
    return Report("Routes to aspirin", sections, "by template", (("Model", "sha256:00"),))


def test_a_page_shows_what_it_was_given(full):
    page = Page(report.render(full))
    for words in (
        "Routes to aspirin",
        "by template",
        "One.",
        "Two.",
        "The salt was stripped.",
        "acylation",
        "sha256:00",
    ):
        assert words in page.texts
    assert page.count("svg") == page.count("table") == 4
    assert not page.open
    assert not page.unbalanced


def test_a_page_loads_nothing(full):
    text = report.render(full)
    page = Page(text)
    for tag, attributes in page.elements:
        assert tag not in {"script", "link", "iframe", "object", "embed", "base", "form", "img"}
        for name in ("src", "href", "xlink:href", "srcset", "data", "action", "poster"):
            assert (attributes.get(name) or "#").startswith("#")
        assert not any(name.startswith("on") for name in attributes)
    assert "@import" not in text
    assert "url(" not in text
    assert "http:" not in text
    assert "https:" not in text


def test_the_policy_forbids_every_request(full):
    policies = [
        attributes["content"]
        for _, attributes in Page(report.render(full)).elements
        if attributes.get("http-equiv") == "Content-Security-Policy"
    ]
    assert len(policies) == 1
    assert policies[0].startswith("default-src 'none'; style-src 'unsafe-inline'; img-src data:;")
    assert "script" not in policies[0]


def test_whatever_is_written_stays_text():
    table = Table((ATTACK,), ((ATTACK,),), ATTACK)
    parts = (Text(ATTACK), Note(ATTACK), Facts(((ATTACK, ATTACK),)), table, Figure(drawn("C"), ATTACK))
    sections = tuple(Section(ATTACK, parts) for _ in range(4))
    page = Page(report.render(Report(ATTACK, sections, ATTACK, ((ATTACK, ATTACK),))))
    assert page.count("script") == page.count("img") == 0
    assert not page.unbalanced
    assert page.texts.count(ATTACK) == 3 + 4 + 4 * 9 + 2  # head, contents, sections, provenance


@settings(max_examples=50, deadline=None)
@given(text=st.text(alphabet=st.characters(exclude_categories=("Cs", "Cc"))))
def test_any_text_comes_out_as_it_went_in(text):
    rendered = report.render(Report("Title", (Section("Result", (Facts((("Name", text),)),)),)))
    assert f"<dd>{html.escape(text).replace('&quot;', '&#34;').replace('&#x27;', '&#39;')}</dd>" in rendered


def test_the_same_report_gives_the_same_bytes(full):
    assert report.render(full) == report.render(full)


@pytest.mark.parametrize(
    ("language", "tag", "words"),
    [("en", "en", ["Figure 1: ", "Table 1: ", "Note: ", "Provenance", "yes"]),
     ("zh", "zh-Hans", ["图 1：", "表 1：", "注意：", "来源", "是"])],
)  # fmt: skip
def test_fixed_words_are_in_the_language_asked_for(language, tag, words):
    parts = (Note("n"), Table(("a",), ((True,),), "c"), Figure(drawn("C"), "c"))
    page = page_of(*parts, language=language, provenance=(("a", "b"),))
    assert dict(page.elements)["html"] == {"lang": tag}
    assert {word.strip() for word in words} <= set(page.texts)


def test_both_languages_have_the_same_words():
    assert report._LABELS["en"].keys() == report._LABELS["zh"].keys()


def test_another_language_is_refused():
    with pytest.raises(InputError, match="give one of en, zh"):
        page_of(language="fr")


def test_columns_of_numbers_are_set_to_the_right():
    page = page_of(Table(("n", "name", "flag"), ((1, "a", True), (None, "b", False))))
    cells = [attributes.get("class") for tag, attributes in page.elements if tag == "td"]
    assert cells == ["number", None, None] * 2


@pytest.mark.parametrize(
    ("value", "shown"), [(0.123456, "0.1235"), (-0.5, "−0.5"), (1e-9, "1e-09"), (12345, "12345"), (None, "–"), (0, "0")]
)
def test_values_are_shown_short(value, shown):
    assert shown in page_of(Facts((("v", value),))).texts


def test_a_row_of_another_length_is_refused_with_its_place():
    with pytest.raises(InputError, match=r"table 'Steps': row 2: 1 cells under 2 columns"):
        page_of(Table(("a", "b"), ((1, 2), (1,)), "Steps"))


def test_a_page_is_written_to_a_file(tmp_path: Path, full):
    report.write(full, tmp_path / "page.html")
    assert (tmp_path / "page.html").read_text(encoding="utf-8") == report.render(full)


# Drawings

SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9">{}</svg>'


@pytest.mark.parametrize(
    "content",
    [
        "<script>alert(1)</script>",
        '<rect onclick="alert(1)"/>',
        "<foreignObject><p>x</p></foreignObject>",
        '<image href="https://evil.example/x.png"/>',
        '<image xlink:href="//evil.example/x.png"/>',
        '<image href="data:image/svg+xml;base64,AAAA"/>',
        '<use href="other.svg#a"/>',
        '<a href="javascript:alert(1)"><rect/></a>',
        '<rect fill="url(https://evil.example/#a)"/>',
        "<rect style=\"fill: URL( '//evil.example/a' )\"/>",
        '<rect style="fill: u\\72l(https://evil.example/)"/>',
        '<rect style="background: image-set(&quot;https://evil.example/&quot; 1x)"/>',
        "<style>@import 'https://evil.example/x.css';</style>",
        "<style>rect { fill: url(https://evil.example/) }</style>",
        "<style>} body { display: none } a {</style>",
        '<set attributeName="href" to="https://evil.example/"/>',
        '<h:iframe xmlns:h="http://www.w3.org/1999/xhtml" src="https://evil.example/"/>',
    ],
)
def test_a_drawing_that_runs_or_loads_something_is_refused(content):
    with pytest.raises(InputError, match="the "):
        Figure(SVG.format(content))


@pytest.mark.parametrize(
    "svg",
    [
        "",
        "no drawing",
        "<svg>",
        "<html/>",
        '<!DOCTYPE svg [<!ENTITY a "aaaa">]><svg xmlns="http://www.w3.org/2000/svg"><text>&a;</text></svg>',
    ],
)
def test_what_is_no_drawing_is_refused(svg):
    with pytest.raises(InputError, match="the drawing"):
        Figure(svg)


def test_a_molecule_drawn_by_rdkit_keeps_its_shapes():
    svg = drawn("CC(=O)Oc1ccccc1C(=O)O")
    page = page_of(Figure(svg))
    assert page.count("path") == svg.count("<path") > 10
    assert page.count("rect") == 1


def test_two_drawings_keep_their_own_gradients_and_styles():
    inside = (
        '<style>#a, .b { fill: url(#a) }</style><linearGradient id="a"/><use href="#a"/>'
        '<text class="b" fill="url(\'#a\')">&lt;本草&gt;</text>'
    )
    text = report.render(Report("T", (Section("S", (Figure(SVG.format(inside)), Figure(SVG.format(inside)))),)))
    for number in (1, 2):
        own = f"figure-{number}-a"
        assert f'id="{own}"' in text
        assert f"#figure-{number}{{#{own}, .b {{ fill: url(#{own}) }}}}" in text
        assert f'fill="url(#{own})"' in text
        assert f'href="#{own}"' in text
    assert "&lt;本草&gt;" in text


def test_notes_of_a_drawing_program_are_left_out():
    inside = (
        '<metadata><r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/></metadata>'
        '<g xmlns:i="http://www.inkscape.org/namespaces/inkscape" i:label="x"><rect width="1" height="1"/></g>'
    )
    page = page_of(Figure('<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "svg11.dtd">' + SVG.format(inside)))
    assert page.count("rect") == 1
    assert page.count("metadata") == 0
