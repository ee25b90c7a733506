"""The checks find what is wrong with a translation, and leave a right one alone."""

from __future__ import annotations

import random
import re
import time
from pathlib import Path

import pytest

from bencao.kernel.errors import InputError
from bencao.submission.exchange import Tag, read_tmx, text_of
from bencao.submission.quality import check_texts
from bencao.submission.quality.tags import check_tags


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("Do not exceed 50 mg.", "不要超过50毫克。"),
        ("The cause is unknown.", "原因不明。"),
        ("Patients with malaise were seen.", "患者出现不适。"),
        ("Different doses were used.", "使用了不同剂量。"),
        ("Store in a sterile bag.", "保存于无菌袋中。"),
        ("This is not only to protect you, but also others.", "这不仅是为了保护你，也是为了保护他人。"),
        ("Take one tablet twice a day.", "每日两次，每次一片。"),
    ],
)
def test_a_right_translation_has_no_finding(english: str, chinese: str) -> None:
    assert check_texts(english, chinese) == []
    assert check_texts(chinese, english, "zh-CN", "en-GB") == []


@pytest.mark.parametrize(
    ("english", "chinese", "rule"),
    [
        ("Do not take it with milk.", "与牛奶同服。", "negation dropped"),
        ("It is safe in pregnancy.", "妊娠期不能安全使用。", "negation added"),
        ("Take 5 mg daily.", "每日服用5克。", "unit"),
        ("Take 5 mg daily.", "每日服用6毫克。", "missing"),
        ("The dose was raised at week two and the trial went on.", "第二周增加了剂量，", "cut"),
        ("Store below 25 °C.", "", "empty"),
        ("Store below 25 °C in a dry place.", "Store below 25 °C in a dry place.", "same"),
        ("Patients who received COVID-19 vaccine.", "接种COVID-疫苗的患者。", "missing"),
    ],
)
def test_an_error_is_named(english: str, chinese: str, rule: str) -> None:
    found = check_texts(english, chinese)
    assert rule in {finding.rule for finding in found}
    assert all(finding.in_words("zh") != finding.in_words("en") for finding in found)


def test_languages_other_than_these_are_refused() -> None:
    with pytest.raises(InputError, match="English"):
        check_texts("Guten Tag", "你好", "de", "zh")
    with pytest.raises(InputError, match="one language"):
        check_texts("a", "b", "en", "en")


def test_a_lost_an_added_and_a_crossed_tag_are_errors() -> None:
    bold, end, field = Tag("open", "1"), Tag("close", "1"), Tag("empty", "2")
    source = ("Take ", bold, "5 mg", end, field)
    assert check_tags(source, ("服用", bold, "5毫克", end, field)) == []
    assert [found.rule for found in check_tags(source, ("服用", bold, "5毫克", end))] == ["tag missing"]
    assert [found.rule for found in check_tags(source, (*source, field))] == ["tag added"]
    assert [found.rule for found in check_tags(source, (end, "服用", bold, field))] == ["tag order"]


@pytest.fixture(scope="module")
def pairs(shared_data: Path) -> list[tuple[str, str]]:
    """Pairs of the development set, two languages each."""
    units = read_tmx(shared_data / "submission" / "tico19_dev.en-zh.tmx").units
    told = [(unit.variant("en"), unit.variant("zh")) for unit in units]
    return [(text_of(one.content), text_of(two.content)) for one, two in told if one and two]


def test_few_clean_pairs_are_flagged_and_a_thousand_are_checked_in_a_second(pairs: list[tuple[str, str]]) -> None:
    start = time.process_time()
    flagged = sum(bool(check_texts(english, chinese)) for english, chinese in pairs)
    seconds = time.process_time() - start
    assert flagged / len(pairs) <= 0.025
    assert len(pairs) / seconds >= 1000


@pytest.mark.parametrize(("pattern", "least"), [(r"\d", 0.98), (r"(?<=[\d十百千] )[万亿]|(?<=[\d十百千])[万亿]", 0.95)])
def test_a_changed_digit_or_scale_is_found(pairs: list[tuple[str, str]], pattern: str, least: float) -> None:
    choice, found, tried = random.Random(11), 0, 0
    for english, chinese in pairs:
        places = list(re.finditer(pattern, chinese))
        if not places or check_texts(english, chinese):
            continue
        place = choice.choice(places)
        others = "123456789" if pattern == r"\d" else "万亿"
        new = choice.choice([other for other in others if other != place.group()])
        tried += 1
        found += bool(check_texts(english, chinese[: place.start()] + new + chinese[place.end() :]))
    assert tried > 30
    assert found / tried >= least
