"""Segments are translated by memory, terms and engine; numbers and terms survive, and nothing is made up."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bencao.submission.exchange import Content, Memory, Tag, Unit, Variant, text_of
from bencao.submission.exchange.tbx import Concept, Name, read_terms, write_tbx
from bencao.submission.quality import check_texts
from bencao.submission.quality.numbers import READERS
from bencao.submission.translation.engines.endpoint import Endpoint
from bencao.submission.translation.languages import simplified
from bencao.submission.translation.masking import mask, unmask
from bencao.submission.translation.memory.embedded import embedded_memory, embedded_terms, terms_between
from bencao.submission.translation.memory.recall import Recall
from bencao.submission.translation.memory.rendering import render
from bencao.submission.translation.memory.substitution import substituted
from bencao.submission.translation.pipeline import translate_segments
from bencao.submission.translation.segmenting import split_sentences
from bencao.submission.translation.termbase import Term, Termbase


def memory_of(*pairs: tuple[Content, Content]) -> Memory:
    return Memory(tuple(Unit((Variant("en", one), Variant("zh-CN", two))) for one, two in pairs))


NO_TERMS = Termbase([], "en", "zh")


# ---- numbers by value


@given(st.integers(min_value=10_000, max_value=10**13))
def test_a_number_with_a_scale_is_worth_the_same_in_the_other_language(number: int) -> None:
    for language in ("en", "zh"):
        told = render("a scaled number", number, language)
        assert told is not None
        assert READERS[language](f" {told} ")[0].values[0] == number


@pytest.mark.parametrize(
    ("known", "translation", "text", "expected"),
    [
        ("Half a million people.", "50万人。", "Half a million people.", "50万人。"),
        (
            "About 1.5 million people in 2019.",
            "2019年约有150万人。",
            "About 2 million people in 2020.",
            "2020年约有200万人。",
        ),
        (
            "Dosed at 5 mg in March 2019.",
            "2019年3月给药5 mg。",
            "Dosed at 12.5 mg in May 2020.",
            "2020年5月给药12.5 mg。",
        ),
        ("7 of 10 patients", "10例患者中有7例", "9 of 12 patients", "12例患者中有9例"),
        ("1,200 subjects", "1200名受试者", "3,400 subjects", "3,400名受试者"),
    ],
)
def test_numbers_go_where_their_values_stood(known: str, translation: str, text: str, expected: str) -> None:
    assert substituted(known, translation, text, "en", "zh") == expected
    assert check_texts(text, expected) == []


def test_a_number_that_the_stored_translation_does_not_state_is_not_guessed() -> None:
    assert substituted("7 of 10 patients", "十例患者中的多数", "9 of 12 patients", "en", "zh") is None


def test_another_unit_is_no_substitution() -> None:
    recall = Recall([memory_of((("Take 5 mg daily.",), ("每日服用5毫克。",)))], "en", "zh")
    assert (match := recall.find(("Take 6 mg daily.",))) is not None
    assert (match.kind, match.target) == ("substituted", ("每日服用6毫克。",))
    assert (match := recall.find(("Take 5 mL daily.",))) is not None
    assert match.kind == "fuzzy"


# ---- tags


def test_a_translation_takes_the_tags_of_the_segment() -> None:
    bold, end = Tag("open", "1", "bpt"), Tag("close", "1", "ept")
    mine, mine_end = Tag("open", "g7", "pc"), Tag("close", "g7", "pc")
    recall = Recall(
        [memory_of((("Take ", bold, "two", end, " tablets."), ("服用", bold, "两", end, "片。")))], "en", "zh"
    )
    match = recall.find(("Take ", mine, "two", mine_end, " tablets."))
    assert match is not None
    assert match.target == ("服用", mine, "两", mine_end, "片。")
    assert recall.find((mine, "Take two tablets.", mine_end)).target == (mine, "服用两片。", mine_end)  # type: ignore[union-attr]
    assert recall.find(("Take two ", mine, "tablets", mine_end, ".")).kind == "fuzzy"  # type: ignore[union-attr]


_PART = st.one_of(
    st.text("ab. 。！?中\n1A", max_size=8),
    st.builds(Tag, st.sampled_from(["open", "close", "empty"]), st.sampled_from(["1", "2"])),
)


@given(st.lists(_PART, max_size=8), st.sampled_from(["en", "zh"]))
def test_sentences_joined_are_the_paragraph(parts: list[str | Tag], language: str) -> None:
    def flat(contents: list[Content]) -> list[str | Tag]:
        told: list[str | Tag] = []
        for content in contents:
            for part in content:
                told += list(part) if isinstance(part, str) else [part]
        return told

    content = tuple(part for part in parts if part != "")
    assert flat(split_sentences(content, language)) == flat([content])


def test_formatting_splits_no_sentence_and_abbreviations_end_none() -> None:
    bold, end = Tag("open", "1"), Tag("close", "1")
    content: Content = ("See Fig. 2 and e.g. Dr. Li. ", bold, "Take", end, " it. Stop.")
    assert [text_of(one) for one in split_sentences(content, "en")] == [
        "See Fig. 2 and e.g. Dr. Li. ",
        "Take it. ",
        "Stop.",
    ]


# ---- masking


@pytest.mark.parametrize(
    ("text", "target", "hidden"),
    [
        ("On March 3, 2020, NCT01234567 enrolled 1.5 million.", "zh", ["2020年3月3日", "NCT01234567", "150万"]),
        ("2020年3月3日入组十二万例", "en", ["3 March 2020", "120,000"]),
        (
            "Write to a.b@example.org or https://example.org/x1?y=2.",
            "zh",
            ["a.b@example.org", "https://example.org/x1?y=2."],
        ),
    ],
)
def test_what_no_engine_may_touch_is_hidden(text: str, target: str, hidden: list[str]) -> None:
    masked = mask((text,), "zh" if target == "en" else "en", target)
    assert [slot.target for slot in masked.slots] == hidden
    assert not [character for character in masked.text.replace("⟦", "").replace("⟧", "") if character.isdigit()][3:]


def test_a_lost_or_doubled_mark_is_told() -> None:
    masked = mask(("Take 5 mg of A1 now",), "en", "zh")
    assert unmask("⟦1⟧ ⟦2⟧", masked) == (("5 A1",), [])
    assert unmask("⟦1⟧ ⟦1⟧", masked)[1] == [1, 2]


# ---- terms


def test_terms_are_found_inflected_and_in_either_script() -> None:
    terms = Termbase(
        [Term("adverse event", ("不良事件",)), Term("study", ("研究",)), Term("OR", ("比值比",))], "en", "zh"
    )
    assert [found.term.source for found in terms.find("Adverse events in two studies, or none")] == [
        "adverse event",
        "study",
    ]
    assert [found.rule for found in terms.check("Adverse events occurred.", "发生了副作用。")] == ["term"]
    assert terms.check("Adverse events occurred.", "發生了不良事件。") == []
    back = Termbase([Term("不良事件", ("adverse event",), ("side effect",))], "zh", "en")
    assert [found.term.source for found in back.find("發生不良事件")] == ["不良事件"]
    assert [found.rule for found in back.check("发生不良事件", "Side effects occurred.")] == ["forbidden", "term"]
    assert simplified("臨床試驗報告") == "临床试验报告"


def test_terms_come_back_from_tbx_as_they_were(tmp_path: Path) -> None:
    concepts = [Concept("c1", (Name("en", "headache & pain"), Name("zh", "头痛"), Name("zh", "頭疼", True)))]
    write_tbx(concepts, tmp_path / "t.tbx")
    assert read_terms(tmp_path / "t.tbx") == concepts


def test_the_older_tbx_is_read(tmp_path: Path) -> None:
    (tmp_path / "t.tbx").write_text(
        "<martif type='TBX'><text><body><termEntry id='a'><langSet xml:lang='en'><tig><term>rash</term></tig></langSet>"
        "<langSet xml:lang='zh'><ntig><termGrp><term>皮疹</term></termGrp></ntig></langSet>"
        "</termEntry></body></text></martif>",
        encoding="utf-8",
    )
    assert read_terms(tmp_path / "t.tbx") == [Concept("a", (Name("en", "rash"), Name("zh", "皮疹")))]


def test_headings_of_the_dossier_are_known_in_both_languages() -> None:
    terms = terms_between(embedded_terms(), "en", "zh")
    recall = Recall([embedded_memory()], "en", "zh")
    outcome = translate_segments(
        [("3.2.S.4.4 Batch analyses",), ("Risk management plan (RMP)",), ("Hgb",), ("An unknown sentence of words.",)],
        recall,
        Termbase(terms, "en", "zh"),
    )
    assert [text_of(one.target or ()) for one in outcome.segments] == [
        "3.2.S.4.4 批分析",
        "风险管理计划（RMP）",
        "血红蛋白",
        "",
    ]
    assert outcome.segments[-1].status == "needs-translation"
    back = translate_segments([("批分析",)], Recall([embedded_memory()], "zh", "en"), Termbase([], "zh", "en"))
    assert back.segments[0].target == ("Batch analyses",)


def test_every_heading_of_the_dossier_has_its_translation(shared_data: Path) -> None:
    rows = (shared_data / "submission" / "ctd_headings_zh_en.tsv").read_text(encoding="utf-8").splitlines()[1:]
    common = [row.split("\t") for row in rows]
    china = (shared_data / "submission" / "cn_m1_headings_zh.tsv").read_text(encoding="utf-8").splitlines()[1:]
    to_english, to_chinese = (Recall([embedded_memory()], *pair) for pair in (("zh", "en"), ("en", "zh")))
    for chinese in [*(row[2] for row in common), *(row.split("\t")[1] for row in china)]:
        assert (found := to_english.find((chinese,))) is not None
        assert found.kind == "exact", chinese
    for _, _, _, english in common:
        assert (found := to_chinese.find((english,))) is not None, english
        assert found.kind == "exact", english


# ---- engine


@pytest.fixture
def serve() -> Iterator[Callable[[str], str]]:
    """Start a server of the chat protocol in a process of its own; its address."""
    running: list[subprocess.Popen[str]] = []

    def start(mode: str) -> str:
        script = Path(__file__).with_name("chat_server.py")
        process = subprocess.Popen([sys.executable, str(script), mode], stdout=subprocess.PIPE, text=True)
        running.append(process)
        assert process.stdout is not None
        return f"http://127.0.0.1:{process.stdout.readline().strip()}/v1"

    yield start
    for process in running:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


SENTENCES: list[Content] = [
    ("The patients received 12.5 mg daily for 8 weeks.",),
    ("Do not exceed a dose of 1,250 mg.",),
    ("Batch analyses",),
]
TERMS = Termbase([Term("patient", ("受试者",)), Term("mg", ("毫克",))], "en", "zh")


def test_an_engine_keeps_every_number_and_term(serve: Callable[[str], str]) -> None:
    engine = Endpoint(serve("good"), "dictionary", "secret")
    outcome = translate_segments(SENTENCES, Recall([embedded_memory()], "en", "zh"), TERMS, engine)
    assert outcome.engine_error == ""
    assert [one.origin for one in outcome.segments] == ["engine", "engine", "exact"]
    texts = [text_of(one.target or ()) for one in outcome.segments]
    assert texts[0] == "受试者接受了12.5毫克每日持续8周。"
    assert texts[1] == "不要超过剂量1,250毫克。"


@pytest.mark.parametrize("mode", ["loses", "invents"])
def test_an_engine_that_loses_or_invents_a_number_is_not_believed(mode: str, serve: Callable[[str], str]) -> None:
    engine = Endpoint(serve(mode), "dictionary", "secret")
    outcome = translate_segments(SENTENCES[:1], Recall([], "en", "zh"), TERMS, engine)
    assert outcome.segments[0].target is None
    assert outcome.segments[0].status == "needs-translation"
    assert outcome.segments[0].findings


def test_a_busy_server_is_asked_again(serve: Callable[[str], str]) -> None:
    engine = Endpoint(serve("busy"), "dictionary", "secret", parallel=1)
    assert translate_segments(SENTENCES[:1], Recall([], "en", "zh"), TERMS, engine).segments[0].target


@pytest.mark.parametrize("mode", ["down", "broken", "garbage", "stranger"])
def test_what_the_memory_knew_is_kept_when_the_engine_fails(mode: str, serve: Callable[[str], str]) -> None:
    url = "http://127.0.0.1:9/v1" if mode == "down" else serve("good" if mode == "stranger" else mode)
    engine = Endpoint(url, "dictionary", "wrong" if mode == "stranger" else "secret", tries=2)
    outcome = translate_segments(SENTENCES, Recall([embedded_memory()], "en", "zh"), TERMS, engine)
    assert [one.origin for one in outcome.segments] == ["none", "none", "exact"]
    assert url in outcome.engine_error


def test_a_fraction_without_an_end_is_not_written() -> None:
    assert render("one third", Fraction(1, 3), "zh") is None
