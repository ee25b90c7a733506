"""A step cites reported reactions of the same centre with a like product; an index is built from a user's reactions."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdkit import Chem
from typer.testing import CliRunner

from bencao.kernel import models
from bencao.kernel.errors import InputError, ModelError
from bencao.synthesis import Limits, load_proposer, plan, render_plan
from bencao.synthesis.commands import app
from bencao.synthesis.precedents import SHIPPED_INDEX, PrecedentIndex, load_precedents
from bencao.synthesis.precedents.centre import centre_key

# Amide couplings of benzoic acids with amines; the acid of each loses its hydroxyl, the amine a hydrogen.
AMIDE = "O[C:1](=[O:2])[c:3]1[cH:4][cH:5][c:6]({})[cH:7][cH:8]1.[NH2:9][CH2:10][c:11]1[cH:12][cH:13][cH:14][cH:15][cH:16]1>>[O:2]=[C:1]([c:3]1[cH:4][cH:5][c:6]({})[cH:7][cH:8]1)[NH:9][CH2:10][c:11]1[cH:12][cH:13][cH:14][cH:15][cH:16]1"  # noqa: E501
ESTER = "O[C:1](=[O:2])[c:3]1[cH:4][cH:5][cH:6][cH:7][cH:8]1.[OH:9][CH2:10][CH3:11]>>[O:2]=[C:1]([c:3]1[cH:4][cH:5][cH:6][cH:7][cH:8]1)[O:9][CH2:10][CH3:11]"  # noqa: E501


def amide(group: str) -> str:
    """Coupling of a para-substituted benzoic acid with benzylamine."""
    return AMIDE.format(group, group)


def alkyl(carbons: int) -> str:
    """Coupling of a benzoic acid that bears a chain of so many carbons."""
    return amide("".join(f"[CH2:{number}]" for number in range(17, 16 + carbons)) + f"[CH3:{16 + carbons}]")


ROWS = [
    ("mine", "US0000001", amide("[CH3:17]"), 0),
    ("mine", "US0000002", amide("[Cl:17]"), 0),
    ("mine", "US0000003", amide("[F:17]"), 0),
    ("mine", "US0000004", amide("[CH2:17][CH2:18][CH2:19][CH3:20]"), 0),
    ("mine", "US0000005", amide("[Br:17]"), 1),
    ("mine", "US0000006", ESTER, 0),
]


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A user's reactions, one of them marked as held out."""
    path = tmp_path_factory.mktemp("table") / "reactions.tsv"
    lines = ["source\tsource_id\tclass\tatom_mapped\tproduct_in_valid\treaction"]
    lines += [f"{source}\t{name}\t2\t1\t{held}\t{reaction}" for source, name, reaction, held in ROWS]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def folder(table: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The index of the user's reactions."""
    build = pytest.importorskip(
        "bencao.synthesis.precedents.build", reason="the training extra is not installed", exc_type=ImportError
    )
    out: Path = tmp_path_factory.mktemp("index") / "index"
    build.build_index(table, out, settings=build.IndexSettings(made=date(2026, 1, 1)), report=lambda line: None)
    return out


@pytest.fixture(scope="module")
def index(folder: Path) -> PrecedentIndex:
    return PrecedentIndex(folder)


@pytest.fixture(scope="module")
def shipped() -> PrecedentIndex:
    if not SHIPPED_INDEX.is_dir():
        pytest.skip("cannot run here: no shipped index")
    return load_precedents()


def test_a_step_cites_reported_reactions_of_the_same_centre_nearest_first(index: PrecedentIndex) -> None:
    found = index.find(amide("[I:17]"))
    # Each halogen stands for one atom of the pattern, so the two halides are even; the butyl group differs most.
    assert [one.source_id for one in found] == ["US0000001", "US0000002", "US0000003"]
    similarities = [one.similarity for one in found]
    assert similarities == sorted(similarities, reverse=True)
    assert {one.source_id for one in index.find(amide("[I:17]"), top=9)} == {one[1] for one in ROWS[:4]}


def test_a_long_chain_is_not_taken_for_a_likeness(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build = pytest.importorskip(
        "bencao.synthesis.precedents.build", reason="the training extra is not installed", exc_type=ImportError
    )
    table = tmp_path / "reactions.tsv"
    table.write_text("\n".join(["source_id\treaction", f"eicosyl\t{alkyl(20)}", f"pentyl\t{alkyl(5)}", ""]))
    build.build_index(table, tmp_path / "index", report=lambda line: None)
    index = PrecedentIndex(tmp_path / "index")
    assert [one.source_id for one in index.find(alkyl(4))] == ["pentyl", "eicosyl"]
    # As in a centre so common that not all its products can be compared: the likest by their text are chosen.
    monkeypatch.setattr("bencao.synthesis.precedents.index._COMPARED", 1)
    assert [one.source_id for one in index.find(alkyl(4))] == ["pentyl"]


def test_a_precedent_says_where_it_stands(index: PrecedentIndex) -> None:
    best = {one.source_id: one for one in index.find(amide("[I:17]"))}["US0000002"]
    assert (best.source, best.row, best.reaction_class) == ("mine", 3, 2)
    assert best.reaction == "NCc1ccccc1.O=C(O)c1ccc(Cl)cc1>>O=C(NCc1ccccc1)c1ccc(Cl)cc1"


def test_the_steps_own_product_is_no_precedent(index: PrecedentIndex) -> None:
    assert "US0000001" not in {one.source_id for one in index.find(amide("[CH3:17]"))}
    assert "US0000001" in {one.source_id for one in index.find(amide("[Cl:17]"))}


def test_another_centre_is_no_precedent(index: PrecedentIndex) -> None:
    esterified = ESTER.replace("[CH2:10][CH3:11]", "[CH2:10][CH2:11][CH3:12]")
    assert {one.source_id for one in index.find(esterified)} == {"US0000006"}


def test_a_product_that_is_not_alike_is_no_precedent(index: PrecedentIndex) -> None:
    far = "O[C:1](=[O:2])[c:3]1[cH:4][s:5][cH:6][n:7]1.[NH2:9][CH2:10][CH3:11]>>[O:2]=[C:1]([c:3]1[cH:4][s:5][cH:6][n:7]1)[NH:9][CH2:10][CH3:11]"  # noqa: E501
    assert centre_key(far) == centre_key(amide("[F:17]"))
    assert index.find(far) == ()


def test_what_is_held_out_is_not_in_the_index(index: PrecedentIndex) -> None:
    cited = {one.source_id for group in ("[I:17]", "[Cl:17]", "[OH:17]") for one in index.find(amide(group), top=9)}
    assert cited == {"US0000001", "US0000002", "US0000003", "US0000004"}


def test_a_reaction_without_maps_has_no_precedent(index: PrecedentIndex) -> None:
    assert index.find("CC(=O)O.NC>>CNC(C)=O") == ()
    assert index.find("") == ()


def test_an_audit_is_told_in_words(index: PrecedentIndex, shipped: PrecedentIndex) -> None:
    step = load_proposer().propose("O=C(NCc1ccccc1)c1ccc(I)cc1", top=1)[0]
    mapped = replace(step.forward, mapped=amide("[I:17]"))
    said = index.precedent_of(replace(step, forward=mapped))
    assert said and said.startswith("mine, row ") and ">>" in said
    assert index.precedent_of(replace(step, forward=replace(mapped, mapped=""))) is None


@settings(max_examples=25, deadline=None)
@given(st.permutations(range(1, 18)), st.sampled_from(["[CH3:17]", "[F:17]"]))
def test_a_centre_is_the_same_under_any_numbering(order: list[int], group: str) -> None:
    reaction = amide(group)
    for number in range(17, 0, -1):
        reaction = reaction.replace(f":{number}]", f":n{order[number - 1]}]")
    assert centre_key(reaction.replace(":n", ":")) == centre_key(amide("[Cl:17]"))


def test_a_centre_sees_what_leaves() -> None:
    acid = amide("[F:17]")
    chloride = acid.replace("O[C:1]", "Cl[C:1]")
    assert centre_key(acid) != centre_key(chloride)
    assert centre_key("[CH3:1][OH:2]>>[CH3:1][OH:2]") is None  # nothing changes


def test_the_build_is_the_same_twice(table: Path, folder: Path, tmp_path: Path) -> None:
    from bencao.synthesis.precedents.build import IndexSettings, build_index

    build_index(table, tmp_path / "again", settings=IndexSettings(made=date(2026, 1, 1)), report=lambda line: None)
    for file in sorted(folder.iterdir()):
        assert (tmp_path / "again" / file.name).read_bytes() == file.read_bytes()


def test_a_table_without_a_centre_is_refused(folder: Path, tmp_path: Path) -> None:
    from bencao.synthesis.precedents.build import build_index

    for text in ("reaction\n[CH3:1][CH2:2][CH2:3][OH:4]>>\n", "smiles\nCCO\n"):
        (tmp_path / "bad.tsv").write_text(text)
        with pytest.raises(InputError):
            build_index(tmp_path / "bad.tsv", tmp_path / "out", report=lambda line: None)
    assert not (tmp_path / "out").exists()


def test_a_broken_index_is_refused(folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / "broken"
    shutil.copytree(folder, copy)
    data = (copy / "reactions.lzma").read_bytes()
    (copy / "reactions.lzma").write_bytes(data[:-1] + bytes([data[-1] ^ 255]))
    with pytest.raises(ModelError, match="not the one of its card"):
        PrecedentIndex(copy)
    with pytest.raises(ModelError, match="card cannot be read"):
        PrecedentIndex(tmp_path / "nowhere")


def test_a_file_damaged_after_it_was_opened_is_told_of(folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / "late"
    shutil.copytree(folder, copy)
    opened = PrecedentIndex(copy)
    (copy / "reactions.lzma").write_bytes(b"\x00" * (copy / "reactions.lzma").stat().st_size)
    with pytest.raises(ModelError, match="block 0 cannot be read"):
        opened.find(amide("[I:17]"))


def test_a_list_of_blocks_of_another_file_is_refused(folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / "other"
    shutil.copytree(folder, copy)
    (copy / "reactions.lzma").write_bytes((folder / "reactions.lzma").read_bytes() + b"\x00")
    card = models.load(folder, "precedents").card
    models.write_card(copy, **{**dict(card), "files": ["reactions.lzma", "blocks.npz"]})
    with pytest.raises(ModelError, match="list of blocks"):
        PrecedentIndex(copy)


def test_the_shipped_index_knows_an_amide_coupling(shipped: PrecedentIndex) -> None:
    found = shipped.find(amide("[CH3:17]"))
    assert len(found) == 3
    assert all(one.similarity >= 0.5 and not one.source_id for one in found)
    pattern = Chem.MolFromSmarts("c-C(=O)-[NX3]-C")
    assert all(Chem.MolFromSmiles(one.product).HasSubstructMatch(pattern) for one in found)


def test_the_shipped_index_is_small_and_lacks_the_measuring_split(shipped: PrecedentIndex) -> None:
    assert sum(path.stat().st_size for path in SHIPPED_INDEX.iterdir()) < 9_000_000
    card = json.loads((SHIPPED_INDEX / "precedents.card.json").read_text(encoding="utf-8"))
    assert card["trained_on"][0]["rows"] > 250_000
    assert "5410 reactions of products marked product_in_valid" in card["split"]
    # A product of the measuring split, as its reactions' centre would find it.
    held = "O=C(O[C:2](=[O:1])[C:21]([F:22])([F:23])[F:24])C(F)(F)F.[NH2:3][c:4]1[cH:5][cH:6][c:7]([O:8][c:9]2[cH:10][cH:11][n:12][c:13]3[nH:14][cH:15][cH:16][c:17]23)[c:18]([F:19])[cH:20]1>>[O:1]=[C:2]([NH:3][c:4]1[cH:5][cH:6][c:7]([O:8][c:9]2[cH:10][cH:11][n:12][c:13]3[nH:14][cH:15][cH:16][c:17]23)[c:18]([F:19])[cH:20]1)[C:21]([F:22])([F:23])[F:24]"  # noqa: E501
    other = held.replace("[F:19]", "[Cl:19]")
    assert "O=C(Nc1ccc(Oc2ccnc3[nH]ccc23)c(F)c1)C(F)(F)F" not in {one.product for one in shipped.find(other, top=50)}


def test_each_step_of_a_plan_says_its_precedents(hand_model: Path, shipped: PrecedentIndex) -> None:
    found = plan(
        "CCN(CC)CC(=O)Nc1c(C)cccc1C", proposer=load_proposer(hand_model), limits=Limits(expansions=10), routes=2
    )
    steps = [node.step for route in found.routes for node in route.root.walk() if node.step]
    assert steps
    for step in steps:
        assert step.precedents is not None
        assert len(step.precedents) <= 3
    first = found.as_json()["routes"][0]["tree"]["step"]["precedents"]
    assert {"source", "row", "source_id", "reaction", "class", "class_name", "similarity"} == set(first[0])
    assert dict(found.provenance)["reactions.lzma"].startswith("sha256:")


def test_the_page_shows_the_number_that_a_user_kept(hand_model: Path, index: PrecedentIndex) -> None:
    found = plan(
        "O=C(NCc1ccccc1)c1ccc(I)cc1",
        proposer=load_proposer(hand_model),
        limits=Limits(expansions=10),
        precedents=index,
    )
    for language, said in (("en", "Nearest precedent"), ("zh", "最近的先例")):
        page = render_plan(found, language)  # type: ignore[arg-type]
        assert said in page
        assert any(f"US000000{number}" in page for number in range(1, 5))


def test_one_builds_an_index_and_expands_with_it(
    table: Path, folder: Path, hand_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    built = CliRunner().invoke(app, ["index", str(table), "-o", "index", "--workers", "1"])
    assert built.exit_code == 0, built.output
    asked = ["expand", "O=C(NCc1ccccc1)c1ccc(I)cc1", "--model", str(hand_model), "--index", "index", "--json"]
    answer = CliRunner().invoke(app, asked)
    assert answer.exit_code == 0, answer.output
    proposals = json.loads(answer.stdout)["proposals"]
    acid = next(one for one in proposals if one["reactants"] == "NCc1ccccc1.O=C(O)c1ccc(I)cc1")
    assert {one["source_id"] for one in acid["precedents"]} <= {"US0000001", "US0000002", "US0000003", "US0000004"}
    assert acid["precedents"]
    chloride = next(one for one in proposals if one["reactants"] == "NCc1ccccc1.O=C(Cl)c1ccc(I)cc1")
    assert chloride["precedents"] == []
