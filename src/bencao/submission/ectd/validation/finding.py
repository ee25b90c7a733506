"""What a check found, the rule it broke, and what could not be judged."""

from __future__ import annotations

import csv
import functools
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Literal

Severity = Literal["error", "warning", "info"]
LABELS: Mapping[str, str] = {
    "found": "实为",
    "expected": "应为",
    "leaf": "叶元素",
    "title": "标题",
    "target": "目标",
    "message": "说明",
    "line": "行",
    "first": "首个序列",
    "earlier": "先前",
    "page": "页",
    "label": "位置",
    "missing": "缺少",
    "font": "字体",
    "count": "数量",
    "bytes": "字节",
    "study": "研究",
    "heading": "章节",
}


@dataclass(frozen=True)
class Rule:
    """One rule with our reading of it; the official text is condensed in the sources at hand."""

    id: str
    severity: Severity
    english: str
    chinese: str
    fix_english: str
    fix_chinese: str

    def text(self, lang: str) -> str:
        """What it asks, in ``en`` or ``zh``."""
        return self.chinese if lang == "zh" else self.english

    def fix(self, lang: str) -> str:
        """What to do about a finding."""
        return self.fix_chinese if lang == "zh" else self.fix_english


@dataclass(frozen=True)
class Found:
    """What a check saw: where, and the facts by label (see `LABELS`)."""

    where: str
    told: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Finding:
    """A broken rule at a place."""

    rule: Rule
    sequence: str
    where: str
    told: tuple[tuple[str, str], ...]

    def details(self, lang: str) -> str:
        """The facts, in ``en`` or ``zh``."""
        if lang == "zh":
            return "；".join(f"{LABELS[key]}：{value}" for key, value in self.told)
        return "; ".join(f"{key}: {value}" for key, value in self.told)


@dataclass(frozen=True)
class NotChecked:
    """A rule that could not be judged, and the file that it would have needed."""

    rule: Rule
    sequence: str
    needs: str


class Missing(Exception):
    """Raised by a check that cannot judge for want of a file."""

    def __init__(self, needs: str) -> None:
        super().__init__(needs)
        self.needs = needs


def found(where: str, **told: object) -> Found:
    """What a check saw."""
    return Found(where, tuple((key, str(value)) for key, value in told.items()))


# Asked of every region's PDFs; no rule of an agency, so it decides no verdict (ICH eCTD 3.2.2, appendix 7).
ADVICE: Mapping[str, Rule] = {
    "A.1": Rule(
        "A.1",
        "info",
        "Pages of a PDF are A4 or US letter, so that they can be printed.",
        "PDF 页面宜为 A4 或 US Letter，以便打印。",
        "Set the page size in the document's source.",
        "在源文件中设置页面尺寸。",
    )
}


@functools.cache
def cn_rules() -> Mapping[str, Rule]:
    """The 149 rules of NMPA's eCTD validation criteria V1.0, by number."""
    text = (resources.files(__package__) / "rules.tsv").read_text(encoding="utf-8")
    return {
        row["rule"]: Rule(
            row["rule"],
            row["severity"],  # type: ignore[arg-type]
            row["en"],
            row["zh"],
            row["fix_en"],
            row["fix_zh"],
        )
        for row in csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    }
