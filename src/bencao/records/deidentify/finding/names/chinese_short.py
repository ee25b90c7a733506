"""What a Chinese note calls a person by beside the whole name: 小王, 姓贺, 医师靳, 晨晨, “小九”."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bencao.records.deidentify.finding.lexicon import ward_words
from bencao.records.deidentify.finding.names.chinese_cues import HAN, NOT_NAMES, WORDS
from bencao.records.deidentify.finding.names.model import name_model
from bencao.records.deidentify.finding.search.starts import Searched, form
from bencao.records.deidentify.span import Span

# 小 or 老 that is not the end of another word, and a character that does not make an ordinary word with it.
_FAMILIAR = form(
    rf"(?<![大变缩减最较幼细微矮弱胆从家瘦窄稍略偏很更渐极娇短狭养古衰年敬长元苍月早抗防显中新])[小老]({HAN})"
    r"(?![一-龥]?[区县])"
)
_NOT_FAMILIAR = frozenset(
    "先时便腿肠脑叶结于平房米麦型孔管口心支关全单方包年人家伴公婆板乡师龄化旧幼花弟大者太鼠爷奶娘妈爸汤车店院路巷"
    "学镇村庄旗溪河山海湖岛石水段程步量范毛白黄红蓝马牛羊鱼鸟虫鹿龙虎熊树林草叶头儿孩儿子女童伙妹姐哥姑姨"
    "寒暑雪满康黑能弯过向成安常时舌角梁颗粒块灶片点圆柱幅明别应但样高又由经和及"
)
_PERSON_AFTER = re.compile(r"[，,。、；;：:）)\s说诉来在与和等陪送带代病今昨现床家夫妻妈爸的查建叫打]|$")
_AFTER_FAMILIAR = re.compile(r"力[^，。、说来]|围|期|身|边|疸|蛋|瘤|酶|巴|导|鱼|夏天")
# 姓贺, 简姓患者; a surname alone after a role, in a list of those who took part, before what was done.
_SURNAMED = form(rf"(?<![百同本贵尊])姓({HAN})(?![名氏一-龥]|$)|姓({HAN})(?=[的，,。、；;（( ]|某)")
_OF_SURNAME = form(
    rf"({HAN})姓(?=患者|病人|男|女|老|医|护|同|司机|家属|邻居|青年|中年|大|阿|伤者|产妇|保安|护工|朋友|村民|工)"
)
_ROLE_OF_ONE = (
    r"记录者?|申请者?|申请医[师生]|审核者?|核对者?|报告者?|[送临床接诊主治值班经治管床麻醉住院签名上级检]{0,4}医[师生]|检验者?|签名|值班|主持|接班|"
    r"交班|操作者?|术者|主刀|[一二三]助|助手|巡回|器械|洗手|麻醉|取材|诊断|复核|上机|下机|接生|责护|护|医|带班|主班|夜班|白班|"
    r"采血|执行|双签|核对护士|护士|总检|主检|主讲|录入|审签|调配|发药|配药"
)
_ONE_OF_ROLE = form(
    rf"(?:{_ROLE_OF_ONE})(?:[:：][ \t]*|[ \t]+|(?<=术者)|(?<=巡回)|(?<=器械)|(?<=洗手)|(?<=主刀)|(?<=助手)|(?<=上机)|"
    rf"(?<=下机)|(?<=责护)|(?<=医[师生])|(?<=主讲))({HAN})(?=[\s,，、。;；|/）)\]]|$)(?:[/、]({HAN})(?=[\s,，。;；|/]|$))?"
)
# A surname alone after any word for a person, before a mark or what was told: 护士郁, 检验科芮报血钾.
_ONE_PERSON = form(
    rf"(?<=[员师人士生长者父妇])({HAN})(?=[\s,，、。;；|/）)\]]|$)|(?<=[科室])({HAN})(?=报[^告]|来电|电话|通知|回报)"
)
_NOT_ONE = frozenset(
    "方法印按经别时诊从但何相全应过向都无有是否见已未男女左右正阴阳主副后前上下内外中常高低平单双安温毛水黄白应能干过明成次会易和先后时利冷查"
)
# What somebody is called: a nickname in marks, or after a word for one.
_CALLED = form(
    rf"(?:绰号|外号|诨名|诨号|人称|网名|昵称|小名|乳名|笔名|艺名|实名|大名|原名|化名|曾用名|法号|道号)"
    rf"(?:叫|为|是|[:：])?[ ]?[“\"'(（「『]?[ ]?"
    rf"({HAN}{{2,4}}?)(?=[”\"'，,。；;)）」』、\s]|$|的|来)"
)
_QUOTED = form(rf"(?:称|叫|喊|找|与|和|是|由|被)[“\"「]({HAN}{{2,4}})[”\"」]")
# Names of two like characters: of children, where the note speaks of one.
_TWICE = form(rf"({HAN})\1(?!{HAN}?\1)")
_OF_A_CHILD = re.compile(
    r"患儿|家长|宝宝|孩子|幼儿|儿童|小儿|妈妈|月龄|疫苗|姥姥|小名|乳名|娃|班主任|出生体重|喂养|奶量|母乳"
)
_ORDINARY_TWICE = frozenset(
    "天常刚渐偶时往仅多稍略次日慢好轻重缓快早晚久微隐阵频连点滴处人个种样层步条些种年月周夜家户村岁分秒次回句事件"
    "妈爸爷奶姥姐哥弟妹叔伯婶姑姨舅公婆娃宝太谢拜看听说想试问等走坐站歇休揉按摸敲打哭闹笑喝吃睡呼呵哈嘿哦嗯啊呀"
    "白红黄绿黑高低大小长短粗细厚薄软硬冷热干湿松紧明暗清浑匆草默静悄暗纷茫深浅满空整圆胖瘦弱酸麻胀痛痒辣甜苦咸"
    "统通仅单双平正反上下前后左右里外中众各每某何哪谁凡恰刚最更越仍又再也都就还才"
)


def find(seen: Searched) -> Iterator[Span]:
    """Short forms of Chinese names.

    Parameters
    ----------
    seen : Searched

    Yields
    ------
    Span
    """
    surnames = name_model().surnames
    for found in seen.each(_FAMILIAR):
        told = found[1] not in _NOT_FAMILIAR or _is_told(seen.text, *found.span())
        if found[1] in surnames and told and not _is_word(seen.text, found.start(1)):
            yield Span(*found.span(1), "name", "name.familiar", 0.8)
    for pattern, rule in ((_SURNAMED, "name.surnamed"), (_OF_SURNAME, "name.surnamed")):
        for found in seen.each(pattern):
            group = found.lastindex or 1
            if found[group] in surnames:
                yield Span(*found.span(group), "name", rule, 0.85)
    for found in seen.each(_ONE_OF_ROLE):
        for group in (1, 2):
            if found[group] and found[group] in surnames and found[group] not in _NOT_ONE:
                yield Span(*found.span(group), "name", "name.surname_alone", 0.8)
    for found in seen.each(_ONE_PERSON):
        group = found.lastindex or 1
        if (
            found[group] in surnames
            and found[group] not in _NOT_ONE
            and not seen.text.endswith("师傅", 0, found.end(group))
        ):
            yield Span(*found.span(group), "name", "name.surname_alone", 0.76)
    for pattern in (_CALLED, _QUOTED):
        for found in seen.each(pattern):
            if not NOT_NAMES.match(found[1]) and not WORDS.match(found[1]):
                yield Span(*found.span(1), "name", "name.nickname", 0.8)
    if _OF_A_CHILD.search(seen.text):
        for found in seen.each(_TWICE):
            if found[1] not in _ORDINARY_TWICE and not ward_words().get(found[0]):
                yield Span(*found.span(), "name", "name.nickname", 0.76)


def _is_told(text: str, start: int, end: int) -> bool:
    """Whether what stands around says that 小毛 or 老马 is somebody."""
    before = text[start - 1 : start] or "\n"
    return (
        before in "，,。、；;：:\n（( 由与和请同叫找向跟是嘱友居事托报呼@"
        and _PERSON_AFTER.match(text, end) is not None
    )


def _is_word(text: str, start: int) -> bool:
    """Whether an ordinary word begins with what may be a surname: 老张力下降, 小周围."""
    if _AFTER_FAMILIAR.match(text, start + 1):
        return True
    return any(len(word) > 2 and text.startswith(word, start) for word in ward_words().get(text[start : start + 2], ()))
