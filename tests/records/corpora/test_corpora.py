"""The made notes and sentences are what their README says: exact spans, and nothing shared between the splits."""

from __future__ import annotations

import csv
import random
import re
import sys
from itertools import combinations, pairwise
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "benchmarks" / "records"))
sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "benchmarks" / "records" / "assertion_sentences"))

import make
from phi_notes.generator import FOLDER, SPLITS, Note, notes, notes_of, surrogates, templates

import deidentify

RECORDS = Path(__file__).resolve().parents[3] / "benchmarks" / "records"
LEARNED_FROM = sorted(path.parent for path in RECORDS.parents[1].glob("training/phi_texts/*/zh.txt"))


@pytest.fixture(scope="module")
def made() -> dict[str, list[Note]]:
    return {split: notes(split, copies=3) for split in SPLITS}


def sentences() -> list[dict[str, str]]:
    with (RECORDS / "assertion_sentences" / "sentences.tsv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def test_dev_and_test_have_templates_enough_in_both_languages() -> None:
    for split in ("dev", "test"):
        assert len(templates(FOLDER / split, "zh")) >= 25
        assert len(templates(FOLDER / split, "en")) >= 15


def test_the_ward_has_its_own_kind_of_document_for_each_template_and_lists_of_names_long_enough() -> None:
    for language in ("zh", "en"):
        kinds = [template.kind for template in templates(FOLDER / "ward", language)]
        assert len(kinds) >= 32
        assert len(kinds) == len(set(kinds))
    words = surrogates(FOLDER / "ward").WORDS
    assert min(len(words["surnames"]), len(words["last"])) >= 150
    assert min(len(words["givenzh"]), len(words["first"])) >= 300


def test_identity_numbers_of_the_ward_have_the_check_digit_that_their_standard_gives() -> None:
    numbers = [re.sub(" ", "", surrogates(FOLDER / "ward").idcard(random.Random(seed))).upper() for seed in range(300)]
    whole = [[10 if sign == "X" else int(sign) for sign in one] for one in numbers if len(one) == 18 and "*" not in one]
    assert len(whole) > 200
    assert all(sum(digit * 2 ** (17 - place) for place, digit in enumerate(one)) % 11 == 1 for one in whole)


def test_the_same_seed_makes_the_same_notes_and_another_seed_others() -> None:
    assert notes("dev", seed=3, copies=1) == notes("dev", seed=3, copies=1)
    assert notes("dev", seed=3, copies=1) != notes("dev", seed=4, copies=1)


def test_spans_hold_words_do_not_overlap_and_leave_no_mark_of_the_template(made: dict[str, list[Note]]) -> None:
    for note in [one for several in made.values() for one in several]:
        assert not re.search(r"[⟪⟫⟨⟩{}]|\[\[", note.text), note.id
        places = sorted([(start, end) for start, end, _ in note.spans] + list(note.optional))
        assert all(start < end for start, end in places)
        assert all(left[1] <= right[0] for left, right in pairwise(places)), note.id
        assert all(any(map(str.isalnum, note.text[start:end])) for start, end, _ in note.spans), note.id


def test_the_splits_share_no_template_and_no_person(made: dict[str, list[Note]]) -> None:
    named = {
        split: {
            note.text[start:end].lower()
            for note in several
            for start, end, category in note.spans
            if category.startswith("name_") and end - start > 1
        }
        for split, several in made.items()
    }
    for one, other in combinations(SPLITS, 2):
        assert not named[one] & named[other]
        for language in ("zh", "en"):
            texts = [{template.text for template in templates(FOLDER / split, language)} for split in (one, other)]
            assert not texts[0] & texts[1]


def test_the_splits_share_no_surname_no_first_name_and_no_place() -> None:
    for one, other in combinations(SPLITS, 2):
        words = [surrogates(FOLDER / split).WORDS for split in (one, other)]
        for kind in ("surnames", "compound", "minority", "first", "last", "city", "places"):
            assert not set(words[0][kind]) & set(words[1][kind]), kind
        for left, right in (words, reversed(words)):
            assert not set(left["surnames"]) & set(right.get("rare", ()))


@pytest.mark.parametrize("folder", LEARNED_FROM, ids=lambda folder: folder.name)
def test_what_the_network_learns_from_is_no_template_of_the_benchmark_and_marks_what_must_go(folder: Path) -> None:
    made = notes_of(folder, 5, copies=1)
    assert len(made) >= 30
    for note in made:
        assert not re.search(r"[⟪⟫⟨⟩]|\{~?[a-z_0-9.]+\}", note.text), note.id
        places = sorted([(start, end) for start, end, _ in note.spans] + list(note.optional))
        assert places and all(left[1] <= right[0] for left, right in pairwise(places)), note.id
    own = {template.text for language in ("zh", "en") for template in templates(folder, language)}
    measured = {
        one.text for split in SPLITS for language in ("zh", "en") for one in templates(FOLDER / split, language)
    }
    assert not own & measured


def test_an_identifier_counts_only_when_all_its_letters_and_digits_are_covered(made: dict[str, list[Note]]) -> None:
    note = next(one for one in made["dev"] if len(one.spans) > 3)
    whole = [(start, end) for start, end, _ in note.spans]
    counts, kept = deidentify.scored(note, whole)
    assert counts[:-1, 0].sum() == counts[:-1, 1].sum() == len(note.spans)
    assert (kept, counts[-1, 0]) == ([], 0)
    counts, kept = deidentify.scored(note, [(whole[0][0] + 1, whole[0][1]), *whole[1:]])
    assert kept == [note.spans[0]]
    assert counts[:-1, 2].sum() == counts[:-1, 3].sum() - 1
    assert deidentify.scored(note, [(0, len(note.text))])[0][-1, 0] == counts[-1, 1]


def test_the_table_of_sentences_is_what_its_frames_make() -> None:
    made = [row for language in ("zh", "en") for split in make.SPLITS for row in make.rows(split, language)]
    assert [tuple(row.values()) for row in sentences()] == made


def test_each_labelled_entity_stands_where_its_row_says() -> None:
    for row in sentences():
        assert row["sentence"][int(row["start"]) : int(row["end"])] == row["entity"]


def test_sentences_are_enough_and_share_no_wording_and_no_entity_between_splits() -> None:
    rows = sentences()
    assert len({row["sentence"] for row in rows if row["language"] == "zh"}) >= 900
    assert len({row["sentence"] for row in rows if row["language"] == "en"}) >= 200
    entities = [{row["entity"].lower() for row in rows if row["split"] == split} for split in ("dev", "test")]
    assert not entities[0] & entities[1]
    frames = [
        {
            re.sub(r"\[[^]]+\]", "X", line)
            for language in ("zh", "en")
            for line in (RECORDS / "assertion_sentences" / f"{language}_{split}.txt").read_text("utf-8").splitlines()
            if "[" in line
        }
        for split in ("dev", "test")
    ]
    assert not frames[0] & frames[1]
