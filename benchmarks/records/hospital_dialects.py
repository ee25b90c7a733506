"""Three hospitals made from OMOP data, each in a dialect drawn by a seed, with defects at known places.

What a hospital writes (encoding, names of columns, forms of dates, codes, units, what stands in one column) is drawn
from lists that were written before the rules of loading were tried on them; where the defects are is kept apart. The
mapping that comes with each is what a person who knows the hospital would review.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from chinese_patients import _person

from bencao.records.cdm.database import Database
from bencao.records.mapping.model import Mapping, Rule, TableMap

Row = dict[str, Any]
_UNITS = {  # local unit: what the model's unit (by concept) is written as, and how the number is changed
    9529: [("kg", 1.0, 0.0), ("lb", 1 / 0.45359237, 0.0), ("斤", 2.0, 0.0), ("公斤", 1.0, 0.0)],
    8582: [("cm", 1.0, 0.0), ("in", 1 / 2.54, 0.0), ("m", 0.01, 0.0), ("厘米", 1.0, 0.0)],
    586323: [("℃", 1.0, 0.0), ("°F", 1.8, 32.0)],
    8653: [("℃", 1.0, 0.0), ("°F", 1.8, 32.0)],
    8876: [("mmHg", 1.0, 0.0), ("kPa", 0.133322387415, 0.0), ("毫米汞柱", 1.0, 0.0)],
    8840: [("mg/dL", 1.0, 0.0)],
    8541: [("/min", 1.0, 0.0), ("次/分", 1.0, 0.0)],
    8554: [("%", 1.0, 0.0)],
    8753: [("mmol/L", 1.0, 0.0), ("毫摩尔/升", 1.0, 0.0)],
}
_UCUM = {
    9529: "kg",
    8582: "cm",
    586323: "Cel",
    8653: "Cel",
    8876: "mm[Hg]",
    8840: "mg/dL",
    8541: "/min",
    8554: "%",
    8753: "mmol/L",
}
# What is told by amount in one half of the hospitals: analyte, its grams a mole, the unit that is written.
_ANALYTES = {
    3004501: ("glucose", 180.156, "mmol/L", 10.0),
    3016723: ("creatinine", 113.12, "μmol/L", 10_000.0),
    3027114: ("cholesterol", 386.66, "毫摩尔/升", 10.0),
    3022192: ("triglyceride", 885.45, "mmol/L", 10.0),
    3006906: ("calcium", 40.078, "mmol/L", 10.0),
}
_DATES: list[tuple[str, str, Callable[[date], str]]] = [
    ("iso", "", lambda d: d.isoformat()),
    ("chinese", "", lambda d: f"{d.year}年{d.month}月{d.day}日"),
    ("slash", "", lambda d: f"{d.year}/{d.month}/{d.day}"),
    ("compact", "", lambda d: f"{d:%Y%m%d}"),
    ("short chinese", "", lambda d: f"{d:%y}年{d.month}月{d.day}日"),
    ("day first", "dmy", lambda d: f"{d.day}/{d.month}/{d.year}"),
    ("month first", "mdy", lambda d: f"{d.month:02}-{d.day:02}-{d.year}"),
    ("points", "", lambda d: f"{d.day}.{d.month}.{d.year}"),
]
_SEXES = [("男", "女"), ("M", "F"), ("1", "2"), ("男性", "女性"), ("male", "female")]
_HEADS = {
    "zh": {
        "patients": "患者",
        "visits": "就诊",
        "diagnoses": "诊断",
        "drugs": "用药",
        "labs": "检验",
        "observations": "观察",
        "deaths": "死亡",
        "id": "病案号",
        "name": "姓名",
        "sex": "性别",
        "birth": "出生日期",
        "phone": "联系电话",
        "address": "家庭住址",
        "visit": "就诊号",
        "kind": "就诊类型",
        "start": "开始日期",
        "end": "结束日期",
        "code": "代码",
        "day": "日期",
        "time": "时间",
        "value": "结果",
        "unit": "单位",
        "quantity": "数量",
        "days": "天数",
        "text": "内容",
        "died": "死亡日期",
    },
    "en": {
        "patients": "patients",
        "visits": "encounters",
        "diagnoses": "diagnoses",
        "drugs": "prescriptions",
        "labs": "results",
        "observations": "observations",
        "deaths": "deaths",
        "id": "mrn",
        "name": "name",
        "sex": "gender",
        "birth": "dob",
        "phone": "phone",
        "address": "address",
        "visit": "encounter_id",
        "kind": "class",
        "start": "start",
        "end": "end",
        "code": "code",
        "day": "date",
        "time": "time",
        "value": "value",
        "unit": "units",
        "quantity": "qty",
        "days": "days_supply",
        "text": "text",
        "died": "date_of_death",
    },
}


@dataclass
class Hospital:
    """A hospital's files, what they mean, and what is wrong in them.

    Attributes
    ----------
    folder : Path
    mapping : Mapping
    truth : dict
        By (table, file, row): the fields of the model that the record means.
    defects : dict of str
        By (file, row): what is wrong there.
    """

    folder: Path
    mapping: Mapping
    truth: dict[tuple[str, str, int], Row] = field(default_factory=dict)
    defects: dict[tuple[str, int], str] = field(default_factory=dict)


class _Dialect:
    def __init__(self, draw: random.Random, encoding: str) -> None:
        self.draw, self.encoding = draw, encoding
        self.heads = _HEADS[draw.choice(["zh", "en"])]
        self.date_name, self.order, self.write_date = draw.choice(_DATES)
        self.birth_name, self.birth_order, self.write_birth = draw.choice(
            [one for one in _DATES if "short" not in one[0]]
        )
        self.male, self.female = draw.choice(_SEXES)
        self.units = {concept: draw.choice(found) for concept, found in _UNITS.items()}
        self.molar = draw.random() < 0.5
        self.one_column = draw.random() < 0.5  # date and time stand together
        self.unit_inside = draw.random() < 0.3  # the unit stands behind the number
        self.local_codes = draw.random() < 0.6
        self.kinds = draw.choice([("门诊", "住院", "急诊"), ("O", "I", "E"), ("01", "02", "03")])


def make_hospitals(database: Database, folder: Path, seed: int) -> list[Hospital]:
    """Write three hospitals.

    Parameters
    ----------
    database : Database
        Its persons are dealt out to the three.
    folder : Path
    seed : int

    Returns
    -------
    list of Hospital
    """
    draw = random.Random(seed)
    persons = _rows(database, "SELECT * FROM cdm.person ORDER BY person_id")
    encodings = ["utf-8", "gb18030", "utf-8-sig"]
    draw.shuffle(encodings)
    made = []
    for number in range(3):
        dialect = _Dialect(random.Random(draw.random()), encodings[number])
        made.append(_Maker(database, dialect, folder / f"hospital_{'abc'[number]}", persons[number::3]).make())
    return made


class _Maker:
    def __init__(self, database: Database, dialect: _Dialect, folder: Path, persons: list[Row]) -> None:
        self._database, self._dialect, self._persons = database, dialect, persons
        self._draw, self._heads = dialect.draw, dialect.heads
        folder.mkdir(parents=True)
        self._keys = {
            row["person_id"]: f"{self._draw.choice('ABCP')}{100000 + place * 37}" for place, row in enumerate(persons)
        }
        self._died: dict[int, date] = {}
        self._born = {
            row["person_id"]: date(row["year_of_birth"], row["month_of_birth"], row["day_of_birth"]) for row in persons
        }
        self._made = Hospital(folder, Mapping(hospital=folder.name, tables=[]))
        self._codes: dict[int, str] = {}
        self._units: dict[str, tuple[int, int]] = {}  # by local code: concept, and the unit that the model has it in

    def make(self) -> Hospital:
        self._patients()
        self._deaths()
        self._visits()
        self._events("diagnoses", "condition_occurrence", "condition", "condition_start")
        self._events("drugs", "drug_exposure", "drug", "drug_exposure_start")
        self._events("labs", "measurement", "measurement", "measurement")
        self._events("observations", "observation", "observation", "observation")
        return self._made

    def _of(self, table: str) -> list[Row]:
        listed = ", ".join(str(row["person_id"]) for row in self._persons)
        key = "person_id" if table == "death" else f"{table}_id"
        return _rows(self._database, f"SELECT * FROM cdm.{table} WHERE person_id IN ({listed}) ORDER BY {key}")

    def _write(self, name: str, rows: list[list[str]], columns: list[str]) -> None:
        path = self._made.folder / f"{self._heads[name]}.csv"
        with path.open("w", encoding=self._dialect.encoding, newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(columns)
            writer.writerows(rows)

    def _date_rule(self, kind: Any, columns: list[str]) -> Rule:
        return Rule(rule=kind, columns=columns, order=self._dialect.order, reviewed=True)

    def _patients(self) -> None:
        heads, rows = self._heads, []
        columns = [heads[name] for name in ("id", "name", "sex", "birth", "phone", "address")]
        file = f"{heads['patients']}.csv"
        people = []
        for row in self._persons:
            told = _person(self._draw, "")
            born = date(row["year_of_birth"], row["month_of_birth"], row["day_of_birth"])
            sex = self._dialect.male if row["gender_concept_id"] == 8507 else self._dialect.female
            people.append(
                [
                    self._keys[row["person_id"]],
                    told["姓名"],
                    sex,
                    self._dialect.write_birth(born),
                    told["电话"] or "13900001111",
                    told["地址"],
                ]
            )
            truth = {
                "gender_concept_id": row["gender_concept_id"],
                "year_of_birth": born.year,
                "month_of_birth": born.month,
            }
            truth |= {"day_of_birth": born.day, "person_source_value": self._keys[row["person_id"]]}
            self._made.truth["person", file, len(people)] = truth
        rows += people
        for place in self._draw.sample(range(len(people)), 3):  # the same patient registered again, with a typo
            again = [f"{people[place][0]}9", *people[place][1:]]
            fault = self._draw.randrange(3)
            if fault == 0:
                again[1] = again[1][0] + self._draw.choice("伟玮敏娟") + again[1][2:]
            elif fault == 1:
                again[4] = again[4][:-1] + str((int(again[4][-1]) + 1) % 10)
            else:
                again[5] = again[5].replace("号", "好", 1)
            rows.append(again)
            self._made.defects[file, len(rows)] = "duplicate with a typo"
        for year in (1700, 2190):  # nobody's records: a patient who cannot be
            odd = _person(self._draw, "")
            rows.append(
                [
                    f"X{year}",
                    odd["姓名"],
                    self._dialect.male,
                    self._dialect.write_birth(date(year, 3, 14)),
                    "13712345678",
                    odd["地址"],
                ]
            )
            self._made.defects[file, len(rows)] = f"born in {year}"
        strange = _person(self._draw, "")
        rows.append(
            [
                "Y1",
                strange["姓名"],
                "？？",
                self._dialect.write_birth(date(1960, 3, 14)),
                "13612345678",
                strange["地址"],
            ]
        )
        self._made.defects[file, len(rows)] = "unknown sex"
        self._write("patients", rows, columns)
        birth = {
            "columns": [heads["birth"]],
            "order": self._dialect.birth_order,
            "low": 1880,
            "high": 2026,
            "reviewed": True,
        }
        fields = {
            "person_id": Rule(rule="id", columns=[heads["id"]], entity="person"),
            "gender_concept_id": Rule(rule="sex", columns=[heads["sex"]]),
            "year_of_birth": Rule(rule="year", **birth),
            "month_of_birth": Rule(rule="month", **birth),
            "day_of_birth": Rule(rule="day", **birth),
            "person_source_value": Rule(rule="copy", columns=[heads["id"]]),
        }
        known = {name: heads[name] for name in ("name", "phone", "address", "sex")}
        self._add("patients", "person", fields, known)

    def _add(self, name: str, table: str, fields: dict[str, Rule], known: dict[str, str] | None = None) -> None:
        table_map = TableMap(source=self._heads[name], table=table, fields=fields, known_by=known or {}, reviewed=True)
        self._made.mapping.tables.append(table_map)

    def _deaths(self) -> None:
        heads, rows = self._heads, []
        file = f"{heads['deaths']}.csv"
        for row in self._of("death"):
            self._died[row["person_id"]] = row["death_date"]
            rows.append([self._keys[row["person_id"]], self._dialect.write_date(row["death_date"])])
            self._made.truth["death", file, len(rows)] = {
                "_person": self._keys[row["person_id"]],
                "death_date": row["death_date"],
            }
        if rows:
            self._write("deaths", rows, [heads["id"], heads["died"]])
            fields = {
                "person_id": Rule(rule="id", columns=[heads["id"]], entity="person"),
                "death_date": self._date_rule("date", [heads["died"]]),
            }
            self._add("deaths", "death", fields)

    def _visits(self) -> None:
        heads, rows = self._heads, []
        file = f"{heads['visits']}.csv"
        kinds = dict(zip((9202, 9201, 9203), self._dialect.kinds, strict=True))
        found = self._of("visit_occurrence")
        wrong = set(self._draw.sample(range(len(found)), min(4, len(found))))
        for place, row in enumerate(found):
            start, end = row["visit_start_date"], row["visit_end_date"]
            if place in wrong:
                end = start - timedelta(days=40)
                self._made.defects[file, place + 1] = "ends before it begins"
            kind = kinds.get(row["visit_concept_id"], "其他")
            rows.append(
                [
                    f"V{row['visit_occurrence_id']}",
                    self._keys[row["person_id"]],
                    kind,
                    self._dialect.write_date(start),
                    self._dialect.write_date(end),
                ]
            )
            truth = {"_person": self._keys[row["person_id"]], "visit_start_date": start, "visit_end_date": end}
            truth["visit_concept_id"] = row["visit_concept_id"] if row["visit_concept_id"] in kinds else 0
            self._made.truth["visit_occurrence", file, place + 1] = truth
        self._write("visits", rows, [heads[name] for name in ("visit", "id", "kind", "start", "end")])
        fields = {
            "visit_occurrence_id": Rule(rule="id", columns=[heads["visit"]], entity="visit"),
            "person_id": Rule(rule="id", columns=[heads["id"]], entity="person"),
            "visit_concept_id": Rule(
                rule="code",
                columns=[heads["kind"]],
                codes={told: concept for concept, told in kinds.items()} | {"其他": 0},
            ),
            "visit_start_date": self._date_rule("date", [heads["start"]]),
            "visit_end_date": self._date_rule("date", [heads["end"]]),
            "visit_type_concept_id": Rule(rule="constant", value=32817),
        }
        self._add("visits", "visit_occurrence", fields)

    def _events(self, name: str, table: str, prefix: str, day: str) -> None:
        heads, dialect = self._heads, self._dialect
        file = f"{heads[name]}.csv"
        found = self._of(table)
        wrong = dict(
            zip(self._draw.sample(range(len(found)), min(24, len(found) // 4)), self._defects(table), strict=False)
        )
        rows: list[list[str]] = []
        concepts: dict[str, int] = {}
        for place, row in enumerate(found):
            when: date = row[f"{day}_date"]
            at: datetime = row.get(f"{day}_datetime") or datetime(when.year, when.month, when.day)
            hour = datetime(when.year, when.month, when.day, self._draw.randrange(24), self._draw.randrange(60))
            stamp = hour if table == "measurement" else at
            code = self._code(row, prefix)
            concepts[code] = row[f"{prefix}_concept_id"]
            defect = wrong.get(place, "")
            if defect == "after death" and row["person_id"] not in self._died:
                defect = "no such day"
            if defect == "negative" and row.get("value_as_number") is None:
                defect = "unknown code"
            told_day, told_code = (
                self._spoilt_day(defect, when, row["person_id"]),
                "ZZ-999" if defect == "unknown code" else code,
            )
            cells = [
                self._keys[row["person_id"]],
                f"V{row['visit_occurrence_id']}" if row["visit_occurrence_id"] else "",
                told_code,
            ]
            truth: Row = {
                "_person": self._keys[row["person_id"]],
                f"{prefix}_concept_id": row[f"{prefix}_concept_id"],
                f"{day}_date": when,
            }
            if table == "measurement":
                time = f"{stamp:%H:%M:%S}"
                cells += [f"{told_day} {time}"] if dialect.one_column else [told_day, time]
                truth["measurement_datetime"] = stamp
                cells += self._measured(row, defect, truth)
            else:
                cells.append(told_day)
            if table == "drug_exposure":
                truth |= {"quantity": row["quantity"], "days_supply": row["days_supply"]}
                quantity = "若干" if defect == "no number" else _written(row["quantity"])
                cells += [quantity, _written(row["days_supply"])]
            rows.append(cells)
            if defect:
                self._made.defects[file, place + 1] = defect
                if defect == "columns shift":
                    cells.insert(1, "")
            self._made.truth[table, file, place + 1] = truth
        self._write(name, rows, self._columns(table))
        self._add(name, table, self._fields(table, prefix, day, concepts))

    def _columns(self, table: str) -> list[str]:
        heads = self._heads
        columns = [heads["id"], heads["visit"], heads["code"], heads["day"]]
        if table == "measurement":
            columns += [] if self._dialect.one_column else [heads["time"]]
            columns += [heads["value"]] if self._dialect.unit_inside else [heads["value"], heads["unit"]]
        elif table == "drug_exposure":
            columns += [heads["quantity"], heads["days"]]
        return columns

    def _defects(self, table: str) -> list[str]:
        kinds = ["no such day", "ambiguous day", "unknown code", "columns shift", "before birth", "after death"]
        if self._dialect.order or self._dialect.date_name == "points":
            kinds.remove("ambiguous day")
        if not self._died:
            kinds.remove("after death")
        if table == "measurement":
            kinds += ["negative", "unknown unit", "no number"]
        if table == "drug_exposure":
            kinds.append("no number")
        return (kinds * 4)[:24]

    def _spoilt_day(self, defect: str, when: date, person: int) -> str:
        if defect == "no such day":
            return f"{when.year}-02-31"
        if defect == "ambiguous day":
            return f"{3 + when.day % 9}/{1 + when.month % 2}/{when.year}"
        if defect == "before birth":
            when = self._born[person] - timedelta(days=400)
        if defect == "after death":
            when = date(2026, 10, 3)
        return self._dialect.write_date(when)

    def _code(self, row: Row, prefix: str) -> str:
        concept = row[f"{prefix}_concept_id"]
        if not self._dialect.local_codes:
            return str(row[f"{prefix}_source_value"] or concept)
        if concept not in self._codes:
            self._codes[concept] = f"{prefix[:2].upper()}{len(self._codes) + 1:04}"
        return self._codes[concept]

    def _measured(self, row: Row, defect: str, truth: Row) -> list[str]:
        number, concept = row["value_as_number"], row["unit_concept_id"]
        unit, factor, offset = self._dialect.units.get(concept, ("", 1.0, 0.0))
        if self._dialect.molar and row["measurement_concept_id"] in _ANALYTES and concept == 8840:
            _, mass, unit, factor = _ANALYTES[row["measurement_concept_id"]]
            factor /= mass
        told = None if number is None else number * factor + offset
        truth["value_as_number"] = number
        truth["unit_concept_id"] = concept if concept in _UNITS else 0
        self._units[self._code(row, "measurement")] = (row["measurement_concept_id"], concept)
        if defect == "negative" and told is not None:
            told = -abs(told) - 1
        text = "" if told is None else _written(told)
        if defect == "unknown unit":
            unit, text = "弗隆", text or "1"
        if defect == "no number":
            text = "见报告"
        if self._dialect.unit_inside:
            return [f"{text} {unit}".strip() if text else ""]
        return [text, unit]

    def _fields(self, table: str, prefix: str, day: str, concepts: dict[str, int]) -> dict[str, Rule]:
        heads = self._heads
        fields = {
            "person_id": Rule(rule="id", columns=[heads["id"]], entity="person"),
            "visit_occurrence_id": Rule(rule="id", columns=[heads["visit"]], entity="visit"),
            f"{prefix}_concept_id": Rule(rule="code", columns=[heads["code"]], codes=dict(sorted(concepts.items()))),
            f"{prefix}_source_value": Rule(rule="copy", columns=[heads["code"]]),
            f"{day}_date": self._date_rule("date", [heads["day"]]),
            f"{prefix}_type_concept_id": Rule(rule="constant", value=32817),
        }
        if table == "measurement":
            times = [heads["day"]] if self._dialect.one_column else [heads["day"], heads["time"]]
            fields["measurement_datetime"] = self._date_rule("datetime", times)
            fields |= self._quantities()
        if table == "drug_exposure":
            fields["quantity"] = Rule(rule="number", columns=[heads["quantity"]], low=0)
            fields["days_supply"] = Rule(rule="integer", columns=[heads["days"]])
            fields["drug_exposure_end_date"] = self._date_rule("date", [heads["day"]])
        return fields

    def _quantities(self) -> dict[str, Rule]:
        heads = self._heads
        columns = [heads["value"]] if self._dialect.unit_inside else [heads["value"], heads["unit"]]
        # Each test is brought into one unit, whatever it is written in.
        wanted = {
            code: [_UCUM[unit], _ANALYTES[concept][0] if concept in _ANALYTES else ""]
            for code, (concept, unit) in sorted(self._units.items())
            if unit in _UCUM
        }
        concepts = {code: unit if unit in _UNITS else 0 for code, (_, unit) in sorted(self._units.items())}
        return {
            "value_as_number": Rule(rule="quantity", columns=columns, by=heads["code"], unit_from=wanted, low=0),
            "unit_concept_id": Rule(rule="code", columns=[heads["code"]], codes={**concepts, "ZZ-999": 0}),
        }


def _rows(database: Database, text: str) -> list[Row]:
    found = database.connection.execute(text)
    names = [one[0] for one in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def _written(number: float | int | None) -> str:
    return "" if number is None else f"{number:.9g}"
