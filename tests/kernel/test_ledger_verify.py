"""Whatever is changed in a ledger is found and named, and a rewritten log by a head that was saved before."""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bencao.kernel.errors import LedgerError
from bencao.kernel.ledger import (
    Entry,
    FileRecord,
    Ledger,
    TreeHead,
    Verification,
    canonical_json,
    leaf_hash,
    merkle,
    verify,
)
from bencao.kernel.ledger_commands import app

SIZE = 11


def made_entry(number: int, parameter: object = 0) -> Entry:
    used = (FileRecord(f"in/{number}.csv", number, f"{number:064x}"),)
    made = (FileRecord(f"out/{number}.html", number, f"{number + 1:064x}"),)
    times = ("2026-01-01T00:00:00.000000Z", "2026-01-01T00:00:01.000000Z")
    return Entry("synthesis plan", *times, used, made, {"number": number, "p": parameter}, {"bencao": "0.1.0"})


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    folder = tmp_path / ".bencao"
    with Ledger(folder, create=True) as ledger:
        ledger.append_many(made_entry(number) for number in range(SIZE))
    return folder


def change(workspace: Path, *statements: str, values: tuple[object, ...] = ()) -> None:
    connection = sqlite3.connect(workspace / "ledger.db")
    with connection:
        for statement in statements:
            connection.execute(statement, values)
    connection.close()


def look(workspace: Path, saved: TreeHead | None = None) -> Verification:
    with Ledger(workspace) as ledger:
        return verify(ledger, saved)


def named(result: Verification) -> list[int | None]:
    return [finding.entry for finding in result.findings]


def text_of(number: int, parameter: object = 0) -> bytes:
    return canonical_json(made_entry(number, parameter).as_json())


def test_an_untouched_ledger_is_clean(workspace: Path) -> None:
    assert look(workspace).clean


@pytest.mark.parametrize("size", range(10))
def test_a_ledger_of_any_size_is_clean(tmp_path: Path, size: int) -> None:
    with Ledger(tmp_path, create=True) as ledger:
        for number in range(size):
            ledger.append(made_entry(number))
        result = verify(ledger, TreeHead(0, merkle.EMPTY_ROOT))
    assert (result.head.size, result.findings) == (size, ())


@pytest.mark.parametrize("number", range(SIZE))
def test_a_flipped_byte_of_any_entry_is_named(workspace: Path, number: int) -> None:
    text = bytearray(text_of(number))
    text[random.Random(number).randrange(len(text))] ^= 1
    change(workspace, "UPDATE entry SET json = ? WHERE number = ?", values=(bytes(text), number))
    result = look(workspace)
    assert named(result) == [number]
    assert "altered" in str(result.findings[0])


@pytest.mark.parametrize("number", [0, 4, SIZE - 1])
def test_a_deleted_entry_is_named(workspace: Path, number: int) -> None:
    change(workspace, f"DELETE FROM entry WHERE number = {number}")
    result = look(workspace)
    assert number in named(result)
    assert "deleted" in str(result.findings[0])


@pytest.mark.parametrize("number", [0, 4, SIZE - 1])
def test_an_entry_deleted_with_all_its_rows_is_named(workspace: Path, number: int) -> None:
    tables = {"entry": "number", "edge": "entry", "tree": "leaf"}
    change(workspace, *(f"DELETE FROM {table} WHERE {column} = {number}" for table, column in tables.items()))
    assert number in named(look(workspace))


def test_a_deleted_entry_is_named_where_the_later_ones_were_renumbered(workspace: Path) -> None:
    change(
        workspace,
        "DELETE FROM entry WHERE number = 4",
        *(f"UPDATE entry SET number = {number - 1} WHERE number = {number}" for number in range(5, SIZE)),
    )
    result = look(workspace)
    assert sorted(set(named(result))) == [4, 5, 6, 7, 8, 9, 10]
    assert "holds entry 5" in str(result.findings[0])


def test_an_inserted_entry_is_named(workspace: Path) -> None:
    change(workspace, "INSERT INTO entry VALUES (11, ?)", values=(text_of(11),))
    result = look(workspace)
    assert named(result) == [11]
    assert "inserted" in str(result.findings[0])


def test_two_entries_that_changed_places_are_named(workspace: Path) -> None:
    change(
        workspace,
        "UPDATE entry SET number = -1 WHERE number = 3",
        "UPDATE entry SET number = 3 WHERE number = 8",
        "UPDATE entry SET number = 8 WHERE number = -1",
    )
    result = look(workspace)
    assert named(result) == [3, 8]
    assert "order" in str(result.findings[0])


def test_an_entry_altered_together_with_its_leaf_hash_is_found_in_the_tree(workspace: Path) -> None:
    forged = text_of(4, "forged")
    change(workspace, "UPDATE entry SET json = ? WHERE number = 4", values=(forged,))
    change(workspace, "UPDATE tree SET hashes = ? WHERE leaf = 4", values=(leaf_hash(forged),))
    assert named(look(workspace)) == [4]


@pytest.mark.parametrize("leaf", range(SIZE))
def test_a_flipped_bit_of_any_hash_is_found(workspace: Path, leaf: int) -> None:
    connection = sqlite3.connect(workspace / "ledger.db")
    (hashes,) = connection.execute("SELECT hashes FROM tree WHERE leaf = ?", (leaf,)).fetchone()
    connection.close()
    for at in range(0, len(hashes), 32):
        flipped = hashes[:at] + bytes([hashes[at] ^ 1]) + hashes[at + 1 :]
        change(workspace, "UPDATE tree SET hashes = ? WHERE leaf = ?", values=(flipped, leaf))
        assert look(workspace).findings
    change(workspace, "UPDATE tree SET hashes = ? WHERE leaf = ?", values=(hashes, leaf))
    assert look(workspace).clean


@pytest.mark.parametrize(
    ("statement", "entry"),
    [
        ("UPDATE edge SET path = 'x' WHERE entry = 5 AND role = 'used'", 5),
        ("UPDATE edge SET sha256 = zeroblob(32) WHERE entry = 6 AND role = 'generated'", 6),
        ("DELETE FROM edge WHERE entry = 7 AND role = 'used'", 7),
        ("UPDATE edge SET role = 'used', position = 1 WHERE entry = 2 AND role = 'generated'", 2),
        ("INSERT INTO edge VALUES (3, 'used', 1, zeroblob(32), 'x')", 3),
        ("INSERT INTO edge VALUES (99, 'used', 0, zeroblob(32), 'x')", 99),
        ("UPDATE head SET size = 10", 10),
        ("UPDATE head SET size = 1099511627776", SIZE),
        ("UPDATE head SET root = zeroblob(32)", None),
        ("DELETE FROM head", None),
        ("UPDATE tree SET hashes = 'text' WHERE leaf = 9", 9),
        ("UPDATE entry SET json = 'text' WHERE number = 9", 9),
        ("DROP TABLE edge", None),
        ("DROP TABLE tree", None),
    ],
)
def test_a_change_to_edges_tree_or_head_is_named(workspace: Path, statement: str, entry: int | None) -> None:
    change(workspace, statement)
    assert entry in named(look(workspace))


def test_a_truncated_log_is_found_by_a_saved_head(workspace: Path, tmp_path: Path) -> None:
    saved = look(workspace).head
    with Ledger(tmp_path / "short", create=True) as ledger:
        ledger.append_many(made_entry(number) for number in range(SIZE - 3))
    assert look(tmp_path / "short").clean
    result = look(tmp_path / "short", saved)
    assert "truncated" in str(result.findings[0])


def test_a_log_rewritten_from_the_start_is_found_by_a_saved_head(workspace: Path, tmp_path: Path) -> None:
    saved = look(workspace).head
    with Ledger(tmp_path / "forged", create=True) as ledger:
        ledger.append_many(made_entry(number, "forged" if number == 4 else 0) for number in range(SIZE + 5))
    assert look(tmp_path / "forged").clean
    result = look(tmp_path / "forged", saved)
    assert "rewritten" in str(result.findings[0])


def test_a_log_that_grew_is_consistent_with_every_head_it_had(workspace: Path) -> None:
    with Ledger(workspace) as ledger:
        heads = [ledger.head()]
        for number in range(SIZE, SIZE + 9):
            ledger.append(made_entry(number))
            heads.append(ledger.head())
        assert all(verify(ledger, head).clean for head in heads)


def test_no_entry_is_added_on_top_of_a_tree_that_was_altered(workspace: Path) -> None:
    change(workspace, "UPDATE head SET root = zeroblob(32)")
    with Ledger(workspace) as ledger, pytest.raises(LedgerError, match="does not match its head"):
        ledger.append(made_entry(SIZE))


def content(workspace: Path) -> list[list[tuple[object, ...]]]:
    connection = sqlite3.connect(workspace / "ledger.db")
    connection.text_factory = bytes
    try:
        return [connection.execute(f"SELECT * FROM {table}").fetchall() for table in ("entry", "edge", "tree", "head")]
    finally:
        connection.close()


def test_a_flipped_bit_anywhere_in_the_file_is_found_or_changes_nothing(workspace: Path, tmp_path: Path) -> None:
    before, data = content(workspace), (workspace / "ledger.db").read_bytes()
    draw = random.Random(6962)
    found = 0
    for trial in range(150):
        copy = tmp_path / f"copy{trial}"
        copy.mkdir()
        flipped = bytearray(data)
        flipped[draw.randrange(len(data))] ^= 1 << draw.randrange(8)
        (copy / "ledger.db").write_bytes(flipped)
        try:
            clean = look(copy).clean
        except LedgerError:
            clean = False
        found += not clean
        assert not clean or content(copy) == before
        shutil.rmtree(copy)
    assert found > 15  # the rest fell on unused pages' space


@pytest.fixture
def run(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[int, str]]:
    monkeypatch.setenv("BENCAO_WORKSPACE", str(workspace))

    def call(*arguments: object) -> tuple[int, str]:
        result = CliRunner().invoke(app, [str(argument) for argument in arguments])
        return result.exit_code, result.output

    return call


def test_verify_exits_0_when_clean_and_1_with_findings(workspace: Path, run: Callable[..., tuple[int, str]]) -> None:
    assert run("verify")[0] == 0
    change(workspace, "UPDATE entry SET json = 'x' WHERE number = 4")
    code, output = run("verify")
    assert code == 1
    assert output.startswith("entry 4: ")
    assert json.loads(run("verify", "--json")[1])["findings"][0]["entry"] == 4


def test_verify_exits_2_with_one_line_where_it_cannot_read(
    workspace: Path, tmp_path: Path, run: Callable[..., tuple[int, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "head.json").write_text('{"size": "many"}')
    assert run("verify", "--head", tmp_path / "head.json")[0] == 2
    for damage in (b"no database at all" * 100, b""):
        (workspace / "ledger.db").write_bytes(damage)
        code, output = run("verify")
        assert (code, output.count("\n")) == (2, 1)
        assert output.startswith("LedgerError: ")
    monkeypatch.setenv("BENCAO_WORKSPACE", str(tmp_path / "nowhere"))
    code, output = run("verify")
    assert (code, "there is no ledger here" in output) == (2, True)


def test_a_saved_head_finds_a_rewritten_log(
    workspace: Path, tmp_path: Path, run: Callable[..., tuple[int, str]]
) -> None:
    head = tmp_path / "head.json"
    assert run("verify", "--save-head", head)[0] == 0
    assert json.loads(head.read_text())["size"] == SIZE
    assert run("verify", "--head", head)[0] == 0
    (workspace / "ledger.db").unlink()
    with Ledger(workspace, create=True) as ledger:
        ledger.append_many(made_entry(number, "forged") for number in range(SIZE))
    code, output = run("verify", "--head", head, "--save-head", tmp_path / "new.json")
    assert (code, "rewritten" in output) == (1, True)
    assert not (tmp_path / "new.json").exists()
