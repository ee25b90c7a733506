"""A translation under review: edited with its tags, checked as it is written, saved whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bencao.kernel.errors import FileChanged, InputError
from bencao.submission.browse import Change, OpenReview, check_target, open_review, save_changes, show_segments
from bencao.submission.browse import show_segment as show
from bencao.submission.browse.editing import TagNames
from bencao.submission.errors import TagLost
from bencao.submission.exchange.content import Content, Tag, tidy
from bencao.submission.exchange.xliff import NEEDS_TRANSLATION, Segment, build_xliff, read_xliff, write_xliff

BOLD = Tag("open", "b1", "pc", (("id", "b1"),))
PLAIN = Tag("close", "b1", "pc")
ITALIC = Tag("open", "i1", "pc", (("id", "i1"),))
UPRIGHT = Tag("close", "i1", "pc")
BREAK = Tag("empty", "br", "ph", (("id", "br"),))

_TAGS = st.builds(
    lambda kind, number: Tag(kind, number, "sc", (("id", number),)),
    st.sampled_from(("open", "close", "empty")),
    st.sampled_from("12"),
)
_CONTENT = st.lists(st.one_of(st.text("<>/12~a", max_size=5), _TAGS), max_size=6).map(tidy)


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> OpenReview:
    monkeypatch.chdir(tmp_path)
    segments = [
        Segment(
            "u1",
            (
                "Take ",
                BOLD,
                "12.5 mg",
                PLAIN,
                " twice a day.",
            ),
            ("每日两次，每次12.5克。",),
            "translated",
        ),
        Segment("u2", ("Drug substance",), ("原料药",), "translated"),
        Segment("u3", ("Adverse events are listed.",), None, "initial", NEEDS_TRANSLATION),
        Segment(
            "u4",
            (
                BOLD,
                "A",
                ITALIC,
                "B",
                UPRIGHT,
                PLAIN,
                " is shown.",
            ),
            None,
        ),
    ]
    write_xliff(build_xliff(segments, "en", "zh"), tmp_path / "review.xlf")
    return open_review(tmp_path / "review.xlf")


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(source=_CONTENT, target=_CONTENT)
def test_what_is_edited_comes_back_as_it_was(source: Content, target: Content) -> None:
    names = TagNames([source, target])
    assert names.content(names.text(source)) == source
    assert names.content(names.text(target)) == target


def test_the_list_says_state_origin_and_findings(opened: OpenReview) -> None:
    view = show_segments(opened, "all", "0", "en")
    assert view.counts == {"all": 4, "open": 4, "findings": 1, "untranslated": 2, "final": 0}
    assert [row.origin for row in view.rows] == ["elsewhere", "exact", "none", "none"]
    assert [row.findings for row in view.rows] == [3, 0, 0, 0]
    assert view.rows[0].source == "Take <b1>12.5 mg</b1> twice a day."
    assert [row.id for row in show_segments(opened, "findings", "0", "en").rows] == ["f1/u1"]


def test_terms_are_found_where_they_stand_between_tags(opened: OpenReview) -> None:
    view = show(opened, "2", "en")
    [term] = [one for one in view.terms if one.text == "Adverse events"]
    assert view.source[term.start : term.end] == "Adverse events"
    assert "不良事件" in term.targets


def test_a_translation_is_checked_as_it_is_written(opened: OpenReview) -> None:
    assert {one.kind for one in check_target(opened, "0", "每日两次，每次12.5克。", "en")} == {"unit", "tag"}
    assert check_target(opened, "0", "每日两次，每次<b1>12.5毫克</b1>。", "en") == ()


def test_what_is_saved_is_a_whole_document_and_in_the_ledger(opened: OpenReview, tmp_path: Path) -> None:
    digest = opened.read().digest
    made = (Change(0, "每日两次，每次<b1>12.5毫克</b1>。", True), Change(1, "原料药", True))
    now = save_changes(opened, digest, made)
    assert now == opened.read().digest != digest
    one, two, three, _ = read_xliff(tmp_path / "review.xlf").segments
    assert one.target == ("每日两次，每次", BOLD, "12.5毫克", PLAIN, "。")
    assert (one.state, two.state, three.state) == ("final", "final", "initial")
    rows = show_segments(opened, "final", "0", "en").rows
    assert [row.origin for row in rows] == ["edited", "exact"]
    assert (tmp_path / ".bencao" / "ledger.db").exists()


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (Change(0, "每日两次，每次12.5毫克。", False), TagLost),
        (Change(0, "每日两次，每次</b1>12.5毫克<b1>。", False), TagLost),
        (Change(3, "<b1>甲<i1>乙</b1></i1>如图。", False), TagLost),
        (Change(2, " ", True), InputError),
        (Change(1, "原料\x01药", False), InputError),
        (Change(9, "原料药", False), InputError),
    ],
)
def test_what_would_spoil_the_file_is_refused_and_nothing_written(
    opened: OpenReview, tmp_path: Path, change: Change, error: type[Exception]
) -> None:
    before = (tmp_path / "review.xlf").read_bytes()
    with pytest.raises(error):
        save_changes(opened, opened.read().digest, (Change(1, "药物", True), change))
    assert (tmp_path / "review.xlf").read_bytes() == before
    assert not list(tmp_path.glob(".bencao-*.tmp"))


def test_a_file_that_another_program_changed_is_not_overwritten(opened: OpenReview, tmp_path: Path) -> None:
    digest = opened.read().digest
    path = tmp_path / "review.xlf"
    path.write_text(path.read_text(encoding="utf-8").replace("原料药", "药物"), encoding="utf-8")
    with pytest.raises(FileChanged, match="another program"):
        save_changes(opened, digest, (Change(2, "不良事件见列表。", False),))
    assert "不良事件" not in path.read_text(encoding="utf-8")
    assert show(opened, "1", "en").target == "药物"


def test_a_translation_that_is_emptied_needs_one_again(opened: OpenReview, tmp_path: Path) -> None:
    save_changes(opened, opened.read().digest, (Change(1, "", False),))
    segment = read_xliff(tmp_path / "review.xlf").segments[1]
    assert (segment.target, segment.state, segment.sub_state) == (None, "initial", NEEDS_TRANSLATION)


def test_other_languages_are_refused(tmp_path: Path) -> None:
    write_xliff(build_xliff([Segment("u1", ("Bonjour",))], "fr", "zh"), tmp_path / "f.xlf")
    with pytest.raises(InputError, match="fr"):
        open_review(tmp_path / "f.xlf")
