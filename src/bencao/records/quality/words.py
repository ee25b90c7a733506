"""What the checks look for, and why one does not apply, in English and Chinese."""

from __future__ import annotations

from typing import Literal

from bencao.records.quality.catalogue import Check

Language = Literal["en", "zh"]

_LOOKS_FOR: dict[Language, dict[str, str]] = {
    "en": {
        "cdmTable": "Is the table {table} there?",
        "measurePersonCompleteness": "Persons without any record in {table}",
        "measureConditionEraCompleteness": "Persons with conditions who have no condition era",
        "measureObservationPeriodOverlap": "Persons whose observation periods overlap or touch",
        "cdmField": "Is the column {field} there?",
        "isRequired": "Records without a {field}, which is required",
        "cdmDatatype": "Values of {field} that are no integers",
        "isPrimaryKey": "Records that share their {field} with another",
        "isForeignKey": "Values of {field} that are not found in {value}",
        "fkDomain": "Concepts in {field} of another domain than {value}",
        "fkClass": "Concepts in {field} of another class than {value}",
        "isStandardValidConcept": "Concepts in {field} that are not standard, or no longer valid",
        "measureValueCompleteness": "Records without a {field}",
        "standardConceptRecordCompleteness": "Records whose {field} is 0: mapped to nothing",
        "sourceConceptRecordCompleteness": "Records whose {field} is 0: their code is of no vocabulary",
        "sourceValueCompleteness": "Different values of {field} that {value} maps to nothing",
        "plausibleValueLow": "Values of {field} below {value}",
        "plausibleValueHigh": "Values of {field} above {value}",
        "plausibleTemporalAfter": "Records whose {field} lies before {value}",
        "plausibleDuringLife": "Records more than 60 days after death, by {field}",
        "withinVisitDates": "Records more than a week outside their visit, by {field}",
        "plausibleAfterBirth": "Records before birth, by {field}",
        "plausibleBeforeDeath": "Records more than 60 days after death, by {field}",
        "plausibleStartBeforeEnd": "Records whose {field} is after their {value}",
        "plausibleGender": "Records of {concept_name} of persons who are not {value}",
        "plausibleGenderUseDescendants": "Records of {concept_name} or below, of persons who are not {value}",
        "plausibleUnitConceptIds": "Values of {concept_name} in a unit that is none of {value}",
    },
    "zh": {
        "cdmTable": "是否有表 {table}",
        "measurePersonCompleteness": "在 {table} 中没有任何记录的患者",
        "measureConditionEraCompleteness": "有疾病记录却没有疾病时段的患者",
        "measureObservationPeriodOverlap": "观察期重叠或首尾相接的患者",
        "cdmField": "是否有列 {field}",
        "isRequired": "缺少必填列 {field} 的记录",
        "cdmDatatype": "{field} 中不是整数的值",
        "isPrimaryKey": "{field} 与其他记录重复的记录",
        "isForeignKey": "{field} 中在 {value} 查不到的值",
        "fkDomain": "{field} 中不属于 {value} 域的概念",
        "fkClass": "{field} 中不属于 {value} 类的概念",
        "isStandardValidConcept": "{field} 中非标准或已失效的概念",
        "measureValueCompleteness": "{field} 为空的记录",
        "standardConceptRecordCompleteness": "{field} 为 0（未映射）的记录",
        "sourceConceptRecordCompleteness": "{field} 为 0（代码不属于任何词表）的记录",
        "sourceValueCompleteness": "{field} 中被 {value} 映射为 0 的不同取值",
        "plausibleValueLow": "{field} 低于 {value} 的值",
        "plausibleValueHigh": "{field} 高于 {value} 的值",
        "plausibleTemporalAfter": "{field} 早于 {value} 的记录",
        "plausibleDuringLife": "按 {field} 晚于死亡 60 天以上的记录",
        "withinVisitDates": "按 {field} 超出就诊前后一周的记录",
        "plausibleAfterBirth": "按 {field} 早于出生的记录",
        "plausibleBeforeDeath": "按 {field} 晚于死亡 60 天以上的记录",
        "plausibleStartBeforeEnd": "{field} 晚于 {value} 的记录",
        "plausibleGender": "{concept_name} 的记录，而患者性别不是 {value}",
        "plausibleGenderUseDescendants": "{concept_name} 及其下位概念的记录，而患者性别不是 {value}",
        "plausibleUnitConceptIds": "{concept_name} 的数值，其单位不在 {value} 之中",
    },
}
_REASONS: dict[Language, dict[str, str]] = {
    "en": {
        "table_absent": "the table is not there",
        "table_empty": "the table has no rows",
        "table_broken": "the table is malformed",
        "field_absent": "the column is not there",
        "field_empty": "the column has no values",
        "concept_absent": "the concept does not occur",
        "nothing_to_count": "there is no row that it counts",
    },
    "zh": {
        "table_absent": "没有这个表",
        "table_empty": "表中没有记录",
        "table_broken": "表的结构有误",
        "field_absent": "没有这一列",
        "field_empty": "该列没有值",
        "concept_absent": "没有出现这个概念",
        "nothing_to_count": "没有可计数的记录",
    },
}


def looks_for(check: Check, language: Language = "en") -> str:
    """What a check looks for, in one phrase."""
    return _LOOKS_FOR[language][check.name].format(
        table=check.table, field=check.field, value=check.value, concept_name=check.concept_name
    )


def reason_in_words(reason: str, language: Language = "en") -> str:
    """Why a check does not apply or could not be run; empty where it was."""
    if reason.startswith("needs "):
        table = reason.removeprefix("needs ")
        return f"it needs the table {table}" if language == "en" else f"需要表 {table}"
    return _REASONS[language].get(reason, reason)
