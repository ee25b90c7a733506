"""A page of notes with their entities marked; complete in itself, loads nothing."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from bencao.records.extraction.entity import Entity

SHOWN = 200
_COLOURS = {
    "disease": "#f6c9c9",
    "symptom": "#f9dfb8",
    "drug": "#c9e7c9",
    "test": "#cfe0f7",
    "vital_sign": "#d5eef0",
    "operation": "#e3d3f3",
    "body_part": "#ece7c8",
    "imaging": "#d9dde3",
}
_NAMES = {
    "zh": {
        "disease": "疾病",
        "symptom": "症状",
        "drug": "药物",
        "test": "检验",
        "vital_sign": "体征",
        "operation": "手术",
        "body_part": "部位",
        "imaging": "影像",
        "negated": "否定",
        "possible": "可能",
        "conditional": "条件",
        "past": "既往",
        "family": "他人",
        "present": "存在",
        "dose": "剂量",
        "route": "途径",
        "frequency": "频次",
        "duration": "时长",
        "value": "数值",
        "flag": "标志",
        "date": "日期",
    }
}
_TITLE = {"en": "Entities in notes", "zh": "病历中的实体"}
_MORE = {"en": "The first {shown} of {all} notes are shown.", "zh": "共 {all} 份，此处显示前 {shown} 份。"}
_STYLE = (
    "body{font:16px/1.8 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "article{border-top:1px solid #ccc;white-space:pre-wrap;padding:.5rem 0}h2{font-size:1rem;margin:0}"
    "mark{padding:0 .15em;border-radius:.2em}mark[data-status]{outline:1px dashed #555}"
    "mark[data-status=negated]{text-decoration:line-through}"
    + "".join(f"mark.{kind}{{background:{colour}}}" for kind, colour in _COLOURS.items())
)


def page_of(notes: Sequence[tuple[str, str, Sequence[Entity]]], total: int, lang: str = "en") -> str:
    """HTML of notes with a mark for each entity; what it is, its status and its attributes show on pointing at it.

    Parameters
    ----------
    notes : sequence of (note_id, text, entities)
        At most the first `SHOWN` of them all.
    total : int
        How many notes there were.
    lang : {"en", "zh"}

    Returns
    -------
    str
    """
    title = _TITLE[lang]
    legend = " ".join(f'<mark class="{kind}">{escape(_name(kind, lang))}</mark>' for kind in _COLOURS)
    more = f"<p>{escape(_MORE[lang].format(shown=len(notes), all=total))}</p>" if total > len(notes) else ""
    body = "".join(
        f"<h2>{escape(note_id)}</h2><article>{_marked(text, entities, lang)}</article>"
        for note_id, text, entities in notes
    )
    language = "zh-Hans" if lang == "zh" else "en"
    return (
        f'<!doctype html><html lang="{language}"><meta charset="utf-8"><title>{title}</title><style>{_STYLE}</style>'
        f"<h1>{title}</h1><p>{legend}</p>{more}{body}</html>\n"
    )


def _marked(text: str, entities: Sequence[Entity], lang: str) -> str:
    parts, place = [], 0
    for entity in entities:
        parts.append(escape(text[place : entity.start]))
        status = "" if entity.status == "present" else f' data-status="{entity.status}"'
        kind = entity.kind if entity.kind in _COLOURS else "other"
        said = escape(_said(entity, lang), quote=True)
        parts.append(f'<mark class="{kind}"{status} title="{said}">{escape(entity.text)}</mark>')
        place = entity.end
    return "".join([*parts, escape(text[place:])])


def _said(entity: Entity, lang: str) -> str:
    said = [_name(entity.kind, lang), _name(entity.status, lang)]
    said += [
        f"{_name(name, lang)}: {value}"
        for name, value in (("date", entity.date), ("duration", entity.duration))
        if value
    ]
    said += [f"{_name(attribute.kind, lang)}: {attribute.text}" for attribute in entity.attributes]
    return "; ".join(said)


def _name(word: str, lang: str) -> str:
    return _NAMES.get(lang, {}).get(word, word.replace("_", " "))
