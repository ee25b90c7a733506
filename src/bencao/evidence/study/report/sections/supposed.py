"""What other suppositions would say: of values that are missing, and of biases that the protocol names."""

from __future__ import annotations

from collections.abc import Iterator

from bencao.evidence.study.report.words.fixed import heads
from bencao.evidence.study.report.words.names import Language, shown_estimate, shown_refusal
from bencao.evidence.study.study import Study
from bencao.kernel import report

_WORDS: dict[Language, dict[str, str]] = {
    "en": {
        "title": "Missing values and biases",
        "imputed": "Imputed {imputations} times by chained equations; estimates are put together by Rubin's rules. The "
        "primary estimate has lost {lost:.0%} of its information to what is missing.",
        "missing heads": "Variable,Persons without it",
        "shift heads": "The treated's missing outcomes are higher by,Primary estimate",
        "shift table": "Were what is missing not as what is known lets expect",
        "tipping": "From a shift of {tipping:g} on the interval says something else than without one.",
        "no tipping": "No shift that was asked about changes what the interval says of no effect.",
        "bias heads": "Bias,Kind,Ratio without it,Low,High,Not told because",
        "bias table": "The ratio without a bias of such size; intervals hold the bias and chance",
        "confounding": "confounding",
        "misclassification": "misclassified outcome",
        "selection": "selection",
    },
    "zh": {
        "title": "缺失值与偏倚",
        "imputed": "以链式方程插补 {imputations} 次，按 Rubin 法则合并。主要估计因缺失损失了 {lost:.0%} 的信息。",
        "missing heads": "变量,缺失人数",
        "shift heads": "假设治疗组缺失的结局更高,主要估计",
        "shift table": "若缺失值与已知值所预期者不同",
        "tipping": "自偏移 {tipping:g} 起，区间的结论与无偏移时不同。",
        "no tipping": "所问各偏移均不改变区间关于有无效应的结论。",
        "bias heads": "偏倚,类型,去除后的比值,下限,上限,未能得出的原因",
        "bias table": "去除所设大小的偏倚后的比值；区间包含偏倚与机遇",
        "confounding": "混杂",
        "misclassification": "结局错分",
        "selection": "选择",
    },
}


def supposed(study: Study, language: Language) -> tuple[report.Section, ...]:
    """The section, where the protocol asks for it and results are shown."""
    parts = tuple(_parts(study, language))
    return (report.Section(_WORDS[language]["title"], parts),) if parts and not study.hidden else ()


def _parts(study: Study, language: Language) -> Iterator[report.Text | report.Table]:
    words, imputed = _WORDS[language], study.imputed
    if imputed:
        told = words["imputed"].format(imputations=imputed.imputations, lost=imputed.missing_information)
        yield report.Text(told)
        yield report.Table(heads(words["missing heads"]), imputed.missing)
        if imputed.shifted:
            rows = tuple((delta, shown_estimate(one, language)) for delta, one in imputed.shifted)
            yield report.Table(heads(words["shift heads"]), rows, words["shift table"])
            tips = imputed.tipping is not None
            yield report.Text(words["tipping" if tips else "no tipping"].format(tipping=imputed.tipping))
    if study.sensitivity:
        biases = []
        for one in study.sensitivity:
            found = one.corrected
            figures = (found.ratio, found.low, found.high) if found else ("", "", "")
            biases.append((one.name, words[one.bias], *figures, shown_refusal(one.refused, language)))
        yield report.Table(heads(words["bias heads"]), tuple(biases), words["bias table"])
