"""What a chemist learns about where a starting material comes from, and what the shipped tiers hold."""

from __future__ import annotations

import csv
import gzip
import importlib.util
import pickle
import shutil
import sys
from collections import Counter
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdkit import Chem
from rdkit.Chem import rdCIPLabeler

from bencao.kernel.errors import BencaoError, EngineMissing, InputError, ModelError
from bencao.synthesis.chemistry.molecule import inchikey, neutral_parent, unusual_charge
from bencao.synthesis.chemistry.skeleton import skeleton_number
from bencao.synthesis.route import StockEntry
from bencao.synthesis.stock import SHIPPED_TIERS, KeyTier, Stock, bloom_tier, load_tier, packed
from bencao.synthesis.train.reactions import CleanReaction

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "src/bencao/synthesis/models/stock"
DRUGS = ROOT / "benchmarks/synthesis/targets/drugs.tsv"


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle, delimiter="\t"))


COMMODITIES = rows_of(FOLDER / "commodity.tsv")


@pytest.fixture(scope="module")
def script() -> ModuleType:
    """The script that derives the stock, as a module."""
    spec = importlib.util.spec_from_file_location("synthesis_stock", ROOT / "training/synthesis_stock.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def tier_of(entry: StockEntry | None) -> str:
    return entry.tier if entry else ""


# --- the default stock


def test_common_starting_materials_are_in_the_default_stock_with_their_uses() -> None:
    entry = Stock.default().find("OB(O)c1ccccc1")
    assert entry is not None
    assert entry.tier == "building-block"
    assert entry.uses > 100
    assert entry.source == f"used as a starting material in {entry.uses} patent reactions"


def test_a_commodity_that_no_patent_reaction_used_is_found_by_the_list() -> None:
    assert tier_of(Stock.default().find("O=C=O")) in ("building-block", "commodity")
    assert tier_of(Stock.shipped(("commodity",)).find("O=C=O")) == "commodity"


@pytest.mark.parametrize("smiles", ["CC(=O)O", "CC(=O)[O-]", "CC(=O)[O-].[Na+]", "CC(=O)O[K]", "OC(C)=O"])
def test_a_salt_and_its_acid_have_the_same_entry(smiles: str) -> None:
    stock = Stock.default()
    assert stock.find(smiles) == stock.find("CC(=O)O")
    assert tier_of(stock.find(smiles)) == "building-block"


@given(st.sampled_from([row["smiles"] for row in COMMODITIES]), st.integers(1, 2**30))
def test_every_spelling_of_a_molecule_has_the_same_entry(smiles: str, seed: int) -> None:
    stock = Stock.default()
    spelt = Chem.MolToRandomSmilesVect(Chem.MolFromSmiles(smiles), 1, randomSeed=seed)[0]
    assert stock.find(spelt) == stock.find(smiles)
    assert stock.find(smiles) is not None


def test_no_drug_of_the_benchmark_but_paracetamol_is_a_building_block() -> None:
    stock = Stock.default()
    found = {row["name"] for row in rows_of(DRUGS) if tier_of(stock.find(row["smiles"])) not in ("", "perhaps")}
    assert found == {"paracetamol"}


def test_another_stereoisomer_is_only_perhaps(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("smiles\nC[C@H](N)C(=O)NCCCCCCCCCCCO\n")
    stock = Stock.from_csv(path)
    assert tier_of(stock.find("C[C@H](N)C(=O)NCCCCCCCCCCCO")) == "supplier"
    for other in ("C[C@@H](N)C(=O)NCCCCCCCCCCCO", "CC(N)C(=O)NCCCCCCCCCCCO"):
        entry = stock.find(other)
        assert entry is not None
        assert entry.tier == "perhaps"
        assert "same skeleton, other stereo" in entry.source
        assert "in tier supplier" in entry.source


def test_the_whole_match_of_a_later_tier_goes_before_a_skeleton_match_of_an_earlier() -> None:
    d_tryptophan = inchikey("N[C@H](Cc1c[nH]c2ccccc12)C(=O)O")
    l_tryptophan = inchikey("N[C@@H](Cc1c[nH]c2ccccc12)C(=O)O")
    first = KeyTier("building-block", "0" * 64, packed([d_tryptophan]), np.array([3], dtype=np.uint32))
    second = KeyTier("seen", "0" * 64, packed([l_tryptophan]), np.array([1], dtype=np.uint32))
    entry = Stock((first, second)).find("N[C@@H](Cc1c[nH]c2ccccc12)C(=O)O")
    assert entry == StockEntry("seen", "seen as a reactant in 1 patent reaction, outside the building blocks", 1)


def test_a_molecule_that_does_not_parse_is_a_typed_error() -> None:
    with pytest.raises(InputError, match="unclosed ring"):
        Stock.default().find("C1CC")


def test_what_was_merely_seen_is_found_only_where_it_is_asked_for() -> None:
    imatinib = rows_of(DRUGS)[0]["smiles"]
    assert Stock.default().find(imatinib) is None
    assert tier_of(Stock.shipped(("building-block", "seen")).find(imatinib)) == "seen"


def test_identity_names_each_tier_with_the_digest_of_its_file() -> None:
    identity = Stock.default().identity
    assert [name for name, _ in identity] == ["stock building-block", "stock commodity"]
    assert all(len(digest) == 64 for _, digest in identity)


def test_a_stock_goes_to_another_process_whole() -> None:
    copy = pickle.loads(pickle.dumps(Stock.default()))
    assert copy.find("Brc1cccnc1") == Stock.default().find("Brc1cccnc1")
    assert copy.identity == Stock.default().identity


# --- the shipped tiers


def test_an_unknown_tier_is_refused_with_the_names_of_the_known() -> None:
    with pytest.raises(InputError, match="building-block, commodity, paroutes, seen"):
        Stock.shipped(("enamine",))


def test_no_source_promises_that_a_molecule_can_be_bought() -> None:
    for tier in SHIPPED_TIERS:
        stock = load_tier(FOLDER, tier)
        entry = stock.find(next(iter(stock)), "")
        assert entry is not None
        assert "purchas" not in entry.source
        assert "buy" not in entry.source


@pytest.mark.parametrize("name", SHIPPED_TIERS)
def test_the_keys_of_a_tier_are_sorted_single_and_all_found(name: str) -> None:
    tier = load_tier(FOLDER, name)
    keys = list(tier)
    assert keys == sorted(set(keys))
    assert len(keys) == len(tier)
    for key in keys[:: max(1, len(keys) // 200)]:
        entry = tier.find(key, "")
        assert entry is not None
        assert entry.tier == name
        assert tier.has_skeleton(key[:14])


@given(st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=14, max_size=14))
def test_a_key_that_is_not_listed_is_not_found(letters: str) -> None:
    tier = load_tier(FOLDER, "commodity")
    key = f"{letters}-UHFFFAOYSA-N"
    assert (tier.find(key, "") is not None) == (key in set(tier))


def test_the_default_tier_has_no_key_in_common_with_what_was_merely_seen() -> None:
    seen = set(load_tier(FOLDER, "seen"))
    assert not seen & set(load_tier(FOLDER, "building-block"))
    assert not seen & set(load_tier(FOLDER, "commodity"))


def test_building_blocks_serve_in_at_least_two_reactions() -> None:
    assert load_tier(FOLDER, "building-block").uses.min() == 2


def test_the_shipped_stock_stays_small() -> None:
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 6_000_000


def test_an_altered_tier_does_not_load(tmp_path: Path) -> None:
    folder = tmp_path / "stock"
    shutil.copytree(FOLDER, folder)
    content = bytearray((folder / "commodity.npz").read_bytes())
    content[len(content) // 2] ^= 1
    (folder / "commodity.npz").write_bytes(content)
    with pytest.raises(ModelError, match=r"commodity\.npz"):
        load_tier(folder, "commodity")


def test_the_paroutes_tier_holds_the_published_keys(shared_data: Path) -> None:
    published: set[str] = set()
    for name in ("n1", "n5"):
        with gzip.open(shared_data / f"synthesis/paroutes_{name}_stock_inchikeys.txt.gz", "rt") as handle:
            published.update(handle.read().split())
    assert set(load_tier(FOLDER, "paroutes")) == published
    assert len(published) == 20_808


# --- the reviewed list


def test_the_commodity_tier_is_the_reviewed_list() -> None:
    assert set(load_tier(FOLDER, "commodity")) == {inchikey(row["smiles"]) for row in COMMODITIES}


def test_the_reviewed_list_names_each_molecule_once() -> None:
    assert len({row["name"] for row in COMMODITIES}) == len(COMMODITIES)
    assert len({inchikey(row["smiles"]) for row in COMMODITIES}) == len(COMMODITIES)
    assert all(row["note"] for row in COMMODITIES)


def test_a_commodity_is_small_or_a_reagent() -> None:
    large = {row["name"] for row in COMMODITIES if neutral_parent(row["smiles"]).GetNumHeavyAtoms() > 20}
    assert large == {
        "(carbethoxymethylene)triphenylphosphorane",
        "Lawesson's reagent",
        "N-(9-fluorenylmethoxycarbonyloxy)succinimide",
        "N-phenyl-bis(trifluoromethanesulfonimide)",
    }


def test_only_hydride_salts_and_carbon_monoxide_are_drawn_with_unusual_charges() -> None:
    charged = {row["name"] for row in COMMODITIES if unusual_charge(neutral_parent(row["smiles"]))}
    assert charged == {
        "carbon monoxide",
        "sodium borohydride",
        "sodium cyanoborohydride",
        "sodium triacetoxyborohydride",
        "lithium aluminium hydride",
    }


def test_the_stereo_of_a_commodity_is_that_of_its_name() -> None:
    # IUPAC-IUB 1983 (amino acids): L is S at the alpha carbon, but R in cysteine; R and S as named elsewhere.
    expected = {"(R)-": "R", "(S)-": "S", "L-": "S", "D-": "R", "N-Boc-L-": "S"}
    other = {"L-cysteine": "R", "L-tartaric acid": "R"}
    checked = 0
    for row in COMMODITIES:
        prefix = next((p for p in expected if row["name"].startswith(p)), None)
        if prefix is None:
            continue
        molecule = Chem.MolFromSmiles(row["smiles"])
        rdCIPLabeler.AssignCIPLabels(molecule)
        alpha = Chem.MolFromSmarts("[$([CX4H]([N,O])C(=O)[OH]),$([CX4;!$(C[N,O]C=O)]),S]")
        labels = [
            molecule.GetAtomWithIdx(index).GetProp("_CIPCode")
            for (index,) in molecule.GetSubstructMatches(alpha)
            if molecule.GetAtomWithIdx(index).HasProp("_CIPCode")
        ]
        named = other.get(row["name"], expected[prefix])
        if row["name"] in ("L-isoleucine", "L-threonine"):
            assert named in labels, row["name"]
        else:
            assert set(labels) == {named}, row["name"]
        checked += 1
    assert checked > 35


# --- the script's rules


def reaction(reactants: str, product: str, held_out: bool = False, mapped: bool = True) -> CleanReaction:
    return CleanReaction(
        row=2,
        source="test",
        reaction_class=0,
        held_out=held_out,
        product=product,
        product_flat=Chem.MolToSmiles(Chem.MolFromSmiles(product), isomericSmiles=False),
        reactants=reactants,
        reagents="",
        mapped=f"{reactants}>>{product}" if mapped else "",
    )


def test_reactions_of_a_measuring_split_and_unmapped_ones_give_nothing_to_the_stock(script: ModuleType) -> None:
    kept = reaction("CN.CC(=O)Cl", "CNC(C)=O")
    measured = reaction("C[C@H](N)F.CC(=O)Cl", "CC(=O)N[C@@H](C)F", held_out=True)
    same_product_flat = reaction("CC(N)F.CC(=O)O", "CC(=O)NC(C)F")
    unmapped = reaction("CCN.CC(=O)Cl", "CCNC(C)=O", mapped=False)
    assert script.shippable([kept, measured, same_product_flat, unmapped]) == [kept]


def test_uses_count_distinct_reactions_by_neutral_parent(script: ModuleType) -> None:
    reactions = [
        reaction("CN.CC(=O)Cl", "CNC(C)=O"),
        reaction("C[NH3+].CCC(=O)Cl", "CCC(=O)NC"),
        reaction("CN.CN.O=C(Cl)Cl", "CNC(=O)NC"),
        reaction("[CH2]C.CN", "CCNC"),
    ]
    uses, heavy_atoms, graphs, faults = script.count_uses(reactions, lambda spellings: map(script.describe, spellings))
    assert graphs[inchikey("CN")] == skeleton_number(Chem.MolFromSmiles("CN"))
    assert uses[inchikey("CN")] == 4
    assert uses[inchikey("CC(=O)Cl")] == 1
    assert heavy_atoms[inchikey("CCC(=O)Cl")] == 5
    assert faults == Counter({"radical": 1})


@pytest.mark.parametrize(
    ("heavy_atoms", "uses", "expected"),
    [(20, 3, True), (21, 500, False), (20, 2, False), (11, 2, False), (10, 2, True), (10, 1, False)],
)
def test_the_default_tier_goes_by_size_and_uses(
    script: ModuleType, heavy_atoms: int, uses: int, expected: bool
) -> None:
    assert script.is_building_block(heavy_atoms, uses) is expected


def test_the_same_tier_gives_the_same_bytes(script: ModuleType, tmp_path: Path) -> None:
    keys = [inchikey(row["smiles"]) for row in COMMODITIES[:50]]
    uses = Counter({keys[0]: 7})
    script.write_tier(tmp_path / "one.npz", keys, uses, 25, frozenset((3, 1)))
    script.write_tier(tmp_path / "two.npz", reversed(keys), uses, 25, frozenset((1, 3)))
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()


# --- a supplier's list


def test_a_suppliers_list_gives_price_supplier_and_number(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.csv"
    path.write_text(
        "ID,Supplier,SMILES,Price\n"
        "A-1,Example Fine Chemicals,Nc1ccccc1.Cl,12.50\n"
        "A-2,Example Fine Chemicals,Nc1ccccc1,9\n"
        "A-3,,OB(O)c1ccccc1,\n"
    )
    stock = Stock.from_csv(path)
    assert stock.problems == ()
    assert stock.find("Nc1ccccc1") == StockEntry(
        "supplier", "listed by Example Fine Chemicals as A-2 in catalogue.csv", price=9.0
    )
    assert stock.find("OB(O)c1ccccc1") == StockEntry("supplier", "listed as A-3 in catalogue.csv")
    assert stock.find("CCO") is None


def test_a_list_of_inchikeys_needs_no_structures(tmp_path: Path) -> None:
    path = tmp_path / "keys.tsv"
    path.write_text("inchikey\tprice\nPAYRUJLWNCNPSJ-UHFFFAOYSA-N\t3\n")
    assert tier_of(Stock.from_csv(path).find("Nc1ccccc1")) == "supplier"


def test_bad_rows_of_a_list_are_named_and_the_rest_is_used(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("smiles,inchikey,price\nCCO,,1\nC1CC,,2\n,,3\n,NOT-A-KEY,4\nCCN,,on request\nCCC,,-5\n")
    stock = Stock.from_csv(path)
    assert [(problem.where.rsplit(": ")[-1], problem.cause.split(":")[0]) for problem in stock.problems] == [
        ("row 3", "RDKit cannot read the SMILES"),
        ("row 4", "neither SMILES nor InChIKey"),
        ("row 5", "'NOT-A-KEY' is not a standard InChIKey"),
        ("row 6", "price 'on request' is not a number from 0"),
        ("row 7", "price '-5' is not a number from 0"),
    ]
    ethylamine = stock.find("CCN")
    assert ethylamine is not None
    assert ethylamine.price is None
    assert tier_of(stock.find("CCO")) == "supplier"


@pytest.mark.parametrize(
    ("name", "content", "cause"),
    [
        ("empty.csv", b"", "no column smiles or inchikey"),
        ("header.csv", b"smiles,price\n", "no usable row"),
        ("other.csv", b"structure,price\nCCO,1\n", "columns: structure, price"),
        ("bad.csv", b"smiles\nC1CC\nxyz\n", "no usable row"),
        ("binary.csv", b"smiles\n\xff\xfe\x00\n", "not UTF-8"),
        ("list.xlsx", b"PK", "suffix"),
    ],
)
def test_a_list_that_cannot_be_used_is_a_typed_error(tmp_path: Path, name: str, content: bytes, cause: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InputError) as raised:
        Stock.from_csv(path)
    assert cause in raised.value.cause
    assert str(path) in raised.value.where


def test_an_absent_list_is_a_typed_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        Stock.from_csv(tmp_path / "absent.csv")


def test_a_suppliers_list_joins_the_shipped_tiers_and_answers_first(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("smiles,price\nNc1ccccc1,9\n")
    stock = Stock.from_csv(path).combine(Stock.default())
    assert tier_of(stock.find("Nc1ccccc1")) == "supplier"
    assert tier_of(stock.find("OB(O)c1ccccc1")) == "building-block"
    assert [name for name, _ in stock.identity] == ["stock supplier", "stock building-block", "stock commodity"]


# --- the Bloom filter


def test_a_bloom_filter_never_says_more_than_perhaps() -> None:
    pytest.importorskip("molbloom", reason="molbloom (extra bloom) is not installed")
    stock = Stock((bloom_tier(),))
    entry = stock.find("CC(=O)c1ccc(F)cc1")
    assert entry is not None
    assert entry.tier == "perhaps"
    assert "can be wrong" in entry.source


def test_a_file_that_is_no_bloom_filter_is_refused(tmp_path: Path) -> None:
    pytest.importorskip("molbloom", reason="molbloom (extra bloom) is not installed")
    whole = bloom_tier().path.read_bytes()
    for name, content in {"empty": b"", "text": b"smiles\nCCO\n", "cut": whole[:100_000]}.items():
        path = tmp_path / f"{name}.bloom"
        path.write_bytes(content)
        with pytest.raises(InputError, match="not a whole molbloom filter"):
            bloom_tier(path)
    with pytest.raises(InputError, match="cannot be read"):
        bloom_tier(tmp_path / "absent.bloom")


def test_without_molbloom_the_install_step_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "molbloom.bloom", None)
    with pytest.raises(EngineMissing, match=r"bencao\[bloom\]") as raised:
        bloom_tier()
    assert isinstance(raised.value, BencaoError)
