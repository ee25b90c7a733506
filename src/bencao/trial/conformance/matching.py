"""Join what a rule wants joined before its check: data sets, supplemental qualifiers, related records, parents."""

from __future__ import annotations

import polars as pl

from bencao.trial.conformance.operators.columns import MissingVariable
from bencao.trial.conformance.operators.comparison import canonical
from bencao.trial.conformance.rule import Match, Rule
from bencao.trial.conformance.study import RECORD, SOURCE, Study, Table

_SUBJECT = ("STUDYID", "USUBJID", "APID", "POOLID", "SPDEVID")
_OWN = (RECORD, SOURCE)


def join_matches(rule: Rule, frame: pl.DataFrame, table: Table, study: Study) -> pl.DataFrame:
    """The table of a data set joined with the data sets that a rule names.

    Parameters
    ----------
    rule : Rule
    frame : polars DataFrame
    table : Table
        Data set that the frame is of.
    study : Study

    Returns
    -------
    polars DataFrame
        A variable that both sides have keeps its name on the left and gets the data set's name as suffix on the right.

    Raises
    ------
    MissingVariable
        Where a key is not there.
    """
    joined: set[str] = set()
    for match in rule.matches:
        for other in _others(match, frame, table, study):
            if other.domain in joined:
                continue
            joined.add(other.domain or other.name)
            right = _renamed(study.records(other), match.name, rule)
            if match.child:
                frame = _join_parents(frame, table, right, other, match)
            elif match.name == "RELREC":
                frame = _join_related(frame, table, right, study, match.wildcard)
            elif match.name.startswith(("SUPP", "SQ")):
                frame = _join_supplement(frame, right)
            else:
                frame = _join(frame, right, match, table)
    return frame


def _others(match: Match, frame: pl.DataFrame, table: Table, study: Study) -> list[Table]:
    if not match.child:
        return [] if match.name == table.unsplit_name else study.named(match.name, table)
    if match.name[:4] in ("SUPP", "SQAP") and table.related_domain:
        own = match.name in ("SUPP--", table.name)
        return [other for other in study.tables if own and other.domain == table.related_domain]
    if match.name not in (table.domain, table.name) or "RDOMAIN" not in frame.columns:
        return []
    parents = set(frame["RDOMAIN"].to_list())
    return [other for other in study.tables if other.domain is not None and other.domain in parents]


def _renamed(frame: pl.DataFrame, name: str, rule: Rule) -> pl.DataFrame:
    """Records of the other data set; a variable that the check names as NAME.VARIABLE is called so."""
    named = [value for test in rule.comparisons() for value in (test.target, test.value) if isinstance(value, str)]
    wanted = {value.removeprefix(f"{name}.") for value in named if value.startswith(f"{name}.")}
    frame = frame.drop(_OWN)
    return frame.rename({column: f"{name}.{column}" for column in frame.columns if column in wanted})


def _join(frame: pl.DataFrame, right: pl.DataFrame, match: Match, table: Table) -> pl.DataFrame:
    left_keys = [left.replace("--", table.domain or "") for left, _ in match.keys]
    right_keys = [key.replace("--", match.name) for _, key in match.keys]
    for key, columns in ((left_keys, frame.columns), (right_keys, right.columns)):
        missing = [name for name in key if name not in columns]
        if missing:
            raise MissingVariable(", ".join(missing))
    shared = {left for left, key in zip(left_keys, right_keys, strict=True) if left == key}
    renamed = {name: f"{name}.{match.name}" for name in right.columns if name in frame.columns and name not in shared}
    right = right.rename(renamed)
    keys = [renamed.get(name, name) for name in right_keys]
    frame, right = _alike(frame, right, left_keys, keys)
    marked = right.with_columns(pl.lit(True).alias("__there"))
    joined = frame.join(
        marked,
        left_on=left_keys,
        right_on=keys,
        how=match.how,
        nulls_equal=True,
        coalesce=False,
        suffix="__right",
        maintain_order="left_right",
    )
    joined = joined.drop([f"{name}__right" for name in shared])
    if match.how == "left":
        there = pl.col("__there").fill_null(False)
        indicator = pl.when(there).then(pl.lit("both")).otherwise(pl.lit("left_only"))
        joined = joined.with_columns(indicator.alias(f"_merge_{match.name}"))
    return joined.drop("__there")


def _alike(
    left: pl.DataFrame, right: pl.DataFrame, left_keys: list[str], right_keys: list[str]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Both sides with keys of one type: a number and its text are the same key."""
    for first, second in zip(left_keys, right_keys, strict=True):
        one, other = left.schema[first], right.schema[second]
        if one != other:
            left = left.with_columns(canonical(pl.col(first), one).alias(first))
            right = right.with_columns(canonical(pl.col(second), other).alias(second))
    return left, right


def _join_supplement(frame: pl.DataFrame, supplement: pl.DataFrame) -> pl.DataFrame:
    """Supplemental qualifiers as variables of the records that they belong to (SDTMIG 3.4, section 8.4)."""
    for (variable,), part in supplement.group_by("IDVAR", maintain_order=True):
        keys = [key for key in _SUBJECT if key in frame.columns and key in part.columns]
        left = frame
        if variable is not None:
            if variable not in frame.columns:
                raise MissingVariable(str(variable))
            left = frame.with_columns(canonical(pl.col(str(variable)), frame.schema[str(variable)]).alias("__idvarval"))
            part = part.with_columns(canonical(pl.col("IDVARVAL"), pl.String()).alias("__idvarval"))
            keys.append("__idvarval")
        wide = part.pivot("QNAM", index=keys, values="QVAL", aggregate_function="first")
        wide = wide.drop([name for name in wide.columns if name in frame.columns and name not in keys])
        frame = left.join(wide, on=keys, how="left", nulls_equal=True, maintain_order="left")
        frame = frame.drop("__idvarval", strict=False)
    return frame


def _join_parents(
    frame: pl.DataFrame, table: Table, parents: pl.DataFrame, parent: Table, match: Match
) -> pl.DataFrame:
    """Records with the parent that RDOMAIN, IDVAR and IDVARVAL point to; the parent's values stand before their own."""
    for name in ("IDVAR", "IDVARVAL"):
        if name not in frame.columns:
            raise MissingVariable(name)
    children, others = frame, frame.clear()
    if not table.is_supplement:
        mine = pl.col("RDOMAIN").eq_missing(pl.lit(parent.domain))
        children, others = frame.filter(mine), frame.filter(~mine)
    keys = [(left, right) for left, right in match.keys if left not in ("IDVAR", "IDVARVAL")]
    keys = [(left, right) for left, right in keys if left in children.columns and right in parents.columns]
    parents = parents.with_row_index("__parent")
    found = pl.concat(
        [_parents_of(part, parents, keys) for _, part in children.group_by("IDVAR", maintain_order=True)]
        or [children.with_columns(pl.lit(None, dtype=pl.UInt32).alias("__parent"))],
    )
    return pl.concat([others, _filled(found, parents)], how="diagonal_relaxed")


def _parents_of(children: pl.DataFrame, parents: pl.DataFrame, keys: list[tuple[str, str]]) -> pl.DataFrame:
    """Children of one IDVAR with the row of their parent, null for none."""
    variable = children["IDVAR"][0]
    left = [name for name, _ in keys]
    right = parents.select("__parent", *(pl.col(name).alias(f"__k{place}") for place, (_, name) in enumerate(keys)))
    temporary = [f"__k{place}" for place in range(len(keys))]
    if variable is not None and variable not in parents.columns:
        return children.with_columns(pl.lit(None, dtype=pl.UInt32).alias("__parent"))
    if variable is not None:
        value = parents.select(canonical(pl.col(variable), parents.schema[variable]).alias("__value"))
        right = right.with_columns(value["__value"])
        children = children.with_columns(canonical(pl.col("IDVARVAL"), pl.String()).alias("__value"))
        left, temporary = [*left, "__value"], [*temporary, "__value"]
    right = right.unique(temporary, keep="first", maintain_order=True)
    joined = children.join(right, left_on=left, right_on=temporary, how="left", maintain_order="left")
    return joined.drop("__value", strict=False)


def _filled(found: pl.DataFrame, parents: pl.DataFrame) -> pl.DataFrame:
    renamed = parents.rename({name: f"__p.{name}" for name in parents.columns if name != "__parent"})
    joined = found.join(renamed, on="__parent", how="left", maintain_order="left")
    there = pl.col("__parent").is_not_null()
    columns = []
    for name in parents.columns:
        if name == "__parent":
            continue
        value = pl.col(f"__p.{name}")
        if name in found.columns:
            own, other = found.schema[name], parents.schema[name]
            if own != other:
                columns.append(
                    pl.when(there).then(canonical(value, other)).otherwise(canonical(pl.col(name), own)).alias(name)
                )
                continue
            value = pl.when(there).then(value).otherwise(pl.col(name))
        columns.append(value.alias(name))
    return joined.with_columns(columns).drop(
        [f"__p.{name}" for name in parents.columns if name != "__parent"], "__parent"
    )


def _join_related(frame: pl.DataFrame, table: Table, relrec: pl.DataFrame, study: Study, wildcard: str) -> pl.DataFrame:
    """Records with those that RELREC relates them to (SDTMIG 3.4, section 8.2), their variables called RELREC.NAME."""
    own = relrec.filter(pl.col("RDOMAIN") == table.domain)
    pairs = own.join(
        relrec.filter(pl.col("RDOMAIN") != table.domain),
        on=["STUDYID", "USUBJID", "RELID"],
        how="inner",
        nulls_equal=True,
        suffix="_RIGHT",
        maintain_order="left_right",
    )
    parts = []
    for pair in pairs.iter_rows(named=True):
        other = next((item for item in study.tables if item.domain == pair["RDOMAIN_RIGHT"]), None)
        if other is not None:
            parts.append(_related(frame, other, pair, wildcard))
    return pl.concat(parts, how="diagonal_relaxed") if parts else frame.clear()


def _related(frame: pl.DataFrame, other: Table, pair: dict[str, str | None], wildcard: str) -> pl.DataFrame:
    prefix = other.domain or ""
    right = other.frame.drop(_OWN)
    if pair["USUBJID"] is not None:
        frame, right = (side.filter(pl.col("USUBJID") == pair["USUBJID"]) for side in (frame, right))
    keys = ["STUDYID", "USUBJID"]
    left_id, right_id = str(pair["IDVAR"]), str(pair["IDVAR_RIGHT"])
    for side, name in ((frame, left_id), (right, right_id)):
        if name not in side.columns:
            raise MissingVariable(name)
    if pair["IDVARVAL"] is not None and pair["IDVARVAL_RIGHT"] is not None:
        frame = _with_value(frame, left_id, pair["IDVARVAL"])
        right = _with_value(right, right_id, pair["IDVARVAL_RIGHT"])
    else:
        frame = frame.with_columns(canonical(pl.col(left_id), frame.schema[left_id]).alias("__relid"))
        right = right.with_columns(canonical(pl.col(right_id), right.schema[right_id]).alias("__relid"))
        keys.append("__relid")
    names = {
        name: f"RELREC.{name.replace(prefix, wildcard, 1) if name.startswith(prefix) and name != prefix else name}"
        for name in right.columns
        if name != "__relid"
    }
    names["DOMAIN"] = "RELREC.DOMAIN"
    right = right.with_columns(pl.col(key).alias(f"__k.{key}") for key in keys)
    right = right.drop("__relid", strict=False).rename(
        {name: new for name, new in names.items() if name in right.columns}
    )
    joined = frame.join(
        right,
        left_on=keys,
        right_on=[f"__k.{key}" for key in keys],
        how="inner",
        nulls_equal=True,
        maintain_order="left_right",
    )
    return joined.drop("__relid", strict=False)


def _with_value(frame: pl.DataFrame, name: str, value: str | None) -> pl.DataFrame:
    return frame.filter(canonical(pl.col(name), frame.schema[name]) == canonical(pl.lit(value), pl.String()))
