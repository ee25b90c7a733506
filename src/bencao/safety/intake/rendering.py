"""What was read: as JSON for programs, as rows for a person in English or Chinese."""

from __future__ import annotations

from typing import Any, Literal

from bencao.safety.intake.draft import Draft, kind_of
from bencao.safety.intake.finding import Finding

Language = Literal["en", "zh"]

_KINDS = {
    "drug": ("drug", "药品"), "treatment": ("treatment", "治疗"), "reaction": ("reaction", "不良反应"),
    "indication": ("indication", "适应症"), "dose": ("dose", "剂量"), "route": ("route", "给药途径"),
    "date": ("date", "日期"), "start": ("start of treatment", "用药开始"), "stop": ("end of treatment", "停药日期"),
    "onset": ("onset", "反应发生"), "end": ("end of reaction", "反应结束"), "death": ("death", "死亡日期"),
    "birth": ("birth", "出生日期"), "report": ("report", "报告日期"), "seriousness": ("seriousness", "严重性"),
    "outcome": ("outcome", "转归"), "action": ("action taken", "采取措施"), "dechallenge": ("dechallenge", "去激发"),
    "rechallenge": ("rechallenge", "再激发"), "age": ("age", "年龄"), "sex": ("sex", "性别"),
    "patient": ("patient", "患者"), "reporter": ("reporter", "报告人"),
}  # fmt: skip
_VALUES = {
    ("outcome", "0"): ("unknown", "不详"), ("outcome", "1"): ("recovered", "痊愈"),
    ("outcome", "2"): ("recovering", "好转"), ("outcome", "3"): ("not recovered", "未好转"),
    ("outcome", "4"): ("recovered with sequelae", "有后遗症"), ("outcome", "5"): ("fatal", "死亡"),
    ("action", "0"): ("unknown", "不详"), ("action", "1"): ("withdrawn", "停药"), ("action", "2"): ("reduced", "减量"),
    ("action", "3"): ("increased", "加量"), ("action", "4"): ("not changed", "剂量不变"),
    ("rechallenge", "1"): ("recurred", "再次出现"), ("rechallenge", "2"): ("did not recur", "未再出现"),
    ("rechallenge", "4"): ("not done", "未进行"), ("reporter", "1"): ("physician", "医师"),
    ("reporter", "2"): ("pharmacist", "药师"), ("reporter", "3"): ("other health professional", "其他医务人员"),
    ("reporter", "4"): ("lawyer", "律师"), ("reporter", "5"): ("consumer", "消费者"), ("sex", "1"): ("male", "男"),
    ("sex", "2"): ("female", "女"), ("dechallenge", "positive"): ("positive", "阳性"),
    ("dechallenge", "negative"): ("negative", "阴性"), ("seriousness", "death"): ("death", "死亡"),
    ("seriousness", "life_threatening"): ("life-threatening", "危及生命"),
    ("seriousness", "hospitalisation"): ("hospitalisation", "住院或住院时间延长"),
    ("seriousness", "disability"): ("disability", "残疾或功能丧失"),
    ("seriousness", "congenital_anomaly"): ("congenital anomaly", "先天性异常"),
    ("seriousness", "other_medically_important"): ("medically important", "其他重要医学事件"),
}  # fmt: skip
NOT_READ = {"en": "attachment, not read", "zh": "附件，未读取"}
_ABOUT = {"patient": ("", ""), "family": ("family", "家属"), "other": ("others", "他人")}
HEADS = {
    "en": ("what", "value", "words", "at", "remark", "read by"),
    "zh": ("内容", "值", "原文", "位置", "说明", "依据"),
}


def findings_as_json(draft: Draft) -> dict[str, Any]:
    """What was read of a document, for programs: the document with its text, all findings, problems."""
    document = draft.document
    return {
        "document": {
            "name": document.name,
            "encoding": document.encoding,
            "sender": document.sender,
            "subject": document.subject,
            "received": document.received.isoformat() if document.received else None,
            "attachments_not_read": list(document.attachments),
            "text": document.text,
        },
        "findings": [_finding(one) for one in draft.findings],
        "problems": [{"finding": _finding(one), "problem": problem} for one, problem in draft.problems],
    }


def _finding(one: Finding) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "offsets": [list(place) for place in one.offsets],
        "text": one.text,
        "value": one.value,
        "unit": one.unit,
        "by": one.by,
        "negated": one.negated,
        "about": one.about,
        "probability": one.probability,
        "detail": dict(one.detail),
    }


def rows_of(draft: Draft, language: Language) -> list[tuple[str, ...]]:
    """Findings as rows under `HEADS`."""
    return [_row(one, 0 if language == "en" else 1) for one in draft.findings]


def _row(one: Finding, at: int) -> tuple[str, ...]:
    remarks = [("denied", "否认")[at]] if one.negated else []
    remarks += [_ABOUT[one.about][at]] if one.about != "patient" else []
    remarks += [one.told("problem")] if one.told("problem") else []
    told = _VALUES.get((one.kind, one.value))
    value = told[at] if told else f"{one.value} {one.unit}".strip()
    by = one.by if one.probability is None else f"{one.by} ({one.probability:.2f})"
    return _KINDS[kind_of(one)][at], value, one.text, f"{one.start}-{one.end}", "; ".join(remarks), by
