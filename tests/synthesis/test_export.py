"""A plan as other programs read it: what to buy as CSV, its molecules as SDF."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from rdkit import Chem

from bencao.synthesis import Limits, Plan, Stock, load_proposer, plan
from bencao.synthesis.export import leaves_csv, routes_sdf

LIDOCAINE = "CCN(CC)CC(=O)Nc1c(C)cccc1C"


@pytest.fixture(scope="module")
def found(hand_model: Path) -> Plan:
    return plan(LIDOCAINE, proposer=load_proposer(hand_model), limits=Limits(expansions=20), routes=2)


def test_each_leaf_to_buy_is_one_row_that_names_its_routes(found: Plan) -> None:
    rows = list(csv.DictReader(io.StringIO(leaves_csv(found))))
    assert [row["smiles"] for row in rows] == list(
        dict.fromkeys(leaf.smiles for route in found.routes for leaf in route.leaves)
    )
    for row in rows:
        needed = [
            str(number)
            for number, route in enumerate(found.routes, start=1)
            if row["smiles"] in {leaf.smiles for leaf in route.leaves}
        ]
        assert row["routes"].split() == needed
        assert row["in_stock"] == "true"
    diethylamine = next(row for row in rows if row["smiles"] == "CCNCC")
    assert diethylamine["inchikey"] == "HPNMFZURTQLUMO-UHFFFAOYSA-N"
    assert diethylamine["tier"] == "building-block"


def test_no_cell_of_a_users_list_is_taken_for_a_formula(hand_model: Path, tmp_path: Path) -> None:
    listed = tmp_path / "=cmd.csv"
    listed.write_text("smiles,price\nCCNCC,12.5\nCc1cccc(C)c1NC(=O)CCl,40\n")
    stock, proposer = Stock.from_csv(listed), load_proposer(hand_model)
    rows = list(csv.DictReader(io.StringIO(leaves_csv(plan(LIDOCAINE, proposer=proposer, stock=stock)))))
    assert rows[0]["price"]
    assert not [value for row in rows for value in row.values() if value.startswith(("=", "+", "@"))]


def test_the_sdf_holds_every_molecule_of_every_route_with_coordinates(found: Plan) -> None:
    supplier = Chem.SDMolSupplier()
    supplier.SetData(routes_sdf(found))
    records = list(supplier)
    wanted = [(str(number), node.smiles) for number, route in enumerate(found.routes, 1) for node in route.root.walk()]
    assert [(record.GetProp("route"), Chem.MolToSmiles(record)) for record in records] == wanted
    assert [record.GetProp("role") for record in records if Chem.MolToSmiles(record) == found.target] == [
        "target"
    ] * len(found.routes)
    assert {record.GetProp("role") for record in records} >= {"target", "starting material"}
    assert all(abs(record.GetConformer().GetPositions()).max() > 1 for record in records)
