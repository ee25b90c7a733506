"""Put a study that was run into words and figures, in both languages."""

from __future__ import annotations

import json

from bencao.evidence.browse.answer import StudyAnswer, Told
from bencao.evidence.protocol.editing.words import Language
from bencao.evidence.protocol.registering import Version
from bencao.evidence.study.report.page import study_as_json, study_report
from bencao.evidence.study.report.sections.answered import estimates, in_short, trust
from bencao.evidence.study.report.sections.asking import asked
from bencao.evidence.study.report.sections.examined import examined
from bencao.evidence.study.report.sections.supposed import supposed
from bencao.evidence.study.report.words.fixed import WORDS
from bencao.evidence.study.report.words.limits import limits
from bencao.evidence.study.study import Study
from bencao.evidence.study.trusting import trusted
from bencao.kernel.report import Section, Text, render

LANGUAGES: tuple[Language, ...] = ("en", "zh")


def answer_of(study: Study, versions: tuple[Version, ...], protocol: str, data: str) -> StudyAnswer:
    """Put a study into words and figures, in both languages."""
    return StudyAnswer(
        study.protocol.study,
        protocol,
        data,
        study.despite,
        study.hidden,
        study.failed,
        {language: _told(study, versions, language) for language in LANGUAGES},
        json.dumps(study_as_json(study, versions), ensure_ascii=False, sort_keys=True) + "\n",
    )


def _told(study: Study, versions: tuple[Version, ...], language: Language) -> Told:
    words, found = WORDS[language], trusted(study)
    protocol, frozen, attrition = asked(study, versions, language)
    results = (
        Section(words["summary"], in_short(study, found, language)),
        estimates(study, language),
        trust(study, found, language),
        *supposed(study, language),
        Section(words["limits"], (Text("\n\n".join(limits(study, language))),)),
    )
    page = render(study_report(study, versions, language))
    return Told((examined(study, language), attrition, protocol, frozen), () if study.hidden else results, page)
