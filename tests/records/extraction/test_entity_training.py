"""Training a recogniser on labelled records: corpora, repeats, tags, and a model that comes back the same."""

from __future__ import annotations

import itertools
import json
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bencao.kernel.errors import ModelError
from bencao.kernel.models import TrainingSource, write_card
from bencao.records.errors import SourceError
from bencao.records.extraction.entity import Span
from bencao.records.extraction.network.corpus import read_corpus
from bencao.records.extraction.network.near_duplicates import repeats
from bencao.records.extraction.network.pieces import Vocabulary, pieces_of
from bencao.records.extraction.network.posterior import likely_spans
from bencao.records.extraction.network.recogniser import GRAPH, NAME, NetworkRecogniser
from bencao.records.extraction.network.runs import RunScores, runs_around
from bencao.records.extraction.network.scoring import score
from bencao.records.extraction.network.tags import forbidden, tags_of, to_spans, to_tags
from bencao.records.extraction.network.train.vectors import shipped_characters


def test_both_forms_of_a_corpus_say_the_same(tmp_path: Path) -> None:
    ours = {"text": "肺癌术后", "entities": [{"start": 0, "end": 2, "label": "疾病"}]}
    theirs = {"text": "肺癌术后", "mention_data": [{"mention": "肺癌", "type": "疾病", "offset": "0"}]}
    for name, form in (("ours", ours), ("theirs", theirs)):
        (tmp_path / name).write_text(json.dumps(form) + "\n", encoding="utf-8")
    assert read_corpus(tmp_path / "ours") == read_corpus(tmp_path / "theirs")


def test_a_mention_that_is_not_where_it_says_is_counted(tmp_path: Path) -> None:
    mentions = [{"mention": "肺癌", "label": "病", "offset": 0}, {"mention": "胃癌", "label": "病", "offset": 0}]
    (tmp_path / "a.json").write_text(json.dumps([{"text": "肺癌", "mention_data": mentions}]), encoding="utf-8")
    assert read_corpus(tmp_path / "a.json").left_out == 1


@pytest.mark.parametrize(
    ("content", "where"),
    [
        ("{", "a.json:1"),
        ('{"entities": []}', "record 1"),
        ('{"text": "x", "entities": [{"start": 0}]}', "record 1"),
        ('{"text": "肺癌"}', "a.json"),
    ],
)
def test_a_corpus_of_another_form_is_refused(tmp_path: Path, content: str, where: str) -> None:
    (tmp_path / "a.json").write_text(content, encoding="utf-8")
    with pytest.raises(SourceError) as raised:
        read_corpus(tmp_path / "a.json")
    assert where in str(raised.value)
    assert "肺癌" not in str(raised.value)


def test_a_text_with_other_figures_repeats_one() -> None:
    text = "患者因右半结肠癌于我院在全麻下行根治术，手术顺利，术后恢复好，{}年{}月出院。"
    assert repeats([text.format(2012, 3), "患者咳嗽三天，无发热，无胸痛，来院就诊。"], [text.format(2015, 11)]) == [
        True,
        False,
    ]


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(1, 4), st.sampled_from("病药")), max_size=6))
def test_tags_give_back_the_entities(steps: list[tuple[int, int, str]]) -> None:
    spans, place = [], 0
    for gap, length, kind in steps:
        spans.append(Span(place + gap, place + gap + length, kind))
        place += gap + length
    assert to_spans(to_tags(place + 3, spans)) == spans


@given(st.text(max_size=900))
def test_pieces_cover_a_text(text: str) -> None:
    pieces = list(pieces_of(text))
    assert "".join(text[left:right] for left, right in pieces) == text
    assert Vocabulary.of([text]).encode(text).shape == (len(text), 4)


def test_entities_are_those_more_probable_than_not_of_all_sequences() -> None:
    labels = ["x", "y"]
    names = tags_of(labels)
    transitions, first, last = forbidden(names)
    draw = np.random.default_rng(0)
    scores = 2 * draw.normal(size=(6, 4, len(names))).astype(np.float32)
    scores[0, [0, 1, 2], [1, 2, 3]] += 3  # an entity of three characters
    transitions = transitions + draw.normal(size=transitions.shape).astype(np.float32)
    lengths = np.array([4, 3, 2, 1, 3, 3])
    found = likely_spans(scores, lengths, transitions, first, last, labels)
    for row, length in enumerate(lengths.tolist()):
        shares: Counter[Span] = Counter()
        whole = 0.0
        for sequence in itertools.product(range(len(names)), repeat=length):
            total = first[sequence[0]] + last[sequence[-1]] + scores[row, np.arange(length), list(sequence)].sum()
            share = float(np.exp(total + sum(transitions[pair] for pair in itertools.pairwise(sequence))))
            whole += share
            for span in to_spans([names[tag] for tag in sequence]):
                shares[span] += share
        assert found[row] == sorted(span for span, share in shares.items() if share > whole / 2)
    assert Span(0, 3, "x") in found[0]


def test_runs_are_told_apart_by_place_and_characters() -> None:
    once, again = runs_around("右肺上叶。"), runs_around("右肺下叶。")
    assert once.shape == (5, 18)
    assert len(set(once.ravel().tolist())) > 70  # only the marks before the beginning and after the end repeat
    same = once == again
    # Of the first character the runs that reach the third differ: it alone, with the second, and with what is before.
    assert np.flatnonzero(~same[0]).tolist() == [5, 10, 14, 16]
    assert np.array_equal(runs_around("CT"), runs_around("ct"))


def test_scores_of_runs_are_summed_and_unknown_ones_are_nothing() -> None:
    numbers = np.unique(runs_around("肺癌")[0])
    rows, tags = np.arange(len(numbers), dtype=np.int32), np.full(len(numbers), 2, dtype=np.uint8)
    runs = RunScores.of(numbers, rows, tags, np.full(len(numbers), 0.5, dtype=np.float16), 5)
    assert runs.scores("肺癌")[0].tolist() == [0, 0, 9, 0, 0]
    assert not runs.scores("emmm")[:, [0, 1, 3, 4]].any()


def test_characters_that_mean_alike_have_like_vectors() -> None:
    start = shipped_characters()

    def likeness(one: str, other: str) -> float:
        first, second = (start.vectors[start.places[character]] for character in (one, other))
        return float(first @ second / np.linalg.norm(first) / np.linalg.norm(second))

    assert likeness("胃", "肠") > likeness("胃", "的")
    assert likeness("疼", "痛") > likeness("疼", "米")


def test_a_score_counts_ends_and_label() -> None:
    labelled = [[Span(0, 2, "a"), Span(3, 5, "b")], [Span(0, 1, "a")]]
    found = [[Span(0, 2, "a"), Span(3, 5, "a")], []]
    result = score(labelled, found)
    assert (result.f1, result.precision, result.recall) == pytest.approx((2 / 5, 1 / 2, 1 / 3))


RECORDS = [
    ("患者确诊肺癌，予顺铂化疗。", [("肺癌", "病"), ("顺铂", "药")]),
    ("胃癌术后，口服替吉奥。", [("胃癌", "病"), ("替吉奥", "药")]),
    ("因肝癌入院，静滴顺铂。", [("肝癌", "病"), ("顺铂", "药")]),
    ("诊断为肺炎，予头孢曲松。", [("肺炎", "病"), ("头孢曲松", "药")]),
]


def _records(path: Path) -> Path:
    lines = []
    for text, mentions in RECORDS:
        entities = [
            {"start": text.index(name), "end": text.index(name) + len(name), "label": label} for name, label in mentions
        ]
        lines.append(json.dumps({"text": text, "entities": entities}, ensure_ascii=False) + "\n")
    path.write_text("".join(lines), encoding="utf-8")
    return path


def test_a_trained_model_finds_what_it_was_shown_and_is_the_same_again(
    bencao: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("torch", reason="cannot run here: the extra bencao[train] is not installed")
    pytest.importorskip("onnx", reason="cannot run here: the extra bencao[train] is not installed")
    pytest.importorskip("pycrfsuite", reason="cannot run here: the extra bencao[train] is not installed")
    from bencao.records.extraction.network import training
    from bencao.records.extraction.network.train.chain import ChainTask, fit_chain
    from bencao.records.extraction.network.train.fitting import Task, fit
    from bencao.records.extraction.network.train.graph import graph_of

    monkeypatch.setattr(training, "NETWORKS", 1)
    path = _records(tmp_path / "labelled.json")
    answer = bencao("records", "train", str(path), "-o", "model", "--json")
    assert answer.code == 0, answer.err
    assert json.loads(answer.out)["documents"] == len(RECORDS)
    corpus = read_corpus(path)
    vocabulary = Vocabulary.of(document.text for document in corpus.documents)
    again = graph_of([fit(Task(corpus.documents, corpus.labels, vocabulary, 0))])
    assert again == Path("model/network.onnx").read_bytes()
    chain = fit_chain(ChainTask(corpus.documents, corpus.labels))
    with np.load("model/chain.npz") as held:
        assert all(np.array_equal(held[name], chain[name]) for name in ("numbers", "rows", "tags", "values"))
    (note,) = [tmp_path / "one.jsonl"]
    note.write_text(json.dumps({"id": 1, "text": RECORDS[0][0]}, ensure_ascii=False) + "\n", encoding="utf-8")
    assert bencao("records", "extract", str(note), "-o", "o.jsonl", "--model", "model").code == 0
    rows = [json.loads(line) for line in Path("o.jsonl").read_text(encoding="utf-8").splitlines()]
    assert {row["lexical_variant"] for row in rows} >= {"肺癌", "顺铂"}


def test_a_folder_that_holds_no_model_is_refused(bencao: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("咳嗽", encoding="utf-8")
    answer = bencao("records", "extract", "a.txt", "-o", "o.csv", "--model", "nothing")
    assert answer.code == 2
    assert answer.err.startswith("ModelError: ")


def test_a_model_of_an_earlier_version_is_refused_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / GRAPH).write_bytes(b"")
    write_card(
        tmp_path,
        NAME,
        version="1 seed 0",
        task="",
        files=(GRAPH,),
        trained_on=[TrainingSource(source="records", licence="ours", rows=1)],
        split="",
        figures={},
        script="",
        made=date(2026, 1, 1),
        limits="",
    )
    with pytest.raises(ModelError, match="train the model again"):
        NetworkRecogniser.load(tmp_path)


def test_records_that_repeat_those_held_out_are_not_trained_on(tmp_path: Path) -> None:
    from bencao.records.extraction.network.training import without_repeats

    corpus = read_corpus(_records(tmp_path / "labelled.json"))
    held = type(corpus)(corpus.documents[:1], 0)
    assert without_repeats(corpus, held) == corpus.documents[1:]
