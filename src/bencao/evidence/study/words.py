"""The steps of attrition and the diagnostics in the reader's language."""

from __future__ import annotations

import re
from typing import Literal

_STEPS = (
    ("persons|all", "全部人员"),
    ("start a strategy", "开始任一策略"),
    ("start one strategy only", "当日只开始一种策略"),
    ("have the entry event", "发生入组事件"),
    ("no treatment (.+) days before", "此前 {} 天未用治疗"),
    ("one strategy", "只属一种策略"),
    ("observed (.+) days before", "此前已有 {} 天观察"),
    ("neither strategy (.+) days before", "此前 {} 天未用任一策略"),
    ("(.+) years or older", "{} 岁及以上"),
    ("(.+) years or younger", "{} 岁及以下"),
    ("from (.+)", "自 {} 起"),
    ("to (.+)", "至 {} 止"),
    ("require (.+)", "须有：{}"),
    ("exclude (.+)", "排除：{}"),
)
_DIAGNOSTICS = {
    "en": {
        "standardised_difference": "largest standardised difference",
        "equipoise": "equipoise",
        "effective_share": "effective sample size, share of an arm",
        "followed": "followed to the last day",
        "effective_at_end": "effective persons at the end, least of an arm",
        "events": "events",
    },
    "zh": {
        "standardised_difference": "最大标准化差异",
        "equipoise": "临床均势",
        "effective_share": "有效样本量占该组的比例",
        "followed": "随访至最后一天的比例",
        "effective_at_end": "末期有效人数（较小一组）",
        "events": "结局例数",
    },
}


def shown_step(step: str, language: Literal["en", "zh"]) -> str:
    """A step of attrition as a person reads it."""
    if language == "zh":
        for form, words in _STEPS:
            if found := re.fullmatch(form, step):
                return words.format(*found.groups())
    return step


def shown_diagnostic(name: str, language: Literal["en", "zh"]) -> str:
    """A diagnostic as a person reads it."""
    return _DIAGNOSTICS[language][name]
