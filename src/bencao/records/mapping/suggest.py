"""Suggest a mapping from the names of tables and columns, in English and Chinese, and from what stands in them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz

from bencao.records.mapping.model import Mapping as HospitalMapping
from bencao.records.mapping.model import Rule, RuleName, TableMap
from bencao.records.sources.profile import ColumnProfile, TableProfile, profile
from bencao.records.values.quantities import ucum_of
from bencao.records.values.sexes import read_sex

# What tables are called, by the table of the model they fill.
_TABLES: dict[str, tuple[str, ...]] = {
    "person": ("patient", "patients", "person", "demographics", "患者", "病人", "患者信息", "基本信息"),
    "visit_occurrence": ("visit", "encounter", "admission", "就诊", "住院", "门诊", "就诊记录", "入出院"),
    "condition_occurrence": ("diagnosis", "diagnoses", "condition", "problem", "诊断", "疾病", "病案首页诊断"),
    "drug_exposure": ("prescription", "medication", "drug", "order", "用药", "处方", "医嘱", "药品"),
    "measurement": ("lab", "result", "measurement", "vital", "检验", "化验", "检查结果", "体征"),
    "observation": ("observation", "survey", "questionnaire", "观察", "问卷"),
    "procedure_occurrence": ("procedure", "surgery", "operation", "手术", "操作"),
    "death": ("death", "deaths", "deceased", "死亡"),
}
# What columns are called, by what they mean.
_ROLES: dict[str, tuple[str, ...]] = {
    "patient": (
        "mrn",
        "patient id",
        "person id",
        "subject",
        "pid",
        "病案号",
        "患者编号",
        "病人编号",
        "登记号",
        "患者id",
    ),
    "visit": (
        "encounter id",
        "visit id",
        "visit",
        "encounter",
        "admission no",
        "就诊号",
        "住院号",
        "门诊号",
        "就诊流水号",
    ),
    "name": ("name", "patient name", "full name", "姓名", "患者姓名"),
    "sex": ("sex", "gender", "性别"),
    "birth": ("dob", "birth date", "date of birth", "birthdate", "出生日期", "生日", "出生年月"),
    "phone": ("phone", "mobile", "telephone", "电话", "手机", "联系电话"),
    "address": ("address", "street", "地址", "住址", "家庭住址"),
    "id_card": ("id card", "identity card", "ssn", "身份证号", "身份证", "证件号"),
    "kind": ("class", "visit type", "encounter class", "type", "就诊类型", "就诊类别", "类型"),
    "start": (
        "start",
        "start date",
        "admit date",
        "admission date",
        "begin",
        "开始日期",
        "入院日期",
        "开始时间",
        "就诊日期",
    ),
    "end": ("end", "end date", "discharge date", "stop", "结束日期", "出院日期", "结束时间"),
    "day": ("date", "event date", "collected", "日期", "检验日期", "诊断日期", "发生日期", "采样日期"),
    "time": ("time", "clock", "时间", "采样时间"),
    "code": ("code", "item code", "icd", "test code", "代码", "编码", "项目代码", "诊断代码", "药品代码"),
    "value": ("value", "result", "result value", "结果", "检验结果", "值", "数值"),
    "unit": ("unit", "units", "单位"),
    "quantity": ("qty", "quantity", "amount", "数量"),
    "days": ("days supply", "days", "duration", "天数", "用药天数"),
    "died": ("date of death", "death date", "死亡日期", "死亡时间"),
}
# Which field each role fills in each table, and by which rule.
_DAY = {"day": "{0}_date", "start": "{0}_date"}
_PLACES: dict[str, dict[str, tuple[tuple[str, RuleName], ...]]] = {
    "person": {
        "patient": (("person_id", "id"), ("person_source_value", "copy")),
        "sex": (("gender_concept_id", "sex"),),
        "birth": (("year_of_birth", "year"), ("month_of_birth", "month"), ("day_of_birth", "day")),
    },
    "death": {"patient": (("person_id", "id"),), "died": (("death_date", "date"),), "day": (("death_date", "date"),)},
    "visit_occurrence": {
        "visit": (("visit_occurrence_id", "id"),),
        "patient": (("person_id", "id"),),
        "kind": (("visit_concept_id", "code"),),
        "start": (("visit_start_date", "date"),),
        "end": (("visit_end_date", "date"),),
    },
}
_EVENTS = {
    "condition_occurrence": ("condition", "condition_start"),
    "drug_exposure": ("drug", "drug_exposure_start"),
    "measurement": ("measurement", "measurement"),
    "observation": ("observation", "observation"),
    "procedure_occurrence": ("procedure", "procedure"),
}
for _table, (_prefix, _day) in _EVENTS.items():
    _PLACES[_table] = {
        "patient": (("person_id", "id"),),
        "visit": (("visit_occurrence_id", "id"),),
        "code": ((f"{_prefix}_concept_id", "concept"), (f"{_prefix}_source_value", "copy")),
        "day": ((f"{_day}_date", "date"),),
        "start": ((f"{_day}_date", "date"),),
    }
_PLACES["drug_exposure"] |= {"quantity": (("quantity", "number"),), "days": (("days_supply", "integer"),)}
_PLACES["measurement"] |= {"value": (("value_as_number", "quantity"),), "unit": (("unit_concept_id", "unit"),)}
_TYPES = {table: f"{prefix}_type_concept_id" for table, (prefix, _) in _EVENTS.items()} | {
    "visit_occurrence": "visit_type_concept_id"
}
_DATE_FORMS = ("date", "datetime", "date_slash", "date_chinese", "date_compact", "date_dotted", "date_day_month")
_LEAST = 0.25  # below it nothing is suggested


@dataclass(frozen=True)
class _Guess:
    role: str
    probability: float


def suggest_mapping(staged: Path, hospital: str = "") -> HospitalMapping:
    """Suggest how staged tables fill the common data model.

    Parameters
    ----------
    staged : Path
        As `stage` wrote it.
    hospital : str
        Its name; the folder's without it.

    Returns
    -------
    Mapping
        Every rule with a probability and ``reviewed: false``: nothing is loaded by it before a person has looked.

    Raises
    ------
    SourceError
        A folder without staged tables.

    Notes
    -----
    A column's name is compared with what such columns are called, also by its pinyin; what stands in it speaks for or
    against each meaning (a sex is one of few texts, a date has a date's form). A probability is a share of the
    evidence, no more; `benchmarks/records/hospitals.py` tells how often the first suggestion is right.
    """
    tables = []
    for table in profile(staged):
        guesses = {column.name: _roles(column, table) for column in table.columns}
        target, probability = _target(table, guesses)
        if probability >= _LEAST:
            fields = _fields(target, table, guesses)
            if fields:
                known = _known_by(guesses) if target == "person" else {}
                tables.append(
                    TableMap(
                        source=table.name,
                        table=target,
                        fields=fields,
                        known_by=known,
                        probability=round(probability, 3),
                    )
                )
    order = list(_TABLES)
    tables.sort(key=lambda one: (order.index(one.table), one.source))
    return HospitalMapping(hospital=hospital or staged.name, tables=tables)


def _alike(name: str, known: Iterable[str]) -> float:
    """How alike a name is to the best of what is known, from 0 to 1; in letters, and in pinyin."""
    from pypinyin import lazy_pinyin  # takes a quarter of a second, and few commands need it

    told = re.sub(r"[_\-.]+", " ", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)).lower().strip()
    spelt = "".join(lazy_pinyin(told))
    best = 0.0
    for one in known:
        best = max(best, fuzz.ratio(told, one), 0.93 * fuzz.ratio(spelt, "".join(lazy_pinyin(one))))
        if len(one) > 2 and one in told:
            best = max(best, 85.0)
    return best / 100


def _roles(column: ColumnProfile, table: TableProfile) -> list[_Guess]:
    """What a column may mean, the likeliest first."""
    weights = {}
    for role, known in _ROLES.items():
        weights[role] = _alike(column.name, known) ** 4 * _fits(role, column, table)
    whole = sum(weights.values()) + 0.05  # of meaning none of these
    ranked = sorted(weights.items(), key=lambda item: -item[1])
    return [_Guess(role, weight / whole) for role, weight in ranked]


def _fits(role: str, column: ColumnProfile, table: TableProfile) -> float:
    """How well what stands in a column fits a meaning: above 1 speaks for it, below against."""
    dated = sum(column.shares.get(form, 0.0) for form in _DATE_FORMS)
    match role:
        case "birth" | "start" | "end" | "day" | "died":
            return 2.0 if dated > 0.8 else 0.15
        case "sex":
            known = [count for value, count in column.top if read_sex(value) is not None]
            if not column.top:  # too few records to name their values
                return 1.0
            return 4.0 if column.distinct <= 6 and sum(known) > 0.8 * max(column.filled, 1) else 0.1
        case "unit":
            known = [count for value, count in column.top if ucum_of(value) is not None]
            if not column.top:
                return 1.0
            return 3.0 if known and sum(known) > 0.5 * max(column.filled, 1) else 0.3
        case "value" | "quantity" | "days":
            return 1.5 if column.shares.get("number", 0.0) + column.shares.get("measured", 0.0) > 0.5 else 0.4
        case "patient" | "visit":
            return 0.2 if dated > 0.8 else 1.2
        case "phone" | "id_card":
            return 3.0 if column.identifier in ("mobile", "id_card") else 0.5
        case "kind":
            return 1.5 if column.distinct <= 20 else 0.2
        case _:
            return 0.3 if dated > 0.8 else 1.0


def _target(table: TableProfile, guesses: Mapping[str, list[_Guess]]) -> tuple[str, float]:
    """The table of the model that a table fills, by its name and by what its columns mean."""
    name = table.name.rpartition(".")[2] if "." in table.name else table.name
    found = {guess[0].role for guess in guesses.values() if guess and guess[0].probability > _LEAST}
    signs = {
        "person": {"sex", "birth"},
        "visit_occurrence": {"start", "end", "kind"},
        "measurement": {"value", "unit"},
        "drug_exposure": {"quantity", "days"},
        "death": {"died"},
    }
    weights = {}
    for target, known in _TABLES.items():
        weight = _alike(name, known) ** 4 + 0.05
        if target in signs:
            weight *= 0.4 + 1.6 * len(signs[target] & found) / len(signs[target])
        weights[target] = weight
    best = max(weights, key=lambda target: weights[target])
    return best, weights[best] / sum(weights.values())


def _fields(target: str, table: TableProfile, guesses: Mapping[str, list[_Guess]]) -> dict[str, Rule]:
    """A rule for each field that a column's meaning fills; a field is filled by the likeliest column."""
    places = _PLACES[target]
    columns = {column.name: column for column in table.columns}
    chosen: dict[str, tuple[float, str, RuleName]] = {}
    for name, ranked in guesses.items():
        for guess in ranked[:3]:
            for field, rule in places.get(guess.role, ()):
                if guess.probability >= _LEAST and guess.probability > chosen.get(field, (0.0,))[0]:
                    chosen[field] = (guess.probability, name, rule)
            if guess.role in places:
                break
    times = [name for name, ranked in guesses.items() if ranked[0].role == "time"]
    units = [name for name, ranked in guesses.items() if ranked[0].role == "unit" and ranked[0].probability >= _LEAST]
    fields = {}
    for field, (probability, name, rule) in chosen.items():
        fields[field] = _rule(rule, field, columns[name], round(probability, 3), units)
        if field == "measurement_date" and (times or columns[name].shares.get("datetime", 0) > 0.5):
            both = [name, *times[:1]]
            fields["measurement_datetime"] = Rule(rule="datetime", columns=both, probability=round(probability, 3))
    if target in _TYPES and fields:
        fields[_TYPES[target]] = Rule(rule="constant", value=32817, probability=0.9)
    if target == "drug_exposure" and "drug_exposure_start_date" in fields:
        start = fields["drug_exposure_start_date"]
        fields["drug_exposure_end_date"] = start.model_copy(update={"probability": start.probability * 0.8})
    return fields


def _rule(rule: RuleName, field: str, column: ColumnProfile, probability: float, units: list[str]) -> Rule:
    told: dict[str, Any] = {"columns": [column.name], "probability": probability}
    if rule == "id":
        told["entity"] = "visit" if field.startswith("visit") else "person"
    if rule == "code":
        told["codes"] = {value: _visit_kind(value) for value, _ in column.top} or {"": 0}
    if rule == "concept":
        told["vocabulary"] = "local"
    if rule == "unit":
        told["codes"] = {ucum: 0 for value, _ in column.top if (ucum := ucum_of(value))} or {"1": 0}
    if rule == "quantity":
        told["columns"] += units[:1]
    if rule in ("date", "year", "month", "day"):
        told["order"] = _order_of(column)
    if rule == "year":
        told |= {"low": 1880}
    return Rule(rule=rule, **told)


_KINDS = (
    (9201, ("住院", "inpatient", "i", "imp", "admission", "02")),
    (9203, ("急诊", "emergency", "e", "er", "emer", "03")),
    (9202, ("门诊", "outpatient", "o", "amb", "ambulatory", "01")),
)


def _visit_kind(value: str) -> int:
    return next((concept for concept, known in _KINDS if value.strip().lower() in known), 0)


def _order_of(column: ColumnProfile) -> str:
    """Whether the day comes first or the month, by values in which only one can; empty where nothing tells."""
    if column.shares.get("date_day_month", 0.0) < 0.5:
        return ""
    first, second = set(), set()
    for value, _ in column.top:
        found = re.match(r"(\d{1,2})[/-](\d{1,2})[/-]", value)
        if found:
            first.add(int(found[1]))
            second.add(int(found[2]))
    if max(first, default=0) > 12 >= max(second, default=0):
        return "dmy"
    return "mdy" if max(second, default=0) > 12 >= max(first, default=0) else ""


def _known_by(guesses: Mapping[str, list[_Guess]]) -> dict[str, str]:
    found = {}
    for role in ("name", "phone", "id_card", "address", "sex"):
        named = [(ranked[0].probability, name) for name, ranked in guesses.items() if ranked[0].role == role]
        if named:
            found[role] = max(named)[1]
    return found
