"""What is amiss in a protocol, in the reader's language."""

from __future__ import annotations

import re
from typing import Any, Literal

Language = Literal["en", "zh"]

_BY_TYPE: dict[Language, dict[str, str]] = {
    "en": {
        "missing": "is needed",
        "extra_forbidden": "is no key of a protocol",
        "int": "give a whole number",
        "float": "give a number",
        "bool": "give true or false",
        "string": "give text",
        "date": "give a date such as 2015-06-01",
        "literal_error": "give {expected}",
        "string_pattern_mismatch": "give letters, digits, - and _, a letter or digit first",
        "string_too_short": "is empty",
        "too_short": "give at least {min_length}",
        "too_long": "give at most {max_length}",
        "greater_than_equal": "give {ge} or more",
        "greater_than": "give more than {gt}",
        "less_than_equal": "give {le} or less",
        "less_than": "give less than {lt}",
        "model": "give its keys and values",
        "tuple": "give a list",
    },
    "zh": {
        "missing": "必须填写",
        "extra_forbidden": "方案中没有这个键",
        "int": "请填整数",
        "float": "请填数值",
        "bool": "请填 true 或 false",
        "string": "请填文字",
        "date": "请填日期，如 2015-06-01",
        "literal_error": "请填 {expected}",
        "string_pattern_mismatch": "只可用字母、数字、- 和 _，以字母或数字开头",
        "string_too_short": "不可为空",
        "too_short": "至少需要 {min_length} 项",
        "too_long": "至多 {max_length} 项",
        "greater_than_equal": "不得小于 {ge}",
        "greater_than": "须大于 {gt}",
        "less_than_equal": "不得大于 {le}",
        "less_than": "须小于 {lt}",
        "model": "请写明其下的键与值",
        "tuple": "请写成列表",
    },
}
# The protocol's own words, and what a reader of Chinese is told.
_CAUSES = (
    ("is no YAML in UTF-8", "不是 UTF-8 编码的 YAML"),
    ("holds no keys", "没有任何键"),
    ("holds over (.+) values", "值超过 {} 个，请检查锚点（anchor）"),
    ("(.+): give either concepts or a column", "{}：请给出 concepts 或 column，二者取一"),
    ("(.+): events go with given_by: events", "{}：events 只与 given_by: events 同用"),
    ("(.+): domain goes with given_by: domain", "{}：domain 只与 given_by: domain 同用"),
    ("(.+): only what is given_by: events varies", "{}：只有 given_by: events 的变量可随时间变化"),
    ("(.+): over data: (.+) it cannot be given by (.+)", "{}：data: {} 时不能用 given_by: {}"),
    ("(.+): over data: omop events are given by .+", "{}：data: omop 时事件须以概念（concepts）给出"),
    ("(.+): over data: table events are given by .+", "{}：data: table 时事件须以列（column）给出"),
    ("follow_up starts after it ends", "随访的开始晚于结束"),
    ("over data: omop an outcome is binary or time_to_event", "data: omop 时结局须为 binary 或 time_to_event"),
    ("give a comparator, or lasting: with its entry", "请给出对照，或在 lasting: 中写明入组事件（entry）"),
    ("(.+): varies, which goes with lasting:", "{}：随时间变化的变量只与 lasting: 同用"),
    (
        "goes with data: omop and an outcome of kind: time_to_event",
        "只与 data: omop 及 kind: time_to_event 的结局同用",
    ),
    (
        "risk begins the day after time zero; leave out follow_up.starts",
        "风险期自零时次日开始；请去掉 follow_up.starts",
    ),
    ("is per protocol already; leave out follow_up.analysed_as", "本已是符合方案分析；请去掉 follow_up.analysed_as"),
    ("grace and emulation go with an entry and no comparator", "grace 与 emulation 只与 entry 同用，且不设对照"),
    ("name covariates, or outcome: true", "请写明协变量，或 outcome: true"),
    ("deltas go with outcome: true", "deltas 只与 outcome: true 同用"),
    ("deltas are finite numbers", "deltas 须为有限的数值"),
    (
        "goes with data: table; over a database what is not recorded did not happen",
        "只与 data: table 同用；数据库中未记录即未发生",
    ),
    ("(.+) is none of the covariates", "{} 不在协变量之中"),
    ("an outcome of kind: time_to_event is censored, not missing", "time_to_event 的结局是删失，而非缺失"),
    ("goes with strategies at time zero, not with lasting:", "只用于零时的策略，不与 lasting: 同用"),
    ("(.+): give ranges of (.+)", "{}：请给出 {} 的范围"),
    ("(.+): (.+) is not three or four rising numbers", "{}：{} 须为三或四个递增的数值"),
    ("(.+): (.+) is no chance from 0 to 1", "{}：{} 须为 0 至 1 的概率"),
    ("(.+) is no item of RECORD-PE or STaRT-RWE, see docs/evidence.md", "{} 不是 RECORD-PE 或 STaRT-RWE 的条目"),
    ("(.+) stands twice", "{} 出现了两次"),
    (
        "(.+) is no item of RECORD-PE or STaRT-RWE, see docs/evidence.md",
        "RECORD-PE 与 STaRT-RWE 中没有条目 {}，见 docs/evidence.md",
    ),
    ("is known only (.+) days after time zero", "零时之后 {} 天才得知；请把时间窗止于第 0 天或更早"),
)


def said_by_pydantic(error: Any, language: Language) -> str:
    """What is amiss with a value, from the validation library's report of it."""
    words = _BY_TYPE[language]
    form = words.get(error["type"]) or words.get(error["type"].partition("_")[0], error["msg"])
    context = {name: str(value).replace(" or ", "、") for name, value in error.get("ctx", {}).items()}
    return form.format(**(context if language == "zh" else error.get("ctx", {})))


def shown_cause(cause: str, language: Language) -> str:
    """A cause as a person reads it."""
    if language == "zh":
        for form, words in _CAUSES:
            if found := re.fullmatch(form, cause):
                return words.format(*found.groups())
    return cause
