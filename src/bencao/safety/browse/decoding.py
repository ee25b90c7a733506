"""Values as a person reads them: codes, units, countries and dates in words of either language."""

from __future__ import annotations

from bencao.safety.case import Case
from bencao.safety.e2b.elements import elements
from bencao.safety.narrative.wording import Language, aged, date, quantity, table

_YES_NO = {"true": {"en": "yes", "zh": "是"}, "false": {"en": "no", "zh": "否"}}
_ARTICLES = ("a ", "an ", "the ")


def in_words(number: str, value: str, lang: Language) -> str:
    """What a value means; empty where it is read as it stands.

    Parameters
    ----------
    number : str
        Of the data element.
    value : str
    lang : {"en", "zh"}
    """
    element = elements().get(number)
    if element is None or not value:
        return ""
    if element.kind == "date":
        told = date([value], lang, number)
        return "" if value in told else told
    if element.kind == "boolean":
        return _YES_NO.get(value, {}).get(lang, "")
    if row := table("codes").get((number, value)):
        return _bare(row[lang])
    if element.name.rstrip(")").lower().endswith("unit"):
        return _unit(value, lang)
    if "country" in element.name.lower():
        row = table("countries").get((value.upper(),))
        return _bare(row[lang]) if row else ""
    return ""


def name_of(number: str, lang: Language) -> str:
    """What a data element is called; in Chinese where the product has a name for it, else as the guide writes it."""
    row = table("fields").get((number,)) if lang == "zh" else None
    return row["zh"] if row else elements()[number].name


def choices(number: str, lang: Language) -> tuple[tuple[str, str], ...]:
    """The codes that an element may hold, each with what it means; a code without a known meaning has none."""
    return tuple((code, in_words(number, code, lang)) for code in elements()[number].codes)


def patient_in_words(case: Case, lang: Language) -> str:
    """Sex and age: *female, 54 years* (女性，54岁)."""
    patient = case.patient
    sex = in_words("D.5", patient.sex.value, lang)
    told = [patient.age.value, patient.age_unit.value] if patient.age.value else []
    age = (aged if lang == "zh" else quantity)(told, lang, "D.2.2a") if told else ""
    return ("，" if lang == "zh" else ", ").join(filter(None, (sex, age)))


def _bare(words: str) -> str:
    return next((words[len(each) :] for each in _ARTICLES if words.startswith(each)), words)


def _unit(unit: str, lang: Language) -> str:
    row = table("units").get((unit,))
    if row is None:
        return ""
    return row["zh" if lang == "zh" else "many"].replace("{n}", "").strip(" （）()共第")
