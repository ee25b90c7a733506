"""The tree scan: ratios as derived by hand, p values as enumerated, hierarchies as users have them."""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

pl = pytest.importorskip("polars", reason="the extra safety is not installed")

from bencao.kernel.ledger import Ledger  # noqa: E402
from bencao.safety.errors import CountsError, HierarchyError  # noqa: E402
from bencao.safety.signals.treescan import Hierarchy, Scan, nodes_of, read_hierarchy, scan_tree  # noqa: E402

#        top
#       /   \
#    left   right
#    a   b    c
TREE = Hierarchy({"a": ("left",), "b": ("left",), "c": ("right",), "left": ("top",), "right": ("top",), "top": ()})
N, EXPECTED, TRIALS = [4, 3, 1], [2.0, 1.0, 5.0], [8, 4, 20]


def ratios(found: Scan) -> dict[str, float]:
    """The log likelihood ratio of each node."""
    return dict(found.table.select("node", "llr").iter_rows())


def test_ratios_are_those_derived_by_hand() -> None:
    log = math.log
    found = ratios(scan_tree(TREE, ["a", "b", "c"], N, EXPECTED, "poisson"))
    assert found["left"] == pytest.approx(7 * log(7 / 3) - 7 + 3)
    assert found["a"] == pytest.approx(4 * log(2) - 4 + 2)
    assert found["right"] == found["c"] == found["top"] == 0.0
    found = ratios(scan_tree(TREE, ["a", "b", "c"], N, EXPECTED))
    assert found["left"] == pytest.approx(7 * log(7 / 3) + 1 * log(1 / 5))
    assert found["b"] == pytest.approx(3 * log(3) + 5 * log(5 / 7))
    found = ratios(scan_tree(TREE, ["a", "b", "c"], N, TRIALS, "bernoulli", probability=0.25))
    assert found["left"] == pytest.approx(7 * log(7 / 3) + 5 * log(5 / 9))
    found = ratios(scan_tree(TREE, ["a", "b", "c"], N, TRIALS, "conditional-bernoulli"))
    # 8 cases of 32 trials: 7 of 12 inside, 1 of 20 outside, against 8 of 32 everywhere.
    inside, outside = 7 * log(7 / 12) + 5 * log(5 / 12), log(1 / 20) + 19 * log(19 / 20)
    assert found["left"] == pytest.approx(inside + outside - 8 * log(8 / 32) - 24 * log(24 / 32))


def test_p_is_what_all_tables_of_as_many_reports_show() -> None:
    share, exact, seen = [0.25, 0.125, 0.625], 0.0, ratios(scan_tree(TREE, ["a", "b", "c"], N, EXPECTED))["left"]
    for a, b in itertools.product(range(9), repeat=2):
        if a + b > 8:
            continue
        cells = (a, b, 8 - a - b)
        chance = math.factorial(8) * math.prod(p**k / math.factorial(k) for p, k in zip(share, cells, strict=True))
        llr = max(ratios(scan_tree(TREE, ["a", "b", "c"], cells, EXPECTED, draws=1)).values())
        exact += chance * (llr >= seen - 1e-9)
    drawn = scan_tree(TREE, ["a", "b", "c"], N, EXPECTED, draws=20_000).table
    # 20,000 draws at p = 0.01: a standard error of 0.0007.
    assert 0.001 < exact < 0.05
    assert drawn.filter(pl.col("node") == "left")["p"].item() == pytest.approx(exact, abs=0.003)


@pytest.mark.parametrize("model", ["poisson", "conditional-poisson", "conditional-bernoulli", "bernoulli"])
def test_false_nodes_come_as_often_as_the_level_says(model: str) -> None:
    random = np.random.default_rng(5)
    events = [f"e{number}" for number in range(60)]
    tree = Hierarchy({event: (f"g{at % 8}",) for at, event in enumerate(events)} | {f"g{at}": () for at in range(8)})
    trials = random.integers(5, 60, 60)
    base = trials * 0.2 if "poisson" in model else trials
    false = 0
    for trial in range(150):
        n = random.poisson(base) if "poisson" in model else random.binomial(trials, 0.2)
        found = scan_tree(tree, events, n, base, model, probability=0.2, draws=99, seed=trial)
        false += found.table["p"].min() <= 0.05
    assert 0 < false <= 17  # 7.5 of 150 at the level; 18 or more have a chance of 0.0006


def test_the_same_seed_gives_the_same_and_more_events_do_not_hide_a_group() -> None:
    events = [f"e{number}" for number in range(500)]
    tree = Hierarchy({event: (f"g{at // 10}",) for at, event in enumerate(events)} | {f"g{at}": () for at in range(50)})
    random = np.random.default_rng(2)
    expected = random.gamma(1.0, 2.0, 500)
    n = random.poisson(expected * np.where(np.arange(500) // 10 == 7, 2.5, 1.0))
    first, again = (scan_tree(tree, events, n, expected, draws=299, seed=3).table for _ in range(2))
    assert first.equals(again)
    assert first["node"][0] == "g7"
    assert first["p"][0] == 1 / 300
    assert first["strongest"][0]
    assert not first.filter(pl.col("p") <= 0.05).filter(~pl.col("node").str.contains("^(g7|e7[0-9])$")).height


def test_an_event_below_two_groups_counts_once_above_both() -> None:
    tree = Hierarchy({"a": ("left", "right"), "left": ("top",), "right": ("top",), "top": ()})
    nodes = nodes_of(tree, ["a", "new"])
    held = dict(zip(nodes.names, (nodes.holds @ np.array([3.0, 1.0])).tolist(), strict=True))
    assert held == {"a": 3, "left": 3, "right": 3, "top": 3, "new": 1}
    assert nodes.outside == 1


def test_mdhier_gives_the_primary_path_with_its_levels(tmp_path: Path) -> None:
    rows = (
        "1$2$3$4$Rash$Rashes$Epidermal$Skin$SkinS$$4$Y$",
        "1$5$6$7$Rash$Drug eruptions$Immune$Immune system$Immun$$4$N$",
    )
    (tmp_path / "mdhier.asc").write_text("\n".join(rows) + "\n", encoding="utf-8")
    parents = read_hierarchy(tmp_path / "mdhier.asc").parents
    assert parents["Rash"] == ("HLT: Rashes",)
    assert parents["HLGT: Epidermal"] == ("SOC: Skin",)
    assert len(parents) == 4


@pytest.mark.parametrize(
    ("text", "told"),
    [("child,parent\na,b\nb,c\nc,a\n", "ring"), ("child,parent\na,\n", "row 2"), ("child,above\na,b\n", "no column")],
)
def test_a_hierarchy_that_is_none_is_named(text: str, told: str, tmp_path: Path) -> None:
    (tmp_path / "tree.csv").write_text(text, encoding="utf-8")
    with pytest.raises(Exception, match=told):
        read_hierarchy(tmp_path / "tree.csv")
    (tmp_path / "mdhier.asc").write_text("1$2$3\n", encoding="utf-8")
    with pytest.raises(HierarchyError, match="line 1"):
        read_hierarchy(tmp_path / "mdhier.asc")


def test_more_cases_than_trials_and_no_probability_are_refused() -> None:
    with pytest.raises(CountsError, match="more cases"):
        scan_tree(TREE, ["a", "b", "c"], [9, 1, 1], TRIALS, "conditional-bernoulli")
    with pytest.raises(CountsError, match="probability"):
        scan_tree(TREE, ["a", "b", "c"], N, TRIALS, "bernoulli")


def test_the_command_scans_a_drug_of_reports(bencao: Callable[..., object], tmp_path: Path) -> None:
    random, lines = np.random.default_rng(1), ["report,drug,event"]
    events = [f"e{number}" for number in range(20)]
    for number in range(4_000):
        drug = "A" if number % 5 == 0 else "B"
        weight = np.where((np.arange(20) < 4) & (drug == "A"), 3.0, 1.0)
        lines.append(f"{number},{drug},{random.choice(events, p=weight / weight.sum())}")
    (tmp_path / "reports.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    links = [f"{event},group {at // 4}" for at, event in enumerate(events[:-1])]
    (tmp_path / "tree.csv").write_text("child,parent\n" + "\n".join(links) + "\n", encoding="utf-8")
    done = bencao("safety", "treescan", "reports.csv", "--tree", "tree.csv", "--of", "A", "-o", "nodes.csv", "--json")
    assert done.code == 0, done.err
    told = json.loads(done.out)
    assert (told["first"][0]["node"], told["outside"]) == ("group 0", 1)
    first = pl.read_csv("nodes.csv").row(0, named=True)
    assert (first["drug"], first["node"], first["p"], first["strongest"]) == ("A", "group 0", 0.001, True)
    assert [entry.command for _, entry in Ledger(tmp_path / ".bencao").entries()] == ["safety treescan"]
    assert (
        "层级之外" in bencao("safety", "treescan", "reports.csv", "--tree", "tree.csv", "--of", "A", "--lang", "zh").out
    )
    refused = bencao("safety", "treescan", "reports.csv", "--tree", "tree.csv", "--of", "C")
    assert refused.code == 2
    assert "no drug 'C'" in refused.err
