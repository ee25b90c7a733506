"""Four sites, each a process with its own database, exchange signed files; what is forged or too telling is refused."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest

from bencao.evidence.errors import AnswerPending, DisclosureError, MessageError
from bencao.evidence.federated.answering import Site
from bencao.evidence.federated.exchange import Exchange, Question, begin, combine
from bencao.evidence.federated.messages import make_key, read_key
from bencao.evidence.federated.solving import Federated, federate
from bencao.evidence.federated.study import FederatedStudy, read_persons, read_site
from bencao.evidence.federated.sums import site_sums
from bencao.kernel.errors import InputError

TOLD = {"study": "blood-sugar", "model": "logistic", "exposure": "fbs", "outcome": "disease", "covariates": ["age"]}
NAMES = ("a", "b", "c", "d")
# A site's whole day: each question that is named on a line is answered from the site's own database.
PROCESS = """
import sys
from pathlib import Path
from bencao.evidence.federated.answering import Site
from bencao.evidence.federated.messages import read_key
from bencao.evidence.federated.study import read_persons, read_site, read_study
name, coordinator, data = sys.argv[1], sys.argv[2], Path(sys.argv[1] + ".duckdb")
study, key = read_study(Path("study.yaml")), read_key(Path(name + ".key"))
persons = read_persons(data, study, key.private_bytes_raw(), "person_id")
site = Site(name, study, read_site(data, study), key, coordinator, Path(name + ".jsonl"), persons)
for line in sys.stdin:
    question = Path(line.strip())
    Path(str(question).replace("question", name)).write_bytes(site.answer_question(question.read_bytes())[0])
    print("answered", flush=True)
"""


def _database(path: Path, seed: int, persons: int = 80) -> None:
    drawn = np.random.default_rng(seed)
    age, fbs = drawn.normal(0, 1, persons), np.arange(persons) % 3 == 0
    disease = drawn.random(persons) < 1 / (1 + np.exp(-0.5 * age - 0.4 * fbs))
    columns = {"person_id": np.arange(persons), "age": age, "fbs": fbs, "disease": disease}
    told = ", ".join(f"unnest(?::DOUBLE[]) AS {name}" for name in columns)
    with duckdb.connect(str(path)) as connection:
        connection.execute(f"CREATE TABLE analysis AS SELECT {told}", [one.tolist() for one in columns.values()])


def _exchange(folder: Path, names: tuple[str, ...] = NAMES, **told: Any) -> Exchange:
    make_key(folder / "coordinator.key")
    sites = {name: make_key(folder / f"{name}.key") for name in names}
    for seed, name in enumerate(names):
        _database(folder / f"{name}.duckdb", seed)
    study = FederatedStudy.model_validate({**TOLD, **told})
    return Exchange(folder / "rounds", study, read_key(folder / "coordinator.key"), sites)


def _site(exchange: Exchange, name: str, study: FederatedStudy | None = None, **told: Any) -> Site:
    folder, study = exchange.folder.parent, study or exchange.study
    key, data = read_key(folder / f"{name}.key"), folder / f"{name}.duckdb"
    persons = read_persons(data, study, key.private_bytes_raw(), "person_id")
    coordinator = exchange.key.public_key().public_bytes_raw().hex()
    return Site(name, study, read_site(data, study), key, coordinator, folder / f"{name}.jsonl", persons, **told)


def _answer(exchange: Exchange, question: Question, name: str, **told: Any) -> None:
    signed, _ = _site(exchange, name, **told).answer_question(question.path.read_bytes())
    exchange.answer(question.number, name).write_bytes(signed)


def test_four_processes_that_exchange_files_give_the_fit_of_direct_sums(tmp_path: Path) -> None:
    exchange = _exchange(tmp_path)
    (tmp_path / "study.yaml").write_text(json.dumps(TOLD), encoding="utf-8")
    public = exchange.key.public_key().public_bytes_raw().hex()
    running = {
        name: subprocess.Popen(
            [sys.executable, "-c", PROCESS, name, public],
            cwd=tmp_path,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for name in NAMES
    }
    try:
        told: Question | Federated = begin(exchange)
        while isinstance(told, Question):
            for name in told.sites:
                process = running[name]
                assert process.stdin is not None
                process.stdin.write(f"{told.path}\n")
                process.stdin.flush()
            for name in told.sites:
                process = running[name]
                assert process.stdout is not None and process.stdout.readline() == "answered\n", name
            told = combine(exchange)
    finally:
        for process in running.values():
            process.terminate()
            process.communicate()
    tables = {name: read_site(tmp_path / f"{name}.duckdb", exchange.study) for name in NAMES}
    assert told == federate(  # to the last digit
        exchange.study, NAMES, lambda name, stage, *at: site_sums(exchange.study, tables[name], stage, *at)
    )
    assert len(list(exchange.folder.glob("*.question.json"))) < 9
    left = [json.loads(line) for line in (tmp_path / "a.jsonl").read_text(encoding="utf-8").splitlines()]
    assert left[0]["sums"][0]["n"] == 80


def test_a_message_that_is_forged_in_any_way_is_refused(tmp_path: Path) -> None:
    exchange = _exchange(tmp_path, ("a", "b"))
    question = begin(exchange)
    for name in ("a", "b"):
        _answer(exchange, question, name)
    with pytest.raises(MessageError, match="answered before"):
        _answer(exchange, question, "a")
    honest = exchange.answer(1, "a").read_bytes()
    for forged, told in (
        (honest.replace(b'"n": 80', b'"n": 81'), "not signed"),
        (exchange.answer(1, "b").read_bytes(), "not signed"),  # by a foreign key
        (b"{}", "not signed"),
    ):
        exchange.answer(1, "a").write_bytes(forged)
        with pytest.raises(MessageError, match=told):
            combine(exchange)
    exchange.answer(1, "a").write_bytes(honest)
    following = combine(exchange)
    assert isinstance(following, Question)
    _answer(exchange, following, "b")
    exchange.answer(2, "a").write_bytes(honest)  # an answer of an earlier round
    with pytest.raises(MessageError, match="another request"):
        combine(exchange)
    other = exchange.study.model_copy(update={"study": "another"})
    with pytest.raises(MessageError, match="another study"):
        _site(exchange, "a", other).answer_question(following.path.read_bytes())
    following.path.write_bytes(following.path.read_bytes().replace(b'"round": 2', b'"round": 3'))
    with pytest.raises(MessageError, match="not signed"):
        combine(exchange)
    with pytest.raises(MessageError, match="not signed"):
        _site(exchange, "a").answer_question(following.path.read_bytes())


def test_sites_that_have_not_answered_are_named(tmp_path: Path) -> None:
    exchange = _exchange(tmp_path, ("a", "b"))
    question = begin(exchange)
    with pytest.raises(InputError, match="first question"):
        begin(exchange)
    _answer(exchange, question, "a")
    with pytest.raises(AnswerPending, match="not answered by b"):
        combine(exchange)


def _first(folder: Path, **told: Any) -> Exchange:
    """A site that has answered for everybody, and a study of others by the same coordinator."""
    exchange = _exchange(folder, ("a",))
    _answer(exchange, begin(exchange), "a")
    return Exchange(folder / "others", FederatedStudy.model_validate({**TOLD, **told}), exchange.key, exchange.sites)


@pytest.mark.parametrize(("last", "refused"), [(75, True), (79, False), (74, False), (78, True)])
def test_persons_who_differ_by_fewer_than_five_are_not_told_of(last: int, refused: bool, tmp_path: Path) -> None:
    exchange = _first(tmp_path, eligibility={"person_id": [None, last]})
    _answer(exchange, begin(exchange), "a")
    assert not refused or "sums" not in json.loads(exchange.answer(1, "a").read_bytes())["body"]
    if refused:
        with pytest.raises(DisclosureError, match="earlier answers by fewer than 5"):
            combine(exchange)
    else:
        assert isinstance(combine(exchange), Question)


def test_persons_whom_several_answers_together_would_single_out_are_not_told_of(tmp_path: Path) -> None:
    exchange = _exchange(tmp_path, ("a",))
    for number, (low, high) in enumerate([(0, 39), (40, 79)]):
        study = FederatedStudy.model_validate({**TOLD, "eligibility": {"person_id": [low, high]}})
        part = Exchange(tmp_path / f"part-{number}", study, exchange.key, exchange.sites)
        _answer(part, begin(part), "a")
        assert isinstance(combine(part), Question)
    # From neither part it differs by few, and from both together by two.
    almost = exchange.study.model_copy(update={"eligibility": {"person_id": (2, None)}})
    last = Exchange(tmp_path / "almost", almost, exchange.key, exchange.sites)
    _answer(last, begin(last), "a")
    with pytest.raises(DisclosureError):
        combine(last)


def test_a_budget_ends_what_is_told_of_the_same_persons(tmp_path: Path) -> None:
    exchange = _exchange(tmp_path, ("a",))
    question = begin(exchange)
    _answer(exchange, question, "a", budget=1)
    following = combine(exchange)
    assert isinstance(following, Question)
    _answer(exchange, following, "a", budget=1)
    with pytest.raises(DisclosureError, match="budget is 1"):
        combine(exchange)


def test_few_persons_of_an_arm_with_the_outcome_are_not_told_of(tmp_path: Path) -> None:
    exchange = _exchange(tmp_path, ("a",))
    with duckdb.connect(str(tmp_path / "a.duckdb")) as connection:
        connection.execute(
            "UPDATE analysis SET disease = CASE WHEN fbs = 1 THEN (person_id < 6)::DOUBLE ELSE disease END"
        )
    _answer(exchange, begin(exchange), "a")
    with pytest.raises(DisclosureError, match="fbs = 1 and disease = 1"):
        combine(exchange)


def test_the_commands_carry_a_study_from_question_to_result(bencao: Callable[..., Any], tmp_path: Path) -> None:
    exchange = _exchange(tmp_path, ("a",), covariates=[])
    (tmp_path / "study.yaml").write_text(exchange.study.model_dump_json(), encoding="utf-8")
    (tmp_path / "sites.yaml").write_text(f"sites: {{a: {{public: '{exchange.sites['a']}'}}}}\n", encoding="utf-8")
    study, signed = ("study.yaml", "sites.yaml", "rounds"), ("--key", "coordinator.key")
    public = exchange.key.public_key().public_bytes_raw().hex()
    told = bencao("evidence", "ask", *study, *signed, "--lang", "zh")
    assert told.code == 0 and "第 1 轮" in told.out, told.err
    own = ("--name", "a", "--key", "a.key", "--coordinator", public, "--log", "a.jsonl", "--person", "person_id")
    for number in range(1, 9):
        files = (f"rounds/round-{number:02}.question.json", f"rounds/round-{number:02}.a.json")
        told = bencao("evidence", "answer", "study.yaml", "a.duckdb", files[0], *own, "-o", files[1])
        assert told.code == 0 and f"{500 - number} more within the budget" in told.out, told.err
        told = bencao("evidence", "combine", *study, *signed, "-o", "out.json")
        assert told.code == 0, told.err
        if (tmp_path / "out.json").exists():
            break
    rows = read_site(tmp_path / "a.duckdb", exchange.study)
    odds = [np.mean(rows["disease"][rows["fbs"] == arm]) for arm in (1, 0)]
    ratio = np.log(odds[0] / (1 - odds[0]) / (odds[1] / (1 - odds[1])))
    found = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert found["pooled"]["coefficients"][0] == pytest.approx(ratio, abs=1e-9)
    again = bencao("evidence", "answer", "study.yaml", "a.duckdb", files[0], *own, "-o", "again.json")
    assert again.code == 2 and again.err.startswith("MessageError: ") and not (tmp_path / "again.json").exists()
