"""Numbers and units as hospitals write them; units by UCUM, and what one is in another."""

from __future__ import annotations

import re
from dataclasses import dataclass

_WIDE = str.maketrans("０１２３４５６７８９．，＋－％＜＞　", "0123456789.,+-%<> ")
_NUMBER = re.compile(
    r"([<>≤≥＜＞]=?|小于|大于)?\s*([+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|[+-]?\.\d+)(?:[eE]([+-]?\d+))?\s*(.*)"
)

# How units are written, and what UCUM (https://ucum.org, case sensitive) calls them.
UCUM: dict[str, str] = {
    "kg": "kg",
    "公斤": "kg",
    "千克": "kg",
    "g": "g",
    "克": "g",
    "lb": "[lb_av]",
    "lbs": "[lb_av]",
    "磅": "[lb_av]",
    "斤": "[jin]",
    "cm": "cm",
    "厘米": "cm",
    "m": "m",
    "米": "m",
    "mm": "mm",
    "in": "[in_i]",
    "inch": "[in_i]",
    "英寸": "[in_i]",
    "°c": "Cel",
    "℃": "Cel",
    "c": "Cel",
    "cel": "Cel",
    "°f": "[degF]",
    "℉": "[degF]",
    "f": "[degF]",
    "mmhg": "mm[Hg]",
    "mm[hg]": "mm[Hg]",
    "毫米汞柱": "mm[Hg]",
    "kpa": "kPa",
    "mg/dl": "mg/dL",
    "毫克/分升": "mg/dL",
    "mmol/l": "mmol/L",
    "毫摩尔/升": "mmol/L",
    "umol/l": "umol/L",
    "μmol/l": "umol/L",
    "µmol/l": "umol/L",
    "g/dl": "g/dL",
    "g/l": "g/L",
    "mg/l": "mg/L",
    "ng/ml": "ng/mL",
    "ug/l": "ug/L",
    "meq/l": "meq/L",
    "%": "%",
    "kg/m2": "kg/m2",
    "kg/m^2": "kg/m2",
    "kg/m²": "kg/m2",
    "/min": "/min",
    "次/分": "/min",
    "bpm": "/min",
    "{beats}/min": "/min",
    "u/l": "U/L",
    "iu/l": "U/L",
    "[iu]/l": "U/L",
    "10*3/ul": "10*3/uL",
    "10^9/l": "10*9/L",
    "10*9/l": "10*9/L",
    "10*6/ul": "10*6/uL",
    "10^12/l": "10*12/L",
    "10*12/l": "10*12/L",
    "fl": "fL",
    "pg": "pg",
    "mg": "mg",
    "ml": "mL",
    "ml/min": "mL/min",
    "ml/min/1.73m2": "mL/min/{1.73_m2}",
    "ml/min/{1.73_m2}": "mL/min/{1.73_m2}",
    "score": "{score}",
    "{score}": "{score}",
}
# Linear conversions, value * factor + offset, between units of one dimension.
_FACTORS: dict[tuple[str, str], tuple[float, float]] = {
    ("[lb_av]", "kg"): (0.45359237, 0.0),
    ("[jin]", "kg"): (0.5, 0.0),
    ("g", "kg"): (0.001, 0.0),
    ("[in_i]", "cm"): (2.54, 0.0),
    ("m", "cm"): (100.0, 0.0),
    ("mm", "cm"): (0.1, 0.0),
    ("[degF]", "Cel"): (5 / 9, -160 / 9),
    ("kPa", "mm[Hg]"): (1 / 0.133322387415, 0.0),
    ("g/L", "g/dL"): (0.1, 0.0),
    ("mg/L", "mg/dL"): (0.1, 0.0),
    ("g/L", "mg/dL"): (100.0, 0.0),
    ("ug/L", "ng/mL"): (1.0, 0.0),
    ("10*9/L", "10*3/uL"): (1.0, 0.0),
    ("10*12/L", "10*6/uL"): (1.0, 0.0),
    ("meq/L", "mmol/L"): (1.0, 0.0),  # of ions of one charge: sodium, potassium, chloride, bicarbonate
}
# Grams a mole; from the molecules' formulas (IUPAC atomic weights 2021), triglycerides as triolein by convention.
MOLAR_MASS: dict[str, float] = {
    "glucose": 180.156,
    "cholesterol": 386.66,
    "triglyceride": 885.45,
    "creatinine": 113.12,
    "urea_nitrogen": 28.014,
    "calcium": 40.078,
    "bilirubin": 584.67,
    "uric_acid": 168.11,
}
_MOLES_PER_LITRE = {"mmol/L": 1e-3, "umol/L": 1e-6}
_GRAMS_PER_LITRE = {"mg/dL": 1e-2, "g/L": 1.0, "mg/L": 1e-3, "g/dL": 10.0}
SIGNIFICANT = 6  # digits that a converted number keeps


@dataclass(frozen=True)
class Quantity:
    """A number with its unit.

    Attributes
    ----------
    number : float or None
    operator : str
        ``<``, ``>``, ``<=``, ``>=`` or empty.
    unit : str
        In UCUM; as written where UCUM's name is not known; empty where none is written.
    reason : str
        Why there is no number: ``not_a_number``; or ``unknown_unit``, ``no_conversion`` where it cannot be brought into
        the unit wanted (the number is then as written).
    """

    number: float | None
    operator: str = ""
    unit: str = ""
    reason: str = ""


_OPERATORS = {"小于": "<", "大于": ">", "≤": "<=", "≥": ">=", "＜": "<", "＞": ">"}


def read_quantity(text: str, unit: str = "") -> Quantity:
    """Read a number, with an operator before it and a unit after it where they are written.

    Parameters
    ----------
    text : str
    unit : str
        As another column says it; it counts where the text has none.

    Examples
    --------
    >>> read_quantity("<5.6 mmol/L")
    Quantity(number=5.6, operator='<', unit='mmol/L', reason='')
    """
    found = _NUMBER.fullmatch(text.strip().translate(_WIDE))
    if found is None:
        return Quantity(None, reason="not_a_number")
    operator, digits, exponent, rest = found.groups()
    number = float(digits.replace(",", "")) * 10.0 ** int(exponent or 0)
    written = rest.strip() or unit.strip()
    if rest.strip() and ucum_of(rest) is None:
        return Quantity(None, reason="not_a_number")
    told = ucum_of(written) if written else ""
    return Quantity(
        number,
        _OPERATORS.get(operator or "", operator or ""),
        written if told is None else told,
        "unknown_unit" if told is None else "",
    )


def ucum_of(text: str) -> str | None:
    """UCUM's name of a unit; None where it is not known."""
    return UCUM.get(text.strip().translate(_WIDE).replace(" ", "").lower())


def converted(quantity: Quantity, unit: str, analyte: str = "") -> Quantity:
    """A quantity in another unit, to six significant digits.

    Parameters
    ----------
    quantity : Quantity
    unit : str
        In UCUM.
    analyte : str
        A name of `MOLAR_MASS`, for what is told by mass in one place and by amount in the other.
    """
    if quantity.number is None or quantity.unit == unit or not quantity.unit:
        return quantity
    factor = _factor(quantity.unit, unit, analyte)
    if factor is None:
        return Quantity(quantity.number, quantity.operator, quantity.unit, quantity.reason or "no_conversion")
    number = quantity.number * factor[0] + factor[1]
    return Quantity(float(f"{number:.{SIGNIFICANT}g}"), quantity.operator, unit)


def _factor(one: str, other: str, analyte: str) -> tuple[float, float] | None:
    if (one, other) in _FACTORS:
        return _FACTORS[one, other]
    if (other, one) in _FACTORS:
        factor, offset = _FACTORS[other, one]
        return 1 / factor, -offset / factor
    mass = MOLAR_MASS.get(analyte)
    if mass and one in _MOLES_PER_LITRE and other in _GRAMS_PER_LITRE:
        return _MOLES_PER_LITRE[one] * mass / _GRAMS_PER_LITRE[other], 0.0
    if mass and one in _GRAMS_PER_LITRE and other in _MOLES_PER_LITRE:
        return _GRAMS_PER_LITRE[one] / mass / _MOLES_PER_LITRE[other], 0.0
    return None
