"""Names of laboratory tests, with unit and specimen, to the keys of the user's own table."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from bencao.records.errors import VocabularyError
from bencao.records.normalisation.ranking.phrases import folded
from bencao.records.normalisation.similarity import Similarity, chance_of
from bencao.records.normalisation.units import PROPERTIES, Dimension, dimension
from bencao.records.normalisation.vocabulary import Vocabulary, read_table

# Names that laboratories use for one component; each group in Chinese, abbreviation, English.
SYNONYMS = tuple(
    frozenset(folded(name) for name in line.split("|"))
    for line in """谷丙转氨酶|丙氨酸氨基转移酶|alt|gpt|sgpt|alanine aminotransferase
谷草转氨酶|天门冬氨酸氨基转移酶|天冬氨酸氨基转移酶|ast|got|sgot|aspartate aminotransferase
谷氨酰转肽酶|γ-谷氨酰转移酶|γ-谷氨酰转肽酶|谷氨酰转移酶|ggt|γ-gt|gamma glutamyl transferase
碱性磷酸酶|alp|akp|alkaline phosphatase
乳酸脱氢酶|ldh|lactate dehydrogenase
肌酸激酶|磷酸肌酸激酶|ck|cpk|creatine kinase
肌酸激酶同工酶|ck-mb|ckmb|creatine kinase.mb
总胆红素|tbil|t-bil|bilirubin|total bilirubin
直接胆红素|结合胆红素|dbil|d-bil|direct bilirubin|bilirubin.direct
总蛋白|tp|protein|total protein
白蛋白|清蛋白|alb|albumin
尿素|尿素氮|bun|urea|urea nitrogen
肌酐|crea|cr|scr|creatinine
尿酸|ua|uric acid|urate
葡萄糖|血糖|空腹血糖|glu|fbg|glucose
糖化血红蛋白|hba1c|hemoglobin a1c
总胆固醇|胆固醇|tc|chol|cholesterol
甘油三酯|三酰甘油|tg|trig|triglyceride
高密度脂蛋白胆固醇|hdl-c|hdl|cholesterol in hdl
低密度脂蛋白胆固醇|ldl-c|ldl|cholesterol in ldl
钾|血钾|k|k+|potassium
钠|血钠|na|na+|sodium
氯|血氯|cl|cl-|chloride
钙|血钙|总钙|ca|ca2+|calcium
磷|无机磷|血磷|phosphate
镁|血镁|mg|magnesium
二氧化碳结合力|co2cp|tco2|carbon dioxide
白细胞|白细胞计数|白细胞总数|wbc|leukocytes
红细胞|红细胞计数|rbc|erythrocytes
血红蛋白|血色素|hgb|hb|hemoglobin
红细胞压积|红细胞比容|血细胞比容|hct|hematocrit
血小板|血小板计数|plt|platelets
中性粒细胞|中性粒细胞百分比|中性粒细胞计数|neut|neutrophils
淋巴细胞|淋巴细胞百分比|淋巴细胞计数|lymph|lymphocytes
c反应蛋白|超敏c反应蛋白|crp|hs-crp|c reactive protein
降钙素原|pct|procalcitonin
血沉|红细胞沉降率|esr|erythrocyte sedimentation rate
凝血酶原时间|pt|prothrombin time
活化部分凝血活酶时间|aptt|activated partial thromboplastin time
国际标准化比值|inr
纤维蛋白原|fib|fibrinogen
d-二聚体|d二聚体|d-dimer|fibrin d-dimer
肌钙蛋白i|ctni|tni|troponin i
肌钙蛋白t|ctnt|tnt|troponin t
b型钠尿肽|脑钠肽|bnp|natriuretic peptide b
甲胎蛋白|afp|alpha-1-fetoprotein
癌胚抗原|cea|carcinoembryonic antigen
促甲状腺激素|促甲状腺素|tsh|thyrotropin
游离甲状腺素|游离t4|ft4|thyroxine.free
游离三碘甲状腺原氨酸|游离t3|ft3|triiodothyronine.free""".splitlines()
)
_GROUP = {name: group for group in SYNONYMS for name in group}
_SPECIMENS: dict[str, tuple[str, ...]] = {  # the longer words of a specimen before the shorter ones of another
    "csf": ("脑脊液", "csf", "cerebral spinal fluid"),
    "urine": ("24小时尿", "24h尿", "随机尿", "晨尿", "尿液", "urine"),
    "blood": ("全血", "静脉血", "动脉血", "末梢血", "whole blood", "blood", "bld"),
    "serum": ("血清", "血浆", "ser/plas", "serum", "plasma", "ser", "plas"),
    "stool": ("粪便", "大便", "stool"),
    "pleural": ("胸水", "胸腔积液", "pleural fluid"),
    "peritoneal": ("腹水", "腹腔积液", "peritoneal fluid"),
}
_URINE = re.compile(r"^尿(?![素酸])")  # urea and uric acid begin with the same letter
_EXACT = 0.97
_LIKE = 0.5  # below this cosine two names of a test have nothing to do with each other
_UNKNOWN_UNIT = 0.5
_WITHOUT_UNIT = 0.9


@dataclass(frozen=True)
class Test:
    """A row of the user's table; see `read_tests`."""

    key: str
    component: str
    specimen: str
    labels: frozenset[str]
    dimension: Dimension | None


def read_tests(path: Path) -> tuple[Test, ...]:
    """The user's table: key, component, property, specimen, unit, and if there, synonyms parted by ``|``.

    Raises
    ------
    VocabularyError
        It cannot be read, or a key or component is empty, or a unit is not understood.
    """
    found = []
    for row in read_table(path, ("key", "component", "property", "specimen", "unit")):
        where = f"{path.name}: line {row['']}"
        if not row["key"].strip() or not row["component"].strip():
            raise VocabularyError("key or component is empty", where=where)
        own = dimension(row["unit"]) if row["unit"].strip() else PROPERTIES.get(row["property"].strip().lower())
        if row["unit"].strip() and own is None:
            raise VocabularyError("its unit is not understood", where=where, mend="write it in UCUM, e.g. umol/L")
        names = {row["component"], *filter(None, (row.get("synonyms") or "").split("|"))}
        labels = {name_of(name) for name in names}
        known = frozenset().union(*(_GROUP.get(label, frozenset()) for label in labels))
        specimen = specimen_of(row["specimen"]) or folded(row["specimen"])
        every = frozenset(labels | known)
        found.append(Test(row["key"].strip(), row["component"].strip(), specimen, every, own))
    if not found:
        raise VocabularyError("has no tests", where=path.name)
    return tuple(found)


def as_vocabulary(tests: Sequence[Test], source: str) -> Vocabulary:
    """Keys and components of the tests; a component of several keys stands once a key."""
    names = tuple(test.component for test in tests)
    return Vocabulary(names, tuple((test.key,) for test in tests), source)


def specimen_of(text: str) -> str:
    """Specimen that a text names, in a word of ours; empty where it names none."""
    own = folded(text)
    words = ((word, specimen) for specimen, several in _SPECIMENS.items() for word in several)
    if found := next((specimen for word, specimen in words if folded(word) in own and len(word) > 3), ""):
        return found
    if _URINE.match(own):
        return "urine"
    by_word = {folded(word): specimen for specimen, several in _SPECIMENS.items() for word in several}
    return by_word.get(own) or next((by_word[one] for one in sorted(by_word) if not one.isascii() and one in own), "")


def name_of(text: str) -> str:
    """A test's name without its specimen and brackets around that."""
    own = _URINE.sub("", folded(text))
    for several in _SPECIMENS.values():
        for word in several:
            if not folded(word).isascii() and own != folded(word):
                own = own.replace(folded(word), "")
    return own.replace("()", "").replace("[]", "").strip("-_ ") or folded(text)


@dataclass(frozen=True)
class Laboratory:
    """Ranks the tests of the user's table for a name, unit and specimen.

    Attributes
    ----------
    tests : tuple of Test
    """

    tests: tuple[Test, ...]

    @cached_property
    def _similarity(self) -> tuple[Similarity, tuple[tuple[int, ...], ...]]:
        owners: dict[str, list[int]] = {}
        for place, test in enumerate(self.tests):
            for label in sorted(test.labels):
                owners.setdefault(label, []).append(place)
        return Similarity(tuple(owners)), tuple(tuple(several) for several in owners.values())

    def rank(self, terms: Sequence[tuple[str, str, str]]) -> Iterator[list[tuple[int, float]]]:
        """Places of the tests that fit each (name, unit, specimen), the most probable first.

        A test whose unit has another dimension, or whose specimen is another, is no candidate. Tests that fit
        equally share the probability.
        """
        similarity, owners = self._similarity
        names = [name_of(name) for name, _, _ in terms]
        for name, cosines, (text, unit, specimen) in zip(names, similarity.cosines(names), terms, strict=True):
            by_test: dict[int, float] = {}
            for label, value, several in zip(similarity.names, cosines, owners, strict=True):
                exact = label == name
                if exact or (value >= _LIKE and not (name.isascii() and len(name) <= 4)):
                    for place in several:
                        by_test[place] = max(by_test.get(place, 0.0), 1.0 if exact else min(float(value), 0.99))
            yield self._fitting(by_test, unit, specimen_of(specimen) or specimen_of(text))

    def _fitting(self, by_test: dict[int, float], unit: str, specimen: str) -> list[tuple[int, float]]:
        measured = dimension(unit) if unit.strip() else None
        fit = {}
        for place, value in by_test.items():
            test = self.tests[place]
            other_unit = measured is not None and test.dimension is not None and measured != test.dimension
            if not other_unit and not (specimen and test.specimen and specimen != test.specimen):
                fit[place] = value
        if not fit:
            return []
        order = sorted(fit, key=lambda place: (-fit[place], place))
        best = fit[order[0]]
        level = [place for place in order if fit[place] == best]
        second = max((fit[place] for place in order if fit[place] < best), default=0.0)
        top = _EXACT if best == 1.0 else chance_of(best, best - second)
        if measured is None:
            top *= _UNKNOWN_UNIT if unit.strip() else _WITHOUT_UNIT
        rest = [(place, min(top, fit[place] * (1 - top)) / len(order)) for place in order if fit[place] < best]
        return [*((place, top / len(level)) for place in level), *rest]
