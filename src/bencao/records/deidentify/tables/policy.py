"""What is done to each column of a table: the policy, from a file of the user's or from the columns' names."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from bencao.kernel.errors import InputError
from bencao.records.cdm.definition import cdm_tables
from bencao.records.deidentify.finding.lexicon import word_set

ACTIONS = ("keep", "drop", "hash", "shift", "generalise", "text", "name", "surrogate")


@dataclass(frozen=True)
class Action:
    """What is done to a column.

    Attributes
    ----------
    kind : str
        keep; drop; hash (a keyed number or hash, the same for the same value in every table); shift (dates moved by
        the patient's days); generalise (see `detail`); text (found and replaced as in notes); name and surrogate (the
        whole cell is one name, or one identifier).
    detail : str
        Of generalise: ``year``, ``age`` (over 89 to 90), a width such as ``5`` for numbers, ``first3`` for the first
        three signs. Of surrogate: the category, such as ``phone``.
    """

    kind: str
    detail: str = ""


@dataclass(frozen=True)
class Hiding:
    """How rows are made alike after the actions, see `bencao.records.anonymity`.

    Attributes
    ----------
    quasi : dict of str to tuple of int or str
        Columns by which a person might be known, each with its steps from fine to coarse: details of generalise, and
        ``*``, where all are alike.
    k : int
        Each row is like at least k - 1 others in all these columns.
    most_suppressed : float
        Share of rows that may be left out to reach k.
    """

    quasi: Mapping[str, tuple[int | str, ...]]
    k: int = 5
    most_suppressed: float = 0.05


@dataclass(frozen=True)
class Policy:
    """Actions by column.

    Attributes
    ----------
    patient : str
        The column that says whose row it is; empty where there is none.
    columns : dict of str to Action
        By name in lower case; ``table.column`` goes before ``column``.
    default : Action
        For any other column.
    hiding : Hiding, optional
    """

    patient: str = ""
    columns: Mapping[str, Action] = field(default_factory=dict)
    default: Action = Action("drop")
    hiding: Hiding | None = None

    def of(self, table: str, column: str) -> Action:
        """The action for a column of a table."""
        name = column.lower()
        return self.columns.get(f"{table.lower()}.{name}") or self.columns.get(name) or self.default


def read_policy(path: str | os.PathLike[str]) -> Policy:
    """Read a policy from YAML: ``patient``, ``default``, and ``columns``, each an action or ``{action: detail}``.

    With ``quasi`` (columns, each a list of steps), ``k`` and ``most_suppressed`` rows are made alike, see `Hiding`.

    Parameters
    ----------
    path : path-like

    Returns
    -------
    Policy

    Raises
    ------
    InputError
        Where it is no policy, or names an action that there is not.
    """
    where = os.fspath(path)
    try:
        told = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"the policy cannot be read: {error.strerror}", where=where) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise InputError("the policy is not YAML", where=where, mend="write `columns:` and a line a column") from error
    if not isinstance(told, dict) or not isinstance(told.get("columns"), dict):
        raise InputError("the policy has no columns", where=where, mend="write `columns:` and below `name: drop`")
    columns = {str(name).lower(): _action(value, f"{where}: {name}") for name, value in told["columns"].items()}
    return Policy(
        str(told.get("patient") or "").lower(),
        columns,
        _action(told.get("default", "drop"), f"{where}: default"),
        _hiding(told, where),
    )


_STEPS = r"year|age|[1-9]\d*|first\d+"


def _hiding(told: Mapping[str, Any], where: str) -> Hiding | None:
    quasi, k, most = told.get("quasi"), told.get("k", 5), told.get("most_suppressed", 0.05)
    if quasi is None:
        return None
    steps = quasi.values() if isinstance(quasi, dict) else ()
    if not steps or not all(
        isinstance(ladder, list) and ladder and all(re.fullmatch(rf"{_STEPS}|\*", str(step)) for step in ladder)
        for ladder in steps
    ):
        mend = "such as `age: [5, 10, '*']`; steps are a width, year, age, firstN and *"
        raise InputError("quasi names no columns with steps", where=f"{where}: quasi", mend=mend)
    if not isinstance(k, int) or k < 2 or not isinstance(most, (int, float)) or not 0 <= most < 1:
        raise InputError(
            "k is a whole number from 2, most_suppressed a share below 1", where=where, mend="correct the policy"
        )
    return Hiding({str(name): tuple(ladder) for name, ladder in quasi.items()}, k, float(most))


def _action(value: Any, where: str) -> Action:
    kind, detail = next(iter(value.items())) if isinstance(value, dict) and len(value) == 1 else (value, "")
    if kind not in ACTIONS:
        raise InputError(
            f"no action of that name; there are {', '.join(ACTIONS)}", where=where, mend="correct the policy"
        )
    if kind == "generalise" and not re.fullmatch(_STEPS, str(detail)):
        raise InputError("generalise needs year, age, a width or firstN", where=where, mend="such as {generalise: age}")
    return Action(str(kind), str(detail))


_PATIENT = re.compile(
    r"^(?:person_id|patient_?id|subject_?id|empi|mpi|mrn|患者id|患者编号|病人id|病人编号|病案号|住院号|登记号|患者号)$",
    re.IGNORECASE,
)
_BY_NAME: tuple[tuple[str, Action], ...] = (
    (
        r"note_text|^text$|note$|narrative|report|comment|remark|description|病历|病史|主诉|文本|记录|内容|描述|"
        r"备注|所见|结论|印象|"
        r"诊断意见", Action("text")),
    (r"birth.?date|birth_datetime|^dob$|出生(?:日期|年月)", Action("shift")),
    (r"date|time|日期|时间|_dt$|_on$", Action("shift")),
    (r"name$|^name|姓名|联系人|医生|医师|护士|operator|physician|provider_name", Action("name")),
    (r"id.?card|identity|ssn|passport|身份证|证件号|护照|医保|社保|insurance", Action("drop")),
    (
        r"phone|mobile|tel|fax|mail|address|street|电话|手机|传真|邮箱|地址|住址|户籍|籍贯|微信|qq|url|ip_?addr|"
        r"单位|学校|company|"
        r"employer", Action("drop")),
    (r"zip|postcode|postal|邮编", Action("generalise", "first3")),
    (r"^age$|age_|年龄", Action("generalise", "age")),
    (r"(?:^|_)id$|_no$|_number$|编号|号$|source_value$|mrn|accession", Action("hash")),
)  # fmt: skip


def policy_for(table: str, columns: Iterable[str]) -> Policy:
    """A policy made from names: the common data model's own tables by their fields, any other by its columns' names.

    Parameters
    ----------
    table : str
    columns : iterable of str

    Returns
    -------
    Policy
        What it does not know is searched as text, never kept as it is.
    """
    names = [column.lower() for column in columns]
    model = cdm_tables().get(table.lower())
    if model is not None and set(names) & set(model.fields):
        actions = {name: _of_field(table.lower(), name) for name in names}
        return Policy("person_id" if "person_id" in names else "", actions, Action("drop"))
    patient = next((name for name in names if _PATIENT.match(name)), "")
    actions = {name: next((act for words, act in _BY_NAME if re.search(words, name)), Action("text")) for name in names}
    if patient:
        actions[patient] = Action("hash")
    return Policy(patient, actions, Action("drop"))


# Fields of the common data model that identify, or may, whatever their type.
_MODEL_DROPS = word_set(
    "provider_name npi dea address_1 address_2 county location_source_value provider_source_value "
    "care_site_source_value "
    "month_of_birth day_of_birth latitude longitude"
)
_MODEL_HASHED = word_set("person_source_value care_site_name unique_device_id production_id lot_number")


def _of_field(table: str, name: str) -> Action:
    fields = cdm_tables()[table].fields
    if name in _MODEL_DROPS:
        return Action("drop")
    if name in _MODEL_HASHED:
        return Action("hash")
    if name == "year_of_birth":
        return Action("generalise", "year")
    if name == "zip":
        return Action("generalise", "first3")
    if name in (
        "city",
        "state",
        "note_title",
        "snippet",
        "note_text",
        "lexical_variant",
        "value_as_string",
        "sig",
        "stop_reason",
    ):
        return Action("text")
    one = fields.get(name)
    if one is None:
        return Action("drop")
    if one.datatype in ("date", "datetime"):
        return Action("shift")
    if name.endswith("_id") and "concept" not in name and one.datatype in ("integer", "bigint"):
        return Action("hash")
    if one.datatype.startswith("varchar") and not name.endswith(("concept_name", "source_value", "vocabulary_id")):
        return Action("text") if one.length is None or one.length > 20 else Action("keep")
    return Action("keep")
