"""Pairs followed over time: critical values as published, changes found where they are, a table the page reads."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

pl = pytest.importorskip("polars", reason="the extra safety is not installed")

from bencao.kernel.ledger import Ledger  # noqa: E402
from bencao.safety.browse.places import SafetyPlaces, open_safety  # noqa: E402
from bencao.safety.browse.signals import show_drug  # noqa: E402
from bencao.safety.signals.trends import (  # noqa: E402
    chance_of_signal,
    change_point,
    critical_value,
    dated,
    follow,
    poisson_log_likelihood_ratio,
)

# Upper limit: critical values at 0.05 for one event needed (Kulldorff and others 2011, table 1), and for 3, 4 and 6
# (Kulldorff and Silva 2015; R's Sequential).
PUBLISHED = {
    (1.0, 1): 2.853937, (2.0, 1): 3.046977, (5.0, 1): 3.297183, (10.0, 1): 3.467952, (20.0, 1): 3.628123,
    (50.0, 1): 3.819903, (100.0, 1): 3.952321, (1000.0, 1): 4.324917,
    (1.5, 3): 2.150707, (2.0, 3): 2.349680, (1.5, 4): 1.683209,
}  # fmt: skip


@pytest.mark.parametrize(("limit", "minimum"), PUBLISHED)
def test_critical_values_are_those_published(limit: float, minimum: int) -> None:
    assert critical_value(limit, 0.05, minimum) == pytest.approx(PUBLISHED[limit, minimum], abs=1e-6)


def test_the_chance_of_a_signal_is_what_drawn_surveillance_shows() -> None:
    random = np.random.default_rng(7)
    arrivals = np.cumsum(random.exponential(size=(20_000, 40)), axis=1)
    ratio = poisson_log_likelihood_ratio(np.arange(1, 41), arrivals)
    signalled = ((arrivals <= 8.0) & (ratio >= 2.5) & (np.arange(1, 41) >= 3)).any(axis=1).mean()
    # 20,000 surveillances: a standard error of 0.002.
    assert chance_of_signal(2.5, 8.0, 3) == pytest.approx(signalled, abs=0.008)


def test_a_watch_too_short_to_err_needs_only_an_excess() -> None:
    assert critical_value(0.01) == 0.0  # one event in 0.01 expected has a chance of 0.00995


def test_a_change_has_the_ratio_and_chance_of_the_binomial() -> None:
    found = change_point([2, 8], [5.0, 5.0], draws=20_000)
    assert (found.at, found.before, found.after) == (1, 0.4, 1.6)
    assert found.llr == pytest.approx(2 * math.log(2 / 5) + 8 * math.log(8 / 5))
    assert found.p == pytest.approx(112 / 1024, abs=0.008)  # 0, 1, 2, 8, 9 or 10 heads of 10


def test_counts_that_keep_their_ratio_have_no_change() -> None:
    found = change_point([2, 4, 6], [1.0, 2.0, 3.0])
    assert (found.at, found.p, found.after) == (0, 1.0, 2.0)


def test_periods_are_measured_alone_to_date_and_against_those_before() -> None:
    counted = pl.DataFrame({"drug": "A", "event": "x", "period": ["2024", "2025"], "n": [1, 7], "expected": [2.0, 3.0]})
    first, second = follow(counted).table.iter_rows(named=True)
    assert first["ic"] == first["ic_to_date"] == pytest.approx(math.log2(1.5 / 2.5))
    assert second["ic"] == pytest.approx(math.log2(7.5 / 3.5))
    assert second["ic_to_date"] == pytest.approx(math.log2(8.5 / 5.5))
    assert first["ic_delta"] is None
    assert second["ic_delta"] == pytest.approx(math.log2(7.5 / 2.0))  # 1 of 2 before: 1.5 of 3 expected now
    assert second["llr"] == pytest.approx(8 * math.log(8 / 5) - 3)


def test_watching_ends_at_the_upper_limit_that_was_planned() -> None:
    counted = pl.DataFrame(
        {"drug": "A", "event": "x", "period": ["1", "2", "3"], "n": [1, 1, 30], "expected": [1.0, 1.0, 1.0]}
    )
    assert follow(counted).pairs["sequential_from"].to_list() == ["3"]
    assert follow(counted, upper_limit=2.5).pairs["sequential_from"].to_list() == [None]


def test_dates_become_periods() -> None:
    told = ["2024-05-31", "20240401", "202406", "2024", None, "20240630235959+0100"]
    background = pl.DataFrame({"report": [str(number) for number in range(6)], "day": told})
    by_quarter = dict(dated(background, "day", "quarter")[0].iter_rows())
    assert by_quarter == dict.fromkeys(("0", "1", "2", "5"), "2024-Q2")
    assert dated(background, "day", "year")[0].height == 5
    assert dict(dated(background, "day", "month")[0].iter_rows())["2"] == "2024-06"


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    """Two drugs over twelve months; from July on A is reported with x three times as often."""
    random = np.random.default_rng(3)
    lines = ["report,drug,event,received"]
    for number in range(3_000):
        month, drug = 1 + number % 12, random.choice(["A", "B", "C"])
        chance = 0.3 if drug == "A" and month >= 7 else 0.1
        event = "x" if random.random() < chance else random.choice(["y", "z"])
        lines.append(f"{number},{drug},{event},2024{month:02d}10")
    (tmp_path / "reports.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return tmp_path / "reports.csv"


def test_the_command_finds_the_month_and_the_page_reads_its_table(
    reports: Path, bencao: Callable[..., object], tmp_path: Path
) -> None:
    done = bencao(
        "safety", "trends", str(reports), "--date", "received", "--by", "month",
        "-o", "trends.csv", "--pairs", "pairs.csv", "--json",
    )  # fmt: skip
    assert done.code == 0, done.err
    assert json.loads(done.out)["periods"] == 12
    pair = pl.read_csv("pairs.csv").row(by_predicate=(pl.col("drug") == "A") & (pl.col("event") == "x"), named=True)
    assert pair["change_from"] == "2024-07"
    assert pair["change_p"] <= 0.002
    assert pair["ratio_after"] > 1.3 > pair["ratio_before"]
    assert done and bencao("safety", "signals", str(reports), "-o", "measures.csv").code == 0
    places = SafetyPlaces(signals=tmp_path / "measures.csv", trends=tmp_path / "trends.csv")
    shown = dict(show_drug(open_safety(places), "A").times)
    assert [moment.period for moment in shown["x"]] == [f"2024-{month:02d}" for month in range(1, 13)]
    commands = [entry.command for _, entry in Ledger(tmp_path / ".bencao").entries()]
    assert "safety trends" in commands


def test_a_report_with_a_date_that_is_none_is_named_and_the_others_go_on(
    reports: Path, bencao: Callable[..., object]
) -> None:
    with reports.open("a", encoding="utf-8") as stream:
        stream.write("odd,A,x,20241399\nempty,A,x,\n")
    done = bencao("safety", "trends", str(reports), "--date", "received", "--json")
    assert done.code == 1
    assert "report odd: '20241399' is no date" in done.err
    told = json.loads(done.out)
    assert (told["periods"], told["undated"], told["misdated"]) == (4, 2, 1)


def test_a_file_with_expected_counts_is_taken_as_it_stands(bencao: Callable[..., object], tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text("drug,event,period,n,expected\nA,x,1,0,0.5\nA,x,2,6,0.5\n", encoding="utf-8")
    done = bencao("safety", "trends", "c.csv", "--lang", "zh")
    assert done.code == 0, done.err
    assert "序贯检验信号 1" in done.out


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("report,drug,event,date\n1,A,x,10/03/2024\n", "no date"),
        ("report,drug,event,date\n1,A,x,20241310\n", "no date"),
        ("drug,event,period,n,expected\nA,x,1,2,0\n", "row 2"),
        ("drug,event,period,n,expected\nA,x,1,2,1\nA,x,1,2,1\n", "once"),
        ("report,drug,event\n1,A,x\n", "no column date"),
    ],
)
def test_what_cannot_be_followed_is_named(text: str, told: str, bencao: Callable[..., object], tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_text(text, encoding="utf-8")
    done = bencao("safety", "trends", "bad.csv")
    assert done.code == 2
    assert told in done.err
