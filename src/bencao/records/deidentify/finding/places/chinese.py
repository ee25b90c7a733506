"""Chinese addresses and place names, hospitals, schools and employers; what begins them is found by walking left."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from bencao.records.deidentify.finding.lexicon import PlaceBook, places
from bencao.records.deidentify.span import Span

_HAN = r"[\u4e00-\u9fff]"
# Words that no name of a place, road or house begins with or holds.
_STOP = re.compile(
    r"患者|病人|患儿|家属|家住|现住址?|住址|地址|居住地?|住所|籍贯|户籍地?|户口|出生地|出生|就诊|转诊|转入|转至|"
    r"转往|转院|转到|入住|入院|住院|出院|急诊|门诊|就读|工作|务农|任职|供职|职工|单位|"
    r"退休|毕业|来自|位于|前往|曾|送至|送往|送到|送入|送|收入|收住|收治|随访|复查|检查|行|予|治疗|手术|体检|"
    r"诊断|介绍|外出|出差|旅游|打工|返回|回到|途经|路过|务工|经商|上学|上班|学习|就职|服务|"
    r"联系|电话|邮寄|寄至|寄往|寄到|快递|收件|户主|本人|其子|其女|其夫|其妻|其父|其母|父母|儿子|女儿|丈夫|妻子|"
    r"父亲|母亲|为[^民]|是|因|在|于(?![都洪田谦])|至|到|从(?!化|江)|"
    r"往|由|赴|去|我院|我科|我市|我省|我县|及(?!第)|"
    r"与|和(?![平睦谐美田县顺静兴府])|或|跟|经(?![济开十])|遂|又|再|后(?!街|海|巷|山|庄)|即|被|该|本(?!溪)|某|"
    r"当地|外院|上级|下级|多家|多次|各|一家|几家|附近|附属于|"
    r"平素|长期|今日|昨日|今晨|目前|现(?!代)|原(?!平|阳|州)|请|并|均|已|"
    r"文化程度|文化|程度|学历|职业|初中|高中|小学毕业|退休于|曾任|为了|[的了着过就年月日时分岁男女]|"
    r"[是将把让使给向对所而但若如其他她它您你们这那谁每][^州县]"
)
_SUFFIX_ADMIN = (
    r"(?:特别行政区|自治区|自治州|自治县|自治旗|省|市|地区|新区|开发区|高新区|工业园区|工业园|园区|矿区|林区|区|"
    r"县|旗|盟|苏木|镇|乡|街道办事处|街道|办事处)"
)
_SUFFIX_VILLAGE = r"(?:村委会|居委会|行政村|自然村|村民小组|社区|嘎查|大队|生产队|新村|村|庄|屯|寨|坝|湾|堡|沟|组)"
_SUFFIX_ROAD = (
    r"(?:大道|大街|路|街|巷|弄|胡同|里弄|横街|中路|公路|环路|道(?=[\d一二三四五六七八九十])|里(?=\d)|坊(?=\d)|条(?=\d))"
)
_SUFFIX_HOUSE = (
    r"(?:小区|花园|家园|公寓|嘉园|花苑|雅苑|佳苑|新苑|名苑|苑|大厦|广场|山庄|别墅|国际|豪庭|华府|名城|新城|名邸|"
    r"宿舍|家属院|大院|院(?=\d)|轩(?=\d)|府(?=\d)|城(?=\d)|园(?=\d)|庭(?=\d)|湾(?=\d)|郡(?=\d)|居(?=\d)|"
    r"里(?=\d))"
)
_NUMBER = r"(?:[A-Za-z]?\d{1,5}|[一二三四五六七八九十百〇零]{1,4}|[A-Z甲乙丙丁东西南北](?=座|栋|幢|区|单元))"
_UNITS = r"(?:号院|号楼|号弄|支弄|号|弄|栋|幢|座|单元|楼|层|室|户|组|队|社|门|期|区|房|排|街坊|巷|条|村)"
_NUMBERED = rf"{_NUMBER}(?:[-—之/]{_NUMBER})*{_UNITS}(?:之{_NUMBER})?"
_BARE = r"\d{1,5}(?:-\d{1,5}){1,3}|(?<=[栋幢座元楼层室])[A-Z]?\d{1,5}"
_LAZY = r"(?:(?!{stop})[\u4e00-\u9fff0-9A-Za-z·]){{1,8}}?"
_PIECE = re.compile(
    rf"[ ]?(?:{_NUMBERED}|(?:(?!工作|务农|就诊|住院|出差|患者|打工|居住|出生|生活|入院|上学|经商|旅游|探亲|医院|"
    rf"大学|学院|中学|小学|公司|卫生|在|于|的|后|因|前往|"
    rf"人，|等|曾|有|无|及|与|为)[\u4e00-\u9fff·]){{1,7}}?"
    rf"(?:{_SUFFIX_ADMIN}|{_SUFFIX_VILLAGE}|{_SUFFIX_ROAD}|{_SUFFIX_HOUSE})|(?<=[路街道巷弄村组区园苑厦]){_BARE}|"
    rf"(?<=[号栋幢座元楼层]){_BARE})"
)
# A road, house or village followed by a number with its unit is an address wherever it stands.
_ANCHOR = re.compile(
    rf"(?:{_SUFFIX_ROAD}|{_SUFFIX_HOUSE}|{_SUFFIX_VILLAGE}|镇|乡)(?=[ ]?{_NUMBERED}|"
    rf"\d{{1,4}}-\d{{1,4}}(?:-\d{{1,4}})?(?!\d))"
)
_LABELLED = re.compile(
    r"(?:住址|地址|家庭住址|现住址?|常住地|户籍地?址?|户口所在地|户口地址|通讯地址|通信地址|联系地址|居住地|"
    r"家住|家住在|现居住?于?|居住于|住在|暂住地?|出生地|籍贯|工作地点|邮寄地址|收件地址|寄往)"
    r"[ \t]*(?:为|是|在|于)?[:：]?[ \t|]*((?:(?!，|,|。|;|；|\n|\t|电话|联系|邮编|手机|身份|职业|民族|婚|性别|"
    r"年龄|[ ]{2})[^\n]){2,50})"
)
# Units of a house one after another, whatever stands before them.
_UNITS_ALONE = re.compile(rf"{_NUMBERED}[ ]?(?:{_NUMBERED}|(?<=[号栋幢座元楼层])[A-Z]?\d{{2,5}})+")
_FROM = re.compile(
    rf"(?:家住|住在|住于|来自|居住在|居住于|老家在?|原籍|户籍|出生于|生于|生长于|长住|常住|久居|"
    rf"祖籍)({_HAN}{{2,12}}?(?:村|镇|乡|屯|寨|庄|街道|社区|县|区|市|省|州|"
    rf"旗))"
)
_SHORT_HOSPITAL = re.compile(r"(?:附[一二三四五六]|[一二三四五六七八九十])院(?![内感长士校子落里墙前外])")
_CODE = re.compile(r"(?:邮编|邮政编码|zip(?: code)?)[:： ]*(\d{5,6}(?:-\d{4})?)", re.IGNORECASE)
_HOSPITAL = re.compile(
    r"(?:医院(?!感染|获得|内|外|内感染|评审|等级|制剂|药房|信息|管理|规定)|卫生院|卫生服务中心|卫生中心|卫生服务站|"
    r"卫生所|卫生室|医务室|诊所|门诊部|疗养院|保健院|保健所|妇幼保健计划生育服务中心|"
    r"急救中心|血液中心|中心血站|疾控中心|"
    r"疾病预防控制中心|体检中心|健康管理中心|医疗中心|医学中心|康复中心|防治院|防治所|医学检验所|检验中心|"
    r"血透中心|协和|月子中心|护理院|安宁病房)(?:[\u4e00-\u9fff]{1,5}(?:院区|"
    r"分院))?(?:(?:（|\()[\u4e00-\u9fff]{1,6}(?:院区|分院)(?:）|\)))?"
)
_SCHOOL = re.compile(
    r"(?:大学|学院|中学|小学|幼儿园|托儿所|学校|职高|技校|卫校|党校|附中|附小|[一二三四五六七八九十]中(?=[，"
    r"。；、,\s读初高]|$)|实验小学)(?![生]|文化|学历|毕业|程度|以上|本科)"
)
_EMPLOYER = re.compile(
    r"(?:股份有限公司|有限责任公司|有限公司|分公司|总公司|公司(?!同事|领导|体检|职员|职工)|集团|事务所|研究所|"
    r"研究院|设计院|合作社|(?:公安|税务|教育|供电|财政|民政|交通|铁路|邮政|"
    r"国土|水利|林业|农业|气象|环保|卫生|工商|质监|城管|司法|检察|住建|建设|电力|烟草|盐务|地税|国税)分?局|"
    r"派出所|法院|检察院|银行(?!卡|账)(?:[\u4e00-\u9fff]{1,6}(?:支行|分行))?|支行|分行|电视台|报社|出版社|"
    r"杂志社|律所|(?:机械|化工|纺织|服装|电子|食品|水泥|钢铁|"
    r"玻璃|造纸|陶瓷|家具|制药|印刷|汽车|轴承|阀门|电器|皮革|鞋|砖|客车|服装|皮鞋|电子|仪表|钟表|自行车|摩托车|"
    r"面粉|饲料|化肥|农药|玻纤|电缆|水泵|轮胎|橡胶|毛巾|丝绸|砖瓦|石材|五金|塑料|玩具|酒|棉纺|农机|锅炉|造船|"
    r"炼油|发电|自来水)厂|"
    r"煤矿|矿务局|农场|林场|养老院|敬老院|福利院|养护院|康养中心|物业|超市|大酒店|酒店|宾馆|商场|饭店|批发市场|"
    r"农贸市场|部队|街道办|居委会|镇政府|乡政府|区政府|市政府|县政府|车站|车间|工会|"
    r"俱乐部|健身房)(?!附近|旁)"
)
_GENERIC = re.compile(
    r"(?:^|[省市县区镇乡])?(?:一|几|两|多|某|外|我|本|该|当地|上级|下级|各|大型|小型|专科|综合|三甲|二甲|三级|"
    r"二级|甲等|社区|乡镇|私人|私立|民营|公立|个体|基层|其他|其它|乡|"
    r"镇|县|市|省|区|村|当地县|当地市|外地|国内|国外|省内|多家|知名|各大|大|小|中|医科|老年|在读|上|读|"
    r"正规|哪家|哪个|哪些|最好|好|专业|医保|妇科|男科|性病|今天|昨天|去|普通|建筑|保险|装修|外贸|物流|科技|"
    r"互联网|软件|快递|家政|劳务|房产|广告|清洁|国有|私营|个人|商业|任何|转诊|转|"
    r"指定|定点|就近|附近|原|住|到|门|急|院前|家庭|全|医学院?|附属)*"
)
_DEPARTMENT = re.compile(
    r"(?:(?:心血管|心脏|消化|呼吸|神经|肾脏?|血液|内分泌|风湿|感染|普通?|肝胆|胃肠|泌尿|骨|胸|乳腺|甲状腺|血管|"
    r"整形|烧伤|肛肠|妇|产|儿|新生儿|小儿|老年|急诊|重症|肿瘤|放射|介入|"
    r"康复|中医|皮肤|眼|耳鼻喉头?颈?|口腔|麻醉|疼痛|超声|影像|检验|病理|核医学|输血|药剂|营养|心理|精神|全科)"
    r"[内外一二三四五六七八九十免疫性病医学血科]{0,6}(?:科|病区|病房|中心)|ICU|CCU|NICU|EICU|"
    r"RICU)(?:[一二三四五六七八九十\d]{1,2}(?:科|病区|病房|区))?"
)


def find(text: str, codes: npt.NDArray[np.uint32], categories: frozenset[str]) -> Iterator[Span]:
    """Chinese addresses and organisations.

    Parameters
    ----------
    text : str
        In `plain` form.
    codes : (len(text),) uint32
        Its code points.
    categories : frozenset of str
        Those asked for; departments are sought only where they are.

    Yields
    ------
    Span
    """
    book = places()
    yield from _addresses(text, codes, book)
    yield from _organisations(text, _HOSPITAL, "hospital", 24)
    for found in _SHORT_HOSPITAL.finditer(text):
        start = left_edge(text, found.start(), 4)
        if start < found.start():
            yield Span(start, found.end(), "hospital", "place.hospital_short", 0.8)
    yield from _organisations(text, _SCHOOL, "organisation", 16)
    yield from _organisations(text, _EMPLOYER, "organisation", 18)
    if "department" in categories:
        for found in _DEPARTMENT.finditer(text):
            yield Span(*found.span(), "department", "place.department", 0.7)


def _addresses(text: str, codes: npt.NDArray[np.uint32], book: PlaceBook) -> Iterator[Span]:
    reached = 0
    for start, end in book.hits(text, codes):
        if start < reached or (
            text[start:end] == "长春" and text[end : end + 2] in ("新碱", "西汀", "瑞滨", "地辛", "花碱")
        ):
            continue
        reached = _continued(text, end)
        # A name of two characters alone may be part of a word: it needs its suffix, a cue or more of an address.
        yield Span(start, reached, "address", "address.place", 0.85 if reached - start > 3 else 0.75)
    for found in _ANCHOR.finditer(text):
        start = left_edge(text, found.start(), 14)
        if found.start() - start >= 1:
            yield Span(start, _continued(text, found.end()), "address", "address.road", 0.8)
    for found in _LABELLED.finditer(text):
        words = found[1].rstrip(" |")
        if re.search(r"[省市区县镇乡村路街号楼室州盟旗京海津庆]|\d", words):
            yield Span(found.start(1), found.start(1) + len(words), "address", "address.label", 0.84)
        elif len(words) <= 8 and re.fullmatch(rf"{_HAN}+", words):
            yield Span(found.start(1), found.start(1) + len(words), "address", "address.label", 0.7)
    for found in _UNITS_ALONE.finditer(text):
        start = left_edge(text, found.start(), 10)
        yield Span(start, _continued(text, found.end()), "address", "address.units", 0.8)
    for found in _FROM.finditer(text):
        yield Span(found.start(1), _continued(text, found.end()), "address", "address.from", 0.8)
    for found in _CODE.finditer(text):
        yield Span(*found.span(1), "address", "address.postcode", 0.93)


def _continued(text: str, end: int) -> int:
    while (piece := _PIECE.match(text, end)) is not None and piece.end() > end:
        end = piece.end()
        if text[end : end + 1] in ("县", "区", "市", "镇", "乡", "村") and text[end - 1] in "苑园城山湾庄堡沟坝寨":
            end += 1  # the piece was the name of what follows: 清苑县
    return end


def left_edge(text: str, end: int, most: int) -> int:
    """Where a name that ends at `end` begins: after a mark, a word that no name holds, or `most` characters.

    Parameters
    ----------
    text : str
    end, most : int

    Returns
    -------
    int
    """
    begin = end
    while begin > 0 and end - begin < most and ("\u4e00" <= text[begin - 1] <= "\u9fff" or text[begin - 1].isalnum()):
        begin -= 1
    for stop in _STOP.finditer(text, max(0, begin - 3), end):
        begin = max(begin, stop.end())
    return begin


def _organisations(text: str, pattern: re.Pattern[str], category: str, most: int) -> Iterator[Span]:
    for found in pattern.finditer(text):
        start = left_edge(text, found.start(), most)
        named = text[start : found.start()]
        generic = _GENERIC.match(named)
        bureau = named[-1:] in "市县区省镇乡" and named and found[0].endswith(("局", "政府"))
        if bureau:
            yield Span(start, found.end(), category, f"place.{category}", 0.8)
            continue
        if sum("\u4e00" <= sign <= "\u9fff" for sign in named) < 2 or (
            generic is not None and generic.end() == len(named)
        ):
            continue
        yield Span(start, found.end(), category, f"place.{category}", 0.86)
