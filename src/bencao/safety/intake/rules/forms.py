"""Fields of a form that stand in a text as ``label: value``, English and Chinese."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bencao.safety.intake.finding import Finding

_LABELS = {
    "drug": r"(?:suspect(?:ed)?|concomitant) (?:drug|product|medicine|medication)s?(?: name)?"
    r"|(?:drug|product|medicine)(?: name)?"
    r"|怀疑药[品物](?:名称)?|并用药[品物](?:名称)?|合并用药|药[品物](?:通用)?名称|通用名(?:称)?|商品名(?:称)?",
    "reaction": r"(?:adverse )?(?:reaction|event)s?(?: (?:term|name|description))?|side effects?"
    r"|(?:药品)?不良(?:反应|事件)(?:名称|术语)?",
    "indication": r"indications?(?: for use)?|reason for use|用药原因|适应症|原患疾病",
    "route": r"route(?: of administration)?|给药途径|用药途径",
}
_FIELD = {
    kind: re.compile(
        rf"^[ \t>*•-]*(?P<label>{labels})[ \t]*(?:[:：]|=)[ \t]*(?P<value>[^\n]*)", re.IGNORECASE | re.MULTILINE
    )
    for kind, labels in _LABELS.items()
}
_PART = re.compile(r"[^,，;；、/]+(?:/\d[^,，;；、/]*)*")
_NOTHING = re.compile(r"(?:none|unknown|not known|n/?a|nil|-+|无|不详|未知|没有)\W*", re.IGNORECASE)
# A name ends where its dose or a sign that opens a remark begins.
_NAME_END = re.compile(
    r"\s+\d|\d+(?:\.\d+)?\s?(?:mg|g|ml|mcg|µg|IU|毫克|克|片|粒)\b|[(（\[。]|\.\s"
    r"|\s+(?:once|twice|daily|po|iv)\b",
    re.IGNORECASE,
)


def find_fields(text: str) -> Iterator[Finding]:
    """Drugs, reactions, indications and routes that a form's lines name; commas and 、 part several."""
    for kind, pattern in _FIELD.items():
        for match in pattern.finditer(text):
            for part in _PART.finditer(match["value"]):
                cut = _NAME_END.search(part.group(), 1) if kind in ("drug", "reaction") else None
                words = part.group()[: cut.start() if cut else None]
                name = words.strip().rstrip(".。")
                if not name or _NOTHING.fullmatch(name):
                    continue
                start = match.start("value") + part.start() + len(words) - len(words.lstrip())
                found = Finding(kind, ((start, start + len(name)),), name, by=f"rule:form.{kind}")
                concomitant = re.match(r"concomitant|并用|合并", match["label"], re.IGNORECASE)
                yield found.with_detail(role="concomitant") if concomitant else found
