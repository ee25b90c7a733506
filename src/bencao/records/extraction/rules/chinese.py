"""Chinese names: known words, and longer ones that end as diseases, operations, drugs or findings end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from bencao.records.extraction.entity import Span
from bencao.records.extraction.lexicon import read_rows

# What no name holds: particles, verbs of the record, and words of time and of negation.
_NOT_IN_NAMES = (
    "的了在于因为及和与或伴行示提考虑诊患者有无未见否认曾约月日年天今现又后并予给经由被从到其该此本院门查"
    "诉出服用入若如系是至以曰"
)
_LETTER = rf"(?:(?![{_NOT_IN_NAMES}])[\u4e00-\u9fffⅠ-Ⅻ])"
_SIDE = r"(?:左侧?|右侧?|双侧?|两侧?|上|下|中)"

_DISEASE_ENDS = (
    "癌|瘤|炎|病|综合征|综合症|中毒|骨折|梗死|梗塞|狭窄|闭塞|硬化|增生|结石|囊肿|息肉|溃疡|结核|脓肿|血栓|栓塞|衰竭|畸形|脱位|"
    "破裂|穿孔|坏死|疝|瘘|休克|贫血|血症|尿症|亢进|减退|肥大|扩张|脱垂|突出|肥厚|肌瘤|肺气肿|白血病|积水|内瘤变|化生|转移"
)
_OPERATION_ENDS = (
    "切除|根治|成形|置换|修补|吻合|移植|植入|造瘘|造口|引流|探查|清扫|内固定|复位|结扎|剥脱|消融|栓塞|活检|穿刺|切开|缝合|搭桥|取石|"
    "电切|还纳|剖宫产|松解|减压|融合|摘除|分流|扩张|置入|灌洗"
)
_DRUG_ENDS = (
    "霉素|西林|沙星|洛尔|普利|沙坦|他汀|地平|拉唑|替尼|单抗|列汀|列净|格列奈|铂|他滨|紫杉醇|洛韦|司他|西泮|唑仑|胰岛素|肝素|替丁|"
    "司琼|膦酸|双胍|噻嗪|可的松|泼尼松|米松|松龙|芬酸|洛芬|昔布|磺酸钠|氯化钠|缓释片|肠溶片|分散片|胶囊|颗粒|口服液|注射液|滴丸|"
    "软膏|乳膏|滴眼液|喷雾剂|片(?=\\d|口服)"
)
_FEELINGS = (
    "疼痛|剧痛|胀痛|隐痛|酸痛|肿痛|刺痛|绞痛|坠胀|坠痛|压痛|叩击痛|反跳痛|痛|疼|肿胀|麻木|不适|水肿|浮肿|肿大|无力|瘙痒|出血|肿块|包块|肿物|乏力|抽搐|僵硬|发凉|"
    "溃烂|红肿|酸胀|闷痛|紧缩感|异物感|烧灼感|活动受限"
)
_METHODS = (
    "CT|MRI|MR|PET-CT|B超|彩超|超声|X线|X片|平片|造影|核磁共振|核磁|磁共振|CTA|MRA|DR|ECT|钼靶|多普勒超声|镜检查|透视"
)

_VITAL = re.compile(
    r"(?:体温|\bT)\s*[:：]?\s*\d{2}(?:\.\d)?\s*(?:℃|°C|度)|(?:脉搏|心率|\bP|\bHR)\s*[:：]?\s*\d{2,3}\s*次/分?(?:钟)?|"
    r"(?:呼吸|\bR)\s*[:：]?\s*\d{1,2}\s*次/分?(?:钟)?|(?:血压|\bBP)\s*[:：]?\s*\d{2,3}\s*/\s*\d{2,3}\s*(?:mm\s*[Hh]g)?|"
    r"(?:血氧饱和度|血氧|\bSp[Oo]2|SPO2)\s*[:：]?\s*\d{2,3}\s*%|"
    r"(?:体重|身高)\s*[:：]?\s*\d+(?:\.\d+)?\s*(?:kg|KG|公斤|cm|厘米)|"
    r"\bBMI\s*[:：]?\s*\d{2}(?:\.\d+)?",
    re.ASCII,
)
_NAME = re.compile(r"^(?:体温|脉搏|心率|呼吸|血压|血氧饱和度|血氧|体重|身高|[A-Za-z]+2?)")


def propose(text: str) -> Iterator[Span]:
    """Spans that may be entities, some of them overlapping."""
    for match in _VITAL.finditer(text):
        name = _NAME.match(match.group())
        assert name is not None
        yield Span(match.start(), match.start() + name.end(), "vital_sign")
    for match in _known().finditer(text):
        yield Span(match.start(), match.end(), _kinds()[match.group().lower()])
    for kind, pattern in _patterns():
        for match in pattern.finditer(text):
            yield Span(match.start(), match.end(), kind)


@cache
def _kinds() -> dict[str, str]:
    return {row[0].lower(): row[1] for row in read_rows("terms_zh.tsv", 2)}


def _any(words: list[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))


@cache
def _known() -> re.Pattern[str]:
    latin = [word for word in _kinds() if word.isascii()]
    other = [word for word in _kinds() if not word.isascii() and len(word) > 1]
    return re.compile(rf"{_any(other)}|(?<![A-Za-z0-9])(?:{_any(latin)})(?![A-Za-z0-9])(?!\s*[次片盒])", re.IGNORECASE)


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    parts = [word for word, kind in _kinds().items() if kind == "body_part"]
    # One character names a part only where no other word begins with it: 手术, 头孢, 心率.
    single = "".join(word for word in parts if len(word) == 1)
    places = rf"{_any([word for word in parts if len(word) > 1])}|[{single}](?![术孢够量景情理律率电科晕慌法段月功续])"
    part = rf"{_SIDE}?(?:{places})(?:{_SIDE}?(?:{places}|段|叶|部|区|侧|壁|缘|端|腔))*"
    return (
        ("disease", re.compile(rf"{_LETTER}{{1,12}}?(?:{_DISEASE_ENDS})(?:{_LETTER}{{0,6}}?(?:{_DISEASE_ENDS}))*")),
        (
            "operation",
            re.compile(rf"{_LETTER}{{1,14}}?(?:{_OPERATION_ENDS})(?:{_LETTER}{{0,8}}?(?:{_OPERATION_ENDS}))*术"),
        ),
        ("drug", re.compile(rf"{_LETTER}{{1,8}}?(?:{_DRUG_ENDS})")),
        ("symptom", re.compile(rf"{part}(?:{_FEELINGS})")),
        ("imaging", re.compile(rf"(?:{part})?(?:{_METHODS})(?:平扫|增强)?(?:\+增强)?", re.IGNORECASE)),
        ("imaging", re.compile(r"(?:电子|无痛|纤维)?(?:胃|肠|结肠|胃肠|支气管|纤支|膀胱|宫腔|喉|鼻咽)镜")),
        ("body_part", re.compile(part)),
    )
