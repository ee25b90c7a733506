"""What a command records, and what a user reads back: entries, traces and lists."""

from __future__ import annotations

import hashlib
import json
import math
import runpy
import sqlite3
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from bencao.kernel.errors import InputError, LedgerError
from bencao.kernel.ledger import Entry, FileRecord, Ledger, canonical_json, hash_file, record, trace_file, verify
from bencao.kernel.ledger_commands import app

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)
DOCS = Path(__file__).resolve().parents[2] / "docs" / "ledger.md"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, as a user does."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("BENCAO_WORKSPACE", raising=False)
    return tmp_path


def make(output: str, *inputs: str, content: str = "", **parameters: object) -> None:
    """A command that reads files and writes one."""
    with record(None, f"make {output}", parameters=parameters, versions={"model": "m1"}) as job:
        for name in inputs:
            job.used(name)
        Path(output).write_text(content or output)
        job.generated(output)


def bencao_ledger(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, arguments)
    return result.exit_code, result.output


@given(JSON)
def test_canonical_json_has_one_spelling(value: object) -> None:
    text = canonical_json(value)
    assert canonical_json(json.loads(text)) == text


def test_canonical_json_sorts_keys_and_keeps_chinese_readable() -> None:
    assert canonical_json({"b": (1, 2.5), "a": {"名": None}}) == '{"a":{"名":null},"b":[1,2.5]}'.encode()


@pytest.mark.parametrize(
    ("value", "where"),
    [
        ({"a": [0.0, math.nan]}, "a[1]"),
        ({"a": {"b": -math.inf}}, "a.b"),
        ({"a": Path("x")}, "a"),
        ({"a": {1: "x"}}, "a"),
        ({"a": "\udc80"}, "a"),
        ({"\udc80": 1}, ""),
        ({"a": b"x"}, "a"),
    ],
)
def test_what_has_no_json_form_is_refused_with_its_field(value: object, where: str) -> None:
    with pytest.raises(LedgerError) as refused:
        canonical_json(value)
    assert refused.value.where == where


def test_a_file_is_hashed_in_pieces(tmp_path: Path) -> None:
    data = bytes(range(256)) * 10_000
    (tmp_path / "big").write_bytes(data)
    assert hash_file(tmp_path / "big") == FileRecord(str(tmp_path / "big"), len(data), hashlib.sha256(data).hexdigest())


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    for path in (tmp_path / "absent", tmp_path):
        with pytest.raises(InputError) as refused:
            hash_file(path)
        assert refused.value.where == str(path)


def test_a_file_record_refuses_what_is_no_hash() -> None:
    for digest in ("", "A" * 64, "0" * 63):
        with pytest.raises(LedgerError):
            FileRecord("x", 1, digest)


def test_a_command_writes_one_entry(folder: Path) -> None:
    Path("targets.csv").write_text("CCO")
    make("plan.html", "targets.csv", routes=5)
    with Ledger() as ledger:
        ((number, entry),) = ledger.entries()
        assert verify(ledger).clean
    assert (folder / ".bencao" / "ledger.db").exists()
    assert (number, entry.command, entry.status, entry.error) == (0, "make plan.html", "ok", "")
    assert entry.used == (FileRecord("targets.csv", 3, hashlib.sha256(b"CCO").hexdigest()),)
    assert entry.generated == (FileRecord("plan.html", 9, hashlib.sha256(b"plan.html").hexdigest()),)
    assert entry.parameters == {"routes": 5}
    assert set(entry.versions) == {"bencao", "model"}
    assert datetime.fromisoformat(entry.started) <= datetime.fromisoformat(entry.ended)


def test_the_workspace_may_be_elsewhere(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BENCAO_WORKSPACE", str(folder / "deep" / "space #1?"))
    make("a")
    assert (folder / "deep" / "space #1?" / "ledger.db").exists()
    assert not (folder / ".bencao").exists()


def test_a_failed_command_is_recorded_and_its_error_goes_on(folder: Path) -> None:
    Path("in").write_text("x")
    with pytest.raises(InputError, match="row 7"), record(None, "synthesis batch") as job:
        job.used("in")
        raise InputError("no molecule", where="row 7")
    with Ledger() as ledger:
        entry = ledger.entry(0)
    assert (entry.status, entry.error, len(entry.used)) == ("failed", "InputError: row 7: no molecule", 1)


def test_parameters_that_cannot_be_recorded_stop_the_command_before_it_begins(folder: Path) -> None:
    begun = False
    with pytest.raises(LedgerError), record(None, "x", parameters={"time": math.inf}):
        begun = True
    assert not begun


@pytest.mark.parametrize("content", [b"no database " * 500, b"SQLite format 3\0 torn"])
def test_a_file_that_is_no_database_is_never_written_to(folder: Path, content: bytes) -> None:
    (folder / ".bencao").mkdir()
    (folder / ".bencao" / "ledger.db").write_bytes(content)
    with pytest.raises(LedgerError, match=r"ledger\.db"), record(None, "x"):
        pass
    assert (folder / ".bencao" / "ledger.db").read_bytes() == content


def test_another_programs_database_is_never_written_to(folder: Path) -> None:
    (folder / ".bencao").mkdir()
    connection = sqlite3.connect(folder / ".bencao" / "ledger.db")
    connection.execute("CREATE TABLE bookmark (address)")
    connection.close()
    with pytest.raises(LedgerError, match="another program"), record(None, "x"):
        pass


def test_a_ledger_of_a_later_layout_says_so(folder: Path) -> None:
    make("a")
    connection = sqlite3.connect(folder / ".bencao" / "ledger.db")
    connection.execute("PRAGMA user_version = 9")
    connection.close()
    with pytest.raises(LedgerError, match="layout 9"):
        Ledger()


def test_many_entries_keep_their_order_across_batches(tmp_path: Path) -> None:
    entries = [Entry(f"c{number}", "s", "e", parameters={"n": number}) for number in range(25)]
    with Ledger(tmp_path, create=True) as ledger:
        assert ledger.append_many(iter(entries), batch=7) == list(range(25))
        assert [entry for _, entry in ledger.entries()] == entries
        assert ledger.append_many([]) == []


def test_a_bad_entry_leaves_its_whole_batch_out(tmp_path: Path) -> None:
    good, bad = Entry("good", "s", "e"), Entry("bad", "s", "e", parameters={"x": math.nan})
    with Ledger(tmp_path, create=True) as ledger:
        with pytest.raises(LedgerError):
            ledger.append_many([good, good, good, bad], batch=2)
        assert ledger.head().size == 2
        assert verify(ledger).clean


def test_a_trace_goes_back_to_the_roots(folder: Path) -> None:
    Path("raw.csv").write_text("raw")
    make("clean.csv", "raw.csv")
    make("model.onnx", "clean.csv")
    make("plan.html", "clean.csv", "model.onnx")
    with Ledger() as ledger:
        trace = trace_file(ledger, "plan.html")
    assert trace.verdict == "generated"
    assert [(origin.depth, origin.file.path, origin.number, origin.repeated) for origin in trace.origins] == [
        (0, "plan.html", 2, False),
        (1, "clean.csv", 0, False),
        (2, "raw.csv", None, False),
        (1, "model.onnx", 1, False),
        (2, "clean.csv", 0, True),
    ]


def test_a_file_is_traced_by_its_content_whatever_it_is_called_now(folder: Path) -> None:
    make("plan.html")
    Path("plan.html").rename("renamed.html")
    with Ledger() as ledger:
        assert trace_file(ledger, "renamed.html").origins[0].number == 0


def test_an_input_comes_from_the_version_made_before_it_was_read(folder: Path) -> None:
    make("data.csv", content="first")
    make("plan.html", "data.csv")
    make("copy.csv", content="first")
    with Ledger() as ledger:
        assert [origin.number for origin in trace_file(ledger, "plan.html").origins] == [1, 0]


def test_a_command_that_leaves_its_input_unchanged_does_not_trace_in_a_circle(folder: Path) -> None:
    Path("a").write_text("same")
    make("b", "a", content="same")
    make("c", "b", content="same")
    with Ledger() as ledger:
        assert [origin.number for origin in trace_file(ledger, "c").origins] == [1, 0, None]


def test_a_long_pipeline_is_traced_to_its_start(tmp_path: Path) -> None:
    files = [FileRecord(f"f{n}", n, hashlib.sha256(b"%d" % n).hexdigest()) for n in range(3001)]
    (tmp_path / "last").write_text("3000")
    with Ledger(tmp_path, create=True) as ledger:
        ledger.append_many(Entry("c", "s", "e", (files[n],), (files[n + 1],)) for n in range(3000))
        assert len(trace_file(ledger, tmp_path / "last").origins) == 3001


@pytest.mark.parametrize("spelling", ["plan.html", "./plan.html", "{folder}/plan.html"])
def test_an_altered_file_is_known_by_its_path(folder: Path, spelling: str) -> None:
    make("plan.html")
    Path("plan.html").write_text("edited by hand")
    with Ledger() as ledger:
        trace = trace_file(ledger, spelling.format(folder=folder))
    assert (trace.verdict, trace.known, trace.sightings[0].number) == ("altered", False, 0)


def test_trace_says_what_it_found(folder: Path) -> None:
    Path("raw.csv").write_text("raw")
    make("plan.html", "raw.csv")
    code, output = bencao_ledger("trace", "plan.html")
    assert code == 0
    assert [line.split(" [")[0] for line in output.splitlines()] == ["plan.html", "└─ raw.csv"]
    assert "made by entry 0: make plan.html" in output
    assert "no command here made it" in bencao_ledger("trace", "raw.csv")[1]
    Path("plan.html").write_text("edited by hand")
    code, output = bencao_ledger("trace", "plan.html")
    assert (code, "altered since" in output) == (1, True)
    Path("new").write_text("never seen")
    code, output = bencao_ledger("trace", "new")
    assert (code, "unknown to this ledger" in output) == (1, True)
    assert json.loads(bencao_ledger("trace", "--json", "new")[1])["verdict"] == "unknown"
    assert bencao_ledger("trace", "absent")[0] == 2


def test_a_trace_refuses_an_entry_that_was_altered(folder: Path) -> None:
    make("plan.html")
    connection = sqlite3.connect(folder / ".bencao" / "ledger.db")
    with connection:
        connection.execute("UPDATE entry SET json = replace(json, 'make', 'fake')")
    connection.close()
    code, output = bencao_ledger("trace", "plan.html")
    assert (code, "entry 0 does not match its leaf hash" in output) == (2, True)


def test_list_prints_a_table_or_one_json_object_a_line(folder: Path) -> None:
    make("a.html", routes=5)
    make("药.html", "a.html")
    code, output = bencao_ledger("list", "--json")
    entries = [json.loads(line) for line in output.splitlines()]
    assert (code, [entry["entry"] for entry in entries]) == (0, [0, 1])
    assert entries[0]["parameters"] == {"routes": 5}
    assert entries[1]["used"][0]["path"] == "a.html"
    code, output = bencao_ledger("list")
    assert (code, "药.html" in output, len(output.splitlines())) == (0, True, 3)


def test_without_a_ledger_every_verb_says_so(folder: Path) -> None:
    Path("file").write_text("x")
    for arguments in (["list"], ["trace", "file"], ["verify"], ["export", "--prov", "out.json"]):
        code, output = bencao_ledger(*arguments)
        assert (code, "there is no ledger here" in output) == (2, True), arguments
    assert not (folder / ".bencao").exists()


def test_the_example_of_the_documentation_runs(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (code,) = [part.split("```")[0] for part in DOCS.read_text(encoding="utf-8").split("```python\n")[1:]]
    (folder / "example.py").write_text(code, encoding="utf-8")
    runpy.run_path(str(folder / "example.py"))
    assert capsys.readouterr().out.splitlines() == ["3 True", "True"]
