"""An estimate from records beside what a trial would say: the calibrated interval, and the sentence about it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from scipy.stats import t as student

from bencao.evidence.calibration.controls import Control
from bencao.evidence.calibration.emulation import Closeness, Ratio, emulation_error, published_pairs
from bencao.evidence.calibration.systematic_error import SystematicError, fit_error
from bencao.evidence.errors import StudyDataError
from bencao.evidence.finite import Figures, reckoned

Language = Literal["en", "zh"]
Degree = Literal["high", "moderate", "low", "moved"]


@dataclass(frozen=True)
class Calibrated(Figures):
    """An estimate with the error that its design is known for.

    Attributes
    ----------
    raw : Ratio
        As estimated, with its 95 % interval.
    closeness : {"close", "loose"} or None
        Which emulations it is compared with.
    emulation : SystematicError
        Of those emulations against their trials.
    controls : SystematicError or None
        Of the study's own negative controls.
    by_controls : Ratio or None
        The estimate calibrated by them alone.
    calibrated : Ratio
        Calibrated by the negative controls, if any, and by the emulations. Both may hold the same bias, so that with
        controls it is wider than it need be, never narrower.
    same_side : float
        Chance that the effect that a trial would find lies on the estimate's side of 1.
    """

    raw: Ratio
    closeness: Closeness | None
    emulation: SystematicError
    controls: SystematicError | None
    by_controls: Ratio | None
    calibrated: Ratio
    same_side: float

    def as_json(self) -> dict[str, Any]:
        """The same as plain values, for JSON."""
        return asdict(self)


@reckoned()
def calibrate(raw: Ratio, closeness: Closeness | None, controls: Sequence[Control] = ()) -> Calibrated:
    """Calibrate a ratio by its study's negative controls and by what emulations of trials are known to miss.

    Parameters
    ----------
    raw : Ratio
    closeness : {"close", "loose"} or None
        How closely the study emulates a trial; None where it cannot be said.
    controls : sequence of Control
        The study's own negative controls.

    Returns
    -------
    Calibrated

    Raises
    ------
    StudyDataError
        Where low, ratio and high are not in order and above 0, or the controls are too few.

    References
    ----------
    Schuemie MJ, Hripcsak G, Ryan PB, Madigan D, Suchard MA (2018). Empirical confidence interval calibration for
    population-level effect estimation studies in observational healthcare data. PNAS 115, 2571-2577.
    """
    if not (0 < raw.low < raw.ratio < raw.high < math.inf):
        raise StudyDataError(
            f"{raw.ratio} ({raw.low} to {raw.high}) is no ratio with its interval",
            mend="give low < ratio < high, all above 0",
        )
    error = emulation_error(closeness)
    own = fit_error([one.log_ratio for one in controls], [one.se for one in controls]) if controls else None
    by_controls, middle, se = None, raw.log, raw.se
    if own:
        by_controls = _ratio(own.interval(raw.log, raw.se))
        middle, se = raw.log - own.mean, own.predictive_se(raw.se)
    calibrated = _ratio(error.interval(middle, se))
    certainty = float(student.cdf(abs(calibrated.log) / error.predictive_se(se), error.n - 2))
    same_side = certainty if calibrated.log * raw.log >= 0 else 1 - certainty
    return Calibrated(raw, closeness, error, own, by_controls, calibrated, same_side)


def _ratio(log: tuple[float, float, float]) -> Ratio:
    return Ratio(*(math.exp(value) for value in log))


_WORDS: dict[Language, dict[str, str]] = {
    "en": {
        "close": "close emulations of trials",
        "loose": "loose emulations of trials",
        "None": "emulations of trials, close and loose",
        "answer": "Estimated {raw}. A trial of the same question would be "
        "expected to find a true ratio of {calibrated}.",
        "why": "Why: over {n} {kind}, records differed from the trial by a factor of {mean:.2f} on average, "
        "and by a further factor of up to {spread:.2f} in 19 of 20, beyond chance. "
        "The interval is {times:.1f} times as wide as the raw one.",
        "controls": "The study's own {n} negative controls, where the truth is 1, showed {mean:.2f} on average, "
        "with a further "
        "factor of up to {spread:.2f}; by them alone the answer is {by}.",
        "high": "Trust: high. The whole calibrated interval lies on the same side of 1 as the estimate.",
        "moderate": "Trust: moderate. The direction is likely ({chance:.0%}) to be a trial's, the size is open.",
        "low": "Trust: low. A trial may well find no effect or the contrary "
        "(chance of the same direction {chance:.0%}).",
        "moved": "Trust: low. The error that the study is known for is so large that the estimate lies outside "
        "the calibrated interval; the design should be mended first.",
        "all": "For comparison: of {pairs} published pairs, {agree} differed by no more than chance alone allows.",
    },
    "zh": {
        "close": "项贴近试验设计的模拟研究",
        "loose": "项与试验设计有出入的模拟研究",
        "None": "项试验模拟研究（贴近与有出入者合计）",
        "answer": "估计值 {raw}。针对同一问题的随机试验，其真实比值预计为 {calibrated}。",
        "why": "理由：在 {n} {kind}中，真实世界结果与试验平均相差 {mean:.2f} 倍，"
        "除机遇外，20 次中有 19 次再差至多 {spread:.2f} 倍。"
        "校准区间的宽度是原区间的 {times:.1f} 倍。",
        "controls": "本研究自身的 {n} 个阴性对照（真值为 1）平均为 {mean:.2f}，"
        "并再差至多 {spread:.2f} 倍；仅据此校准，结果为 {by}。",
        "high": "可信程度：高。整个校准区间与估计值同在 1 的一侧。",
        "moderate": "可信程度：中。方向很可能（{chance:.0%}）与试验一致，大小未定。",
        "low": "可信程度：低。试验很可能得出无效应或相反的结果（方向一致的机会为 {chance:.0%}）。",
        "moved": "可信程度：低。本研究已知的误差过大，估计值已落在校准区间之外；应先改进设计。",
        "all": "对照：已发表的 {pairs} 对结果中，{agree} 对的差异未超出机遇所能解释的范围。",
    },
}
_LIKELY = 0.8  # chance of one direction from which it is called likely


def statement(found: Calibrated, lang: Language = "en") -> tuple[str, ...]:
    """How far an answer should be trusted against a trial, and why, a sentence or two a line.

    Parameters
    ----------
    found : Calibrated
    lang : {"en", "zh"}

    Returns
    -------
    tuple of str
    """
    words, error = _WORDS[lang], found.emulation
    times = math.log(found.calibrated.high / found.calibrated.low) / math.log(found.raw.high / found.raw.low)
    lines = [
        words["answer"].format(raw=shown_ratio(found.raw, lang), calibrated=shown_ratio(found.calibrated, lang)),
        words[degree(found)].format(chance=found.same_side),
        words["why"].format(n=error.n, kind=words[str(found.closeness)], times=times, **_factors(error)),
    ]
    if found.controls and found.by_controls:
        own = _factors(found.controls)
        lines.append(words["controls"].format(n=found.controls.n, by=shown_ratio(found.by_controls, lang), **own))
    pairs = published_pairs()
    agree = sum(abs(pair.difference) <= 1.96 * pair.se for pair in pairs)
    return (*lines, words["all"].format(pairs=len(pairs), agree=agree))


def degree(found: Calibrated) -> Degree:
    """How far an answer is trusted, in a word.

    Returns
    -------
    {"high", "moderate", "low", "moved"}
        High where the whole calibrated interval lies on one side of 1, moderate where the direction is likely to be a
        trial's (80 %), else low; moved, and low, where the estimate lies outside its calibrated interval.
    """
    low, high = found.calibrated.low, found.calibrated.high
    if not low <= found.raw.ratio <= high:
        return "moved"
    if low > 1 or high < 1:
        return "high"
    return "moderate" if found.same_side >= _LIKELY else "low"


def shown_ratio(ratio: Ratio, lang: Language) -> str:
    if lang == "zh":
        return f"{ratio.ratio:.2f}（95% 区间 {ratio.low:.2f} 至 {ratio.high:.2f}）"
    return f"{ratio.ratio:.2f} (95 % interval {ratio.low:.2f} to {ratio.high:.2f})"


def _factors(error: SystematicError) -> dict[str, float]:
    return {"mean": math.exp(error.mean), "spread": math.exp(1.96 * error.spread)}
