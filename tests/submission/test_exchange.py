"""TMX and XLIFF 2.1 are read and written without loss, and never reach outside the file."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from bencao.kernel.errors import BencaoError
from bencao.submission.errors import DocumentError, UnsafeFile
from bencao.submission.exchange import Content, Memory, Note, Tag, Unit, Variant, read_tmx, write_tmx
from bencao.submission.exchange.content import tidy
from bencao.submission.exchange.xliff import Segment, build_xliff, read_xliff, with_targets, write_xliff

# What XML can hold, but for the carriage return, which every XML reader makes a line feed.
_TEXT = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Cn"), exclude_characters="\ufffe\uffff")
    | st.sampled_from("\n\t<&>\"'中"),
    max_size=12,
)
_NAMES = st.from_regex(r"[a-z][a-z0-9]{0,5}", fullmatch=True)
_TMX_TAG = st.one_of(
    st.builds(lambda i, code: Tag("open", i, "bpt", (("i", i),), tidy([code])), _NAMES, _TEXT),
    st.builds(lambda i, code: Tag("close", i, "ept", (("i", i),), tidy([code])), _NAMES, _TEXT),
    st.builds(lambda x, code: Tag("empty", x, "ph", (("x", x), ("type", "fnote")), tidy([code])), _NAMES, _TEXT),
    st.builds(lambda x: Tag("empty", x, "ph", (("x", x),), ("{", Tag("empty", "", "sub", (), ("note",)), "}")), _NAMES),
)
_TMX_CONTENT = st.lists(st.one_of(_TEXT, _TMX_TAG), max_size=6).map(tidy)
_NOTES = st.lists(
    st.one_of(
        st.builds(Note, st.just("note"), _TEXT), st.builds(lambda t, x: Note("prop", x, (("type", t),)), _NAMES, _TEXT)
    ),
    max_size=2,
).map(tuple)
_UNITS = st.lists(
    st.builds(
        lambda i, one, two, notes: Unit(
            (Variant("en-GB", one, (("creationid", i),), notes), Variant("zh-CN", two)),
            i,
            (("datatype", "xml"),),
            notes,
        ),
        _NAMES,
        _TMX_CONTENT,
        _TMX_CONTENT,
        _NOTES,
    ),
    max_size=3,
).map(tuple)
_QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@_QUICK
@given(units=_UNITS, notes=_NOTES)
def test_a_memory_comes_back_as_it_was_written(
    units: tuple[Unit, ...], notes: tuple[Note, ...], tmp_path: Path
) -> None:
    header = (
        ("creationtool", "a"),
        ("creationtoolversion", "1"),
        ("segtype", "sentence"),
        ("o-tmf", "x"),
        ("adminlang", "en"),
        ("srclang", "en"),
        ("datatype", "xml"),
        ("creationdate", "20260101T000000Z"),
    )
    memory = Memory(units, header, notes)
    write_tmx(memory, tmp_path / "m.tmx")
    assert read_tmx(tmp_path / "m.tmx") == memory


def test_highlighted_text_is_translatable_and_stays_nested(tmp_path: Path) -> None:
    (tmp_path / "m.tmx").write_text(
        '<tmx version="1.4"><header srclang="en"/><body><tu><tuv xml:lang="en"><seg>a '
        '<hi x="1" type="bold">b</hi> c</seg>'
        "</tuv></tu></body></tmx>",
        encoding="utf-8",
    )
    memory = read_tmx(tmp_path / "m.tmx")
    content = memory.units[0].variants[0].content
    assert [part if isinstance(part, str) else part.kind for part in content] == ["a ", "open", "b", "close", " c"]
    write_tmx(memory, tmp_path / "n.tmx")
    assert '<hi x="1" type="bold">b</hi>' in (tmp_path / "n.tmx").read_text(encoding="utf-8")


def _nested(parts: list[object]) -> Content:
    """Texts, empty tags and pairs around either."""
    told: list[str | Tag] = []
    for number, part in enumerate(parts):
        if isinstance(part, list):
            told += [
                Tag("open", f"p{number}", "pc", (("id", f"p{number}"),)),
                *_nested(part),
                Tag("close", f"p{number}", "pc"),
            ]
        else:
            told.append(part)  # type: ignore[arg-type]
    return tidy(told)


_XLIFF_PART = st.one_of(
    _TEXT,
    st.builds(lambda i: Tag("empty", i, "ph", (("id", i), ("equiv", "<br/>"))), _NAMES),
    st.builds(lambda i: Tag("open", i, "sc", (("id", i),)), _NAMES),
    st.builds(lambda i: Tag("close", i, "ec", (("startRef", i),)), _NAMES),
)
_XLIFF_CONTENT = st.recursive(_XLIFF_PART, lambda part: st.lists(part, max_size=3), max_leaves=6).map(
    lambda part: _nested(part if isinstance(part, list) else [part])
)


@_QUICK
@given(contents=st.lists(st.tuples(_XLIFF_CONTENT, st.none() | _XLIFF_CONTENT), min_size=1, max_size=3))
def test_a_document_comes_back_as_it_was_written(
    contents: list[tuple[Content, Content | None]], tmp_path: Path
) -> None:
    segments = [
        Segment(f"u{n}", one, two, "translated" if two is not None else "initial")
        for n, (one, two) in enumerate(contents)
    ]
    document = build_xliff(segments, "en", "zh")
    write_xliff(document, tmp_path / "d.xlf")
    back = read_xliff(tmp_path / "d.xlf")
    assert [(one.source, one.target, one.state) for one in back.segments] == [
        (one.source, one.target, one.state) for one in segments
    ]
    assert etree.tostring(back.root, method="c14n") == etree.tostring(document.root, method="c14n")


XLIFF = """<xliff xmlns="urn:oasis:names:tc:xliff:document:2.0" xmlns:my="urn:my" version="2.1"
 srcLang="en" trgLang="zh">
 <file id="f"><my:tool keep="this"/><unit id="u1"><originalData><data id="d1">&lt;b/&gt;</data></originalData>
  <segment id="s1"><source>Take <pc id="1">5 mg</pc>.</source></segment>
  <ignorable><source> </source></ignorable>
  <segment id="s2" state="final"><source>Store.</source><target>储存。</target></segment></unit></file></xliff>
"""


def test_targets_are_put_in_and_nothing_else_changes(tmp_path: Path) -> None:
    (tmp_path / "d.xlf").write_text(XLIFF, encoding="utf-8")
    document = read_xliff(tmp_path / "d.xlf")
    first = document.segments[0]
    bold = [part for part in first.source if isinstance(part, Tag)]
    changed = with_targets(document, {first.id: (("服用", bold[0], "5毫克", bold[1], "。"), "translated", "")})
    write_xliff(changed, tmp_path / "e.xlf")
    text = (tmp_path / "e.xlf").read_text(encoding="utf-8")
    put_in = '<target>服用<pc id="1">5毫克</pc>。</target>'
    assert text.count(put_in) == 1
    plain = text.replace(put_in, "").replace(' state="translated"', "")
    assert etree.tostring(etree.fromstring(plain.encode()), method="c14n") == etree.tostring(
        document.root, method="c14n"
    )


BAD = {
    "entity.tmx": '<!DOCTYPE tmx [<!ENTITY a SYSTEM "file:///etc/passwd">]><tmx><body>&a;</body></tmx>',
    "laughs.tmx": '<!DOCTYPE tmx [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><tmx><body>&b;</body></tmx>',
    "broken.tmx": "<tmx><body>",
    "other.tmx": "<html><body/></html>",
    "nolang.tmx": "<tmx><body><tu><tuv><seg>a</seg></tuv></tu></body></tmx>",
    "old.xlf": '<xliff xmlns="urn:oasis:names:tc:xliff:document:1.2" version="1.2"/>',
    "noseg.xlf": '<xliff xmlns="urn:oasis:names:tc:xliff:document:2.0" version="2.1" srcLang="en">'
    '<file id="f"><unit id="u">'
    "<segment/></unit></file></xliff>",
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_named_with_its_fault(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_network(*_: object) -> None:
        raise AssertionError("the network was touched")

    monkeypatch.setattr(socket, "socket", no_network)
    (tmp_path / name).write_text(BAD[name], encoding="utf-8")
    read = read_tmx if name.endswith(".tmx") else read_xliff
    with pytest.raises(UnsafeFile if name in ("entity.tmx", "laughs.tmx") else DocumentError) as raised:
        read(tmp_path / name)
    assert name in raised.value.where
    assert raised.value.mend


def test_a_document_type_is_never_fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_network(*_: object) -> None:
        raise AssertionError("the network was touched")

    monkeypatch.setattr(socket, "socket", no_network)
    (tmp_path / "m.tmx").write_text(
        '<!DOCTYPE tmx SYSTEM "http://example.org/tmx14.dtd"><tmx version="1.4"><header/><body/></tmx>',
        encoding="utf-8",
    )
    assert read_tmx(tmp_path / "m.tmx").units == ()


def test_a_file_in_gb18030_is_read_and_one_that_lies_about_it_is_refused(tmp_path: Path) -> None:
    text = '<?xml version="1.0" encoding="GB18030"?><tmx version="1.4"><header/><body>'
    text += '<tu><tuv xml:lang="zh"><seg>受试者</seg></tuv></tu></body></tmx>'
    (tmp_path / "g.tmx").write_bytes(text.encode("gb18030"))
    assert read_tmx(tmp_path / "g.tmx").units[0].variants[0].content == ("受试者",)
    (tmp_path / "u.tmx").write_bytes(text.replace("GB18030", "UTF-8").encode("gb18030"))
    with pytest.raises(BencaoError):
        read_tmx(tmp_path / "u.tmx")
