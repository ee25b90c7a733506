"""Names of persons in Han characters: by cue, by title, by the model, and again wherever a found name recurs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import numpy as np
import numpy.typing as npt

from bencao.records.deidentify.finding.lexicon import ward_words
from bencao.records.deidentify.finding.names.model import NameModel, name_model
from bencao.records.deidentify.span import Span

_HAN = r"[\u4e00-\u9fff]"
# Probabilities from which the model is believed, by what stands around.
AFTER_ROLE, BEFORE_TITLE, AT_START, ELSEWHERE = 0.02, 0.04, 0.03, 0.1
SURE = 0.6  # what begins with a word of the ward must reach this
_LABEL = re.compile(
    r"(?:姓[ ]{0,6}名|患者姓名|名字|曾用名|又名|乳名|小名|原名|联系人|监护人|委托人|被委托人|受托人|户主|"
    r"陪护人?|供史者|"
    r"陈述者|申请人|送检人|代理人|负责人|签字|签名|签章|签署|记录者?人?|"
    r"书写者?|审核者?人?|报告者?人?|检查者|检查医师|随访[人者]|主持人?|参加人员|司机|组长|医助|汇报人?|书记员|"
    r"送检者|护送人|陪送人|患者|患儿|产妇|操作者|执行者|核对者|"
    r"术者|手术者|巡回|器械|洗手|刷手|主管|指导者?|被保险人|投保人|主刀|一助|二助|三助|助手|麻醉者|采集者?|"
    r"录入者?|登记者?|诊断者|医师|医生|护士|护士长|主任|技师|药师|检验者|复核者?|"
    r"批准者?|接诊者?|交班者?|接班者?|配偶|父亲|母亲|丈夫|妻子|儿子|女儿|关系人|见证人|翻译|收件人|寄件人|"
    r"经办人|会诊者)"
    r"(?:\([^()\n]{1,6}\))?[ \t]*[:：/][ \t\n]{0,4}"
    rf"({_HAN}{{2,4}}(?![\u4e00-\u9fff:：]| ?[:：])|{_HAN} {{1,4}}{_HAN}(?: ?{_HAN})?(?![\u4e00-\u9fff])|"
    rf"{_HAN}{{2,3}}(?=男|"
    rf"女|性别|年龄|电话|与患者|关系|签|日期|科室|住院|医师|医生|护士|主任))"
    rf"|(?:姓名|联系人|签名)({_HAN}{{2,4}})(?=[,，]|性别|年龄|男|女|[ ]|$)"
)
_LIST = re.compile(rf"[、,，/ ]({_HAN}{{2,4}})(?![\u4e00-\u9fff:：]| ?[:：])")
_NOT_NAMES = re.compile(
    r"[男女未无不已否有是见详同左右双本上下自他她正阴阳]|(?:麻醉|主治|住院|主任|责任|器械|巡回|手术|副)|头|心|"
    r"肝|患者|病人|家属|医[师生]|主任|护士|签[字名]|日期|时间|年龄|性别|科室|"
    r"病区|床|儿子|女儿|丈夫|妻子|父亲|母亲|父母|配偶|兄|弟|姐|妹|朋友|同事|电话|暂|待|如|另|附|其"
)
_TITLES = (
    r"(?:副?主任(?:医师|护师|药师|技师)?|主治(?:医师)?|医师|医生|大夫|教授|副教授|护士长?|护师|护工|药师|技师|"
    r"技术员|住院医|院长|副院长|书记|科长|所长|处长|局长|校长|队长|警官|"
    r"民警|律师|经理|老板|总监|博士|老师|师傅|同志|先生|女士|小姐|太太|夫人|"
    r"阿婆|阿公|阿妈|阿爸|大嫂|大婶|嫂子|婶(?!婶)|嫂(?!嫂)|姨(?![妈夫父母])|小朋友|宝宝|家长|女婴|男婴|研究员|工程师|法官|检察官|书记员|"
    r"站长|厂长|村长|镇长|县长|市长|区长|部长|董事长|总经理|店长|园长|班长|组长|社工|助理|法师|神父|牧师|"
    r"阿姨|大爷|大妈|大娘|大伯|大叔|大姐|大哥|奶奶|爷爷|伯伯|叔叔|姥姥|婆婆|哥(?!哥)|姐(?!姐)|总(?=[，。、]|"
    r"要求|指示)|老(?=[，。、查指])|氏(?=[，。、（(]))"
)
# Surnames that are words of grammar: before a title they are a surname only where no Han character goes before.
_GRAMMAR = frozenset("于和向由经应但从曾及与对将")
_WORD_BEFORE = re.compile(
    r"(?:[值当接交晚夜白早中同全领]班|[主分专接保尿血气胆导胃插拔双托看监]管|[病查产手换药库楼厂]房|"
    r"[责主担前现历兼委信]任|[专部开肛幽入出热]门|[了理讲]解|[上下四]支|[检抽复筛调审]查|"
    r"[四每]周|[课流工过疗]程|[替更年]代|[相有无]关|"
    r"[不公治]安|[水公]平|[外内简名清订]单|[药处配]方|[及小同]时|[安完]全|[完组]成|[过术病疗全行导]程|[代感]谢|"
    r"[脐肛环一]周|[胃鼻上蝶筛额颌冠]窦|[紧曲扩舒夸]张|[贲]门|帕金|[结胆肾]石|"
    r"[至由限等位对助处过属关]于|[边]界|[正非日经]常|[说证表声文]明|[理反适]应|[百千]万|[义劳雇]务|[允也]许|"
    r"[还]原|[等守]候)$"
)
# Words that the model takes for names where nothing is around to tell.
_WORDS = re.compile(
    r"谢谢|马上|您好|可以|成功|代诉|项目|申请|何时|相鉴|相似|毛[糙发细玻]|年[龄纪]|体[温重格检]|空腹|"
    r"血[钾钠糖压红脂常]|肌酐|史[不无]|边[坐]|天门|门诊|性别|电话|老师|曾[在于行有经因用患]|白天|时[进有间而]|"
    r"但[发无未不仍可因]|于(?:全|约|我|外|当|门|术|左|右|入|下|"
    r"上|昨|今|睡)|全[麻身腹部]|平[喘卧素时稳]|查[体血尿心房看]|"
    r"高[龄血脂热位度]|应[先予及]|易[饥怒感]|双[侧肺下上]|"
    r"常[规见有于]|明[显确日]|余[未无同]|单[侧纯发次]|向[患家其]|由[于家]|和[家]|成[人分]|张[力口]|白[细蛋]|"
    r"左[侧肺上下]|艾[恒奕滋]|周[围期边身]|边[界缘]|包[块绕括]|"
    r"黄[疸染]|水[肿样]|安[全静宫]|经[治皮]|方[案法式]|门[诊静]|相[关应对]"
)
_MOU = re.compile(
    r"某{1,2}(?:[\u4e00-\u9fff](?=[,，。)）、\s]))?(?!种|些|地|院|月|日|年|个|处|医院|公司|单位|侧|天|次|时|项|类|型|市|县|厂|校|区)|"
    r"[XxＸ×*＊○]{1,2}(?![A-Za-z0-9×xX])"
)
_PERSONS = (
    r"才仁|拉毛|乌仁|扎西|卓玛|次仁|多吉|格桑|尼玛|拉姆|旺堆|丹增|洛桑|央金|白玛|达瓦|巴桑|米玛|边巴|普布|平措|"
    r"顿珠|曲珍|德吉|"
    r"仁青|仁增|索朗|索南|旺姆|旺久|旺杰|强巴|加措|嘉措|才让|才旦|卓嘎|拉珍|"
    r"益西|贡布|贡觉|罗布|欧珠|群培|群宗|桑吉|桑珠|"
    r"三智|吉美|晋美|江村|泽仁|泽旺|东周|南杰|南木加|措姆|措毛|吉毛|云丹|龙珠|阿旺|赤列|曲扎|曲吉|其美|土登|"
    r"土旦|单增|坚参|坚赞|根敦|更登|嘎玛|嘎松|拉巴|巴珠|彭措|朗杰|"
    r"巴特尔|其其格|乌兰|娜仁|格日勒|格日乐|苏日娜|斯琴|高娃|朝鲁|宝音|那日苏|阿拉坦|乌云|萨仁|图雅|呼和|巴雅尔|"
    r"额尔德尼|哈斯|牧仁|孟和|布和|青格勒|敖登|塔娜|托娅|乌日娜|乌力吉|满都拉|"
    r"巴图|毕力格|德力格尔|特木尔|铁木尔|陶格斯|萨日娜|"
    r"莎日娜|通拉嘎|吉日嘎拉|斯日古楞|苏和|恩和|查干|白音|巴根|朝克图|达来|道尔吉|宝力高|赛罕|阿古拉|其木格|"
    r"那仁|苏布德|阿荣|"
    r"买买提|艾买提|阿卜杜|阿布都|阿不都|吐尔逊|吐尔洪|古丽|阿依|艾山|玉素甫|努尔|热合曼|热依|帕提|帕尔哈提|"
    r"迪丽|麦麦提|买合木提|依明|伊明|库尔班|木合|卡德尔|卡迪尔|沙吾提|肉孜|尼亚孜|"
    r"依布拉|亚森|亚生|马木提|艾合买提|艾尼|吾买尔|乌斯曼|"
    r"哈力|哈丽|巴哈|迪力|阿曼|阿扎提|古力|米娜|祖丽|热孜|茹仙|玛依|布威|布祖|沙拉|托乎提|吐逊|图尔荪|图尔贡|"
    r"如则|努日|迪亚尔|叶尔|别克|赛买提|热西提|加马力|克力木|海力力|阿力木|阿迪力|"
    r"艾力|麦提|木江|克孜|米吉提|拜尔|热木|夏提|木拉提|哈提"
)
_HEADS = "[{}](?=[{}])".format(
    "".join(sorted({name[0] for name in _PERSONS.split("|")})),
    "".join(sorted({name[1] for name in _PERSONS.split("|")})),
)
_PEOPLES = re.compile(rf"(?={_HEADS})(?:{_PERSONS}){{2,5}}(?:江|汗|罕|木|提|尔|加|吉|太|措|毛|杰)?")
_PEOPLE_CUED = re.compile(
    rf"(?={_HEADS})(?:(?<=患者)|(?<=病人)|(?<=姓名)|(?<=医[师生])|(?<=主任)|(?<=护士)|(?<=家属)|"
    rf"(?<=[人子女亲夫妻弟妹兄姐：:(（\n，"
    rf"、由请与和]))(?:{_PERSONS})(?=[，,。、（(）)\s；;]|医[师生]|主任|护士|$)"
)
_PARENT_OF = re.compile(rf"(({_HAN})\2)(?=妈妈|爸爸|奶奶|爷爷|姥姥|外婆|家长)")
_NICKNAME = re.compile(
    rf"(?:患儿|小名|乳名|昵称|宝宝|女儿|儿子|孙女|孙子|小朋友)[:：“\"]?(({_HAN})\2)(?![\u4e00-\u9fff])"
)
_CALLED_A = re.compile(
    rf"(?:(?<![\u4e00-\u9fff])|(?<=[见叫喊呼找托报由请问跟和与让给把被]))阿({_HAN}{{1,2}}?)(?=[:：,，、。;；！？\s]|独坐|目前|今|昨|诉|说|"
    rf"称|自述|要求|可以|已|来电|先|$)"
)
_CLOSING = re.compile(r"拜上|敬上|谨上|顿首|谨启|敬启|叩上|手书|谨呈|敬呈")
_CLOSED = re.compile(rf"(?<![\u4e00-\u9fff])({_HAN}{{1,4}})[ \t]*$")
# A surname alone: after a role, or before what is said in minutes.
_SURNAME_ALONE = re.compile(
    rf"(?:记录者?|申请者?|申请医[师生]|审核者?|核对者?|报告者?|医[师生]|检验者?|签名|值班|主持|接班|交班|操作者?|术者|患者|病例|责护)"
    rf"[:：][ \t]*({_HAN})(?=[\s,，。;；|/]|$)|^[ \t]*({_HAN})[:：](?=[^\n])|(?:记录者|申请者|报告者|审核者|"
    rf"检验者|操作者)[ \t]+({_HAN})(?=\s|$)"
    rf"|(?:^|[。；;\n]|表)[ \t]*({_HAN})[ \t]+(?:核对|审核|复核|签名)(?=\s|$)",
    re.MULTILINE,
)
# Names with a part hidden, names in the fields of an export, names on a wrist band with carets.
_HIDDEN = re.compile(rf"({_HAN})[*＊×○XxＸ]{{1,2}}({_HAN}?)(?![\u4e00-\u9fffA-Za-z\d])|({_HAN})[*＊×○]{{1,2}}({_HAN})")
_FIELD = re.compile(
    rf"(?:name|contact|doc(?:tor)?(?:_cn)?|nurse|oper(?:ator)?|patient|user|signer|author|xm|"
    rf"姓名)\w*[\"']?[ ]?[=:][ ]?[\"']?({_HAN}{{2,12}}(?:·{_HAN}{{1,12}}){{0,2}})",
    re.IGNORECASE,
)
_CARETS = re.compile(rf"(?<![\u4e00-\u9fff])({_HAN}{{2,6}})(?=\^)|(?<=\^)({_HAN}{{2,6}})(?=[|^\n]|$)")
_SPACED = re.compile(
    rf"(?:^|[\n|:：,，、;；\t]|[名人者师员生士]| {{2}})[ \t]*({_HAN}[ \t]{{1,4}}{_HAN})(?=[ \t]*(?:[,，;；|"
    rf"（(\n]|$)|[ \t]+(?:男|女|性别|\d|"
    rf"[一二三四五六七八九十]{{1,3}}岁|生后|诊断|床|年龄|科|[A-Z]))",
    re.MULTILINE,
)
_SMALL = re.compile(
    rf"(?:患儿|女儿|儿子|孙女|孙子|之子|之女|宝宝)(?:(小{_HAN})(?![时便腿儿])|"
    rf"((?![常刚天渐偶时往仅多稍略次日])({_HAN})\3))"
    rf"|(?:保姆|护工|邻居|妹妹|姐姐|阿姨|嫂子)(阿{_HAN})"
)
# Characters that spell the sounds of foreign names.
_SOUNDS = frozenset(
    "约阿埃艾爱安奥巴白拜班邦保贝本比彼毕宾波伯博勃布查楚茨达戴丹道德登迪蒂丁顿多杜厄恩尔法凡范菲芬丰佛夫弗福甫富盖甘冈高戈哥格根贡古瓜圭哈"
    "海汉豪赫黑亨洪侯胡华怀霍基吉季济加贾杰金津卡凯坎康考科可克肯孔库夸奎拉莱赖兰朗劳勒雷里理利莉丽连良列烈林隆卢鲁路吕伦罗洛马玛迈麦曼茂"
    "梅门蒙米敏明莫默墨穆姆木内纳娜南尼妮年宁纽努诺帕潘庞佩彭皮平珀普奇齐恰钱强乔切琴琼丘热荣瑞若萨塞赛桑瑟森沙莎珊尚舍申生圣施石史舒朔思"
    "斯丝司苏索塔泰坦汤唐陶特滕提蒂廷通图土吐托瓦万旺威韦维魏温文翁沃乌吾武西希锡夏香祥肖谢辛兴休雪逊雅亚扬杨耶叶伊依易因英尤于约宰泽扎詹"
    "张珍真芝治朱兹宗祖佐买依力汗江热娃木孜克不都合买提买明吉莫嘎措姆玉珠旦巴桑次仁央卓"
)
_DOTTED = re.compile(rf"{_HAN}{{1,10}}(?:·{_HAN}{{1,12}}){{1,3}}")
_BEFORE_NAME = re.compile(
    r"患者|病人|患儿|产妇|家属|其?(?:妻子?|丈夫|夫|儿子|女儿|子|女|父亲?|母亲?|弟弟?|妹妹?|哥哥|兄|姐姐?)|"
    r"(?:副?主任|主治|住院|麻醉|经治|管床|责任|上级|会诊|副)*(?:医师|"
    r"医生|护士长?|教授|主任)|姓名|联系人|由|经|请|与|和|同|告知|为|是|名叫|叫|监护人|签名|及|今日|今|嘱|向|对|"
    r"邻居|同事|同学|朋友|护工|陪护|记录者?|术者|助手"
)
_AFTER_NAME = re.compile(
    r"(?:医师|医生|主任|护士|教授|大夫|先生|女士|同志|老师|查房|会诊|诉|自诉|要求|表示|同意|拒绝|签|陪|代|因|于|"
    r"的|在|为|将|已|与|和|及|等|到|送|住|系|有|无|对|男|女|现|今|"
    r"患者|入院|出院|综合征|病|征|氏|试验|评分|[一二三四五六七八九十]+岁)"
)
_EPONYM = re.compile(
    r"(?:综合征|氏|病|征|现象|试验|评分|反应|细胞|菌|法|术|瘤|体|孔|管|带|线|点|分级|指数|量表|染色|小体|骨折)"
)


def find(text: str, places: npt.NDArray[np.intp], scores: npt.NDArray[np.float32]) -> list[Span]:
    """Names of persons in Han characters.

    Parameters
    ----------
    text : str
        In `plain` form.
    places, scores : arrays
        What `NameModel.scores` says of the text.

    Returns
    -------
    list of Span
    """
    model = name_model()
    found = [
        *_labelled(text),
        *_modelled(text, places, scores, model),
        *_titled(text, places, model),
        *_of_peoples(text),
        *_standing_alone(text),
    ]
    return [*found, *_repeated(text, found)]


def _labelled(text: str) -> Iterator[Span]:
    for found in _LABEL.finditer(text):
        group = 1 if found[1] else 2
        if _NOT_NAMES.match(found[group]) or _WORDS.match(found[group]):
            continue
        open_label = text.startswith(_ANYBODY, found.start())
        if not open_label and not _begins_like_a_name(found[group]):
            continue
        yield Span(*found.span(group), "name", "name.label", 0.96)
        end = found.end(group)
        while (
            (more := _LIST.match(text, end)) and more[1][0] in name_model().surnames and not _NOT_NAMES.match(more[1])
        ):
            yield Span(*more.span(1), "name", "name.list", 0.9)
            end = more.end()


_ROLE = re.compile(
    r"(?:患者|病人|患儿|产妇|医师|医生|主任|护士|护士长|教授|姓名|家属|陪护人?|联系人|监护人|邻居|同事|同学|"
    r"朋友|同村|老乡|工友|护工|保姆|司机|妻子?|丈夫|儿子|女儿|父亲|母亲|"
    r"[其之][妻夫子女父母弟兄姐妹]|弟弟|哥哥|姐姐|妹妹|儿媳|女婿|爱人|配偶|"
    r"抄送|术者|助手|记录者?|审核者?|签名|签字|代签|名叫|叫做|收件人|老师|院|科|床|组长)[\s:：/]{0,3}$"
)


# After these any two to four characters are a name, whatever they begin with.
_ANYBODY = ("姓", "患者姓名", "名字", "曾用名", "又名", "乳名", "小名", "联系人", "患者", "患儿")


def _begins_like_a_name(words: str) -> bool:
    model = name_model()
    return words[0] in model.surnames or words[:2] in model.compounds


def _modelled(
    text: str, places: npt.NDArray[np.intp], scores: npt.NDArray[np.float32], model: NameModel
) -> Iterator[Span]:
    reached = 0
    for row in np.flatnonzero(scores[:, 0] < 1 - AFTER_ROLE).tolist():
        start = int(places[row])
        likely = 1 - float(scores[row, 0])
        if start < reached:
            continue
        length = _length(text, start, scores[row], model)
        if length < 2 or likely < _threshold(text, start, start + length):
            continue
        if _WORD_BEFORE.search(text[max(0, start - 1) : start + 1]) or _WORDS.match(text, start):
            continue
        word = next((one for one in ward_words().get(text[start : start + 2], ()) if text.startswith(one, start)), "")
        if len(word) > 2 or (word and likely < SURE):
            continue
        reached = start + length
        yield Span(start, reached, "name", "name.model", round(max(0.5, likely * 0.9), 3))


def _threshold(text: str, start: int, end: int) -> float:
    """The less a context speaks for a name, the surer the model must be."""
    if _ROLE.search(text, max(0, start - 8), start):
        return AFTER_ROLE
    if _TITLE.match(text, end):
        return BEFORE_TITLE
    return AT_START if start == 0 or text[start - 1] in "\n、/。;；" else ELSEWHERE


def _length(text: str, start: int, scores: npt.NDArray[np.float32], model: NameModel) -> int:
    """The likeliest length that leaves only Han characters in the name; 0 where none does."""
    run, most = 1, scores.shape[0]
    while run < most and start + run < len(text) and "\u4e00" <= text[start + run] <= "\u9fff":
        run += 1
    if run < 2 or _TITLE.match(text, start + 1):
        return 0  # a surname before a title is no whole name: 王主任
    length = int(scores[1:run].argmax()) + 2
    if length == 2 and run == 3 and text[start + 2] not in _AFTER and not _TITLE.match(text, start + 2):
        return 3  # one character before a mark is rather the name's than a word
    if length == 2 and run > 2 and text[start : start + 2] in model.compounds and not _TITLE.match(text, start + 2):
        return 3
    return length


_TITLE = re.compile(_TITLES)
_GIVEN_TITLE = re.compile(rf"{_HAN}{{1,2}}?(?={_TITLES})")
# A name at the start of a line of particulars, or alone at the end of a note.
_ALONE = re.compile(
    rf"(?:^|\n)[ \t|]*({_HAN}{{2,3}})(?=[ \t,，|]+(?:男|女|\d|[A-Z]{{1,3}}\d|\())|[。\n;；.][ "
    rf"\t]*({_HAN}{{2,3}})(?=\s*(?:\d{{2,4}}[-年/.][\d年月日:./\- ]{{0,20}})?\s*$)"
)
_AFTER = frozenset("诉签说示述代来陪在等及与和查男女某称问答到于因的是为将有无要嘱予行做拟系也已曾现今均")


def _given_alone(text: str, given: set[str]) -> Iterator[Span]:
    """Given names of those found, standing alone at the beginning of a clause: 子豪化疗第5天."""
    for name in sorted(given):
        if ward_words().get(name) or _WORDS.match(name):
            continue
        at = text.find(name)
        while at >= 0:
            if at == 0 or text[at - 1] in "，,、。；;：:\n @“(（":
                yield Span(at, at + 2, "name", "name.given", 0.75)
            at = text.find(name, at + 2)


def _titled(text: str, places: npt.NDArray[np.intp], model: NameModel) -> Iterator[Span]:
    for start in places.tolist():
        for length in (2, 1):
            surname = text[start : start + length]
            if surname not in (model.compounds if length == 2 else model.surnames):
                continue
            end = start + length
            if length == 2 and (given := _GIVEN_TITLE.match(text, end)) is not None:
                yield Span(start, given.end(), "name", "name.title", 0.85)
                break
            if (some := _MOU.match(text, end)) is not None and _may_be_surname(text, start, surname):
                yield Span(start, some.end(), "name", "name.some", 0.9)
                break
            if (
                _TITLE.match(text, end)
                and not text.startswith("班主任", start)
                and _may_be_surname(text, start, surname)
            ):
                yield Span(start, end, "name", "name.title", 0.85)
                break
        if start and text[start - 1] in "老小" and text[start] in model.surnames and _is_familiar(text, start):
            yield Span(start, start + 1, "name", "name.familiar", 0.8)


def _is_familiar(text: str, start: int) -> bool:
    before = text[start - 2 : start - 1]
    if before in "：:述阅床" and text[start] not in "时便腿肠脑叶结于平房米麦型孔管口心支关全单方包":
        return True
    after = text[start + 1 : start + 2]
    return (not before or before in "，。、；：:\n（( 由与和请同叫找向跟是嘱的事居友工见托报呼@") and (
        not after or after in "，。、；：:\n）) 说诉来在与和也等于查陪送目现今独又仍已不没"
    )


def _may_be_surname(text: str, start: int, surname: str) -> bool:
    if _WORD_BEFORE.search(text[max(0, start - 1) : start + 1]):
        return False
    before = text[start - 1] if start else "\n"
    if surname in _GRAMMAR:
        return not ("\u4e00" <= before <= "\u9fff") or before in "由经请与同随遵叫找是嘱意告知个位给跟报问"
    return True


def _standing_alone(text: str) -> Iterator[Span]:
    for found in _ALONE.finditer(text):
        group = 1 if found[1] else 2
        name = found[group]
        usual = any(name.startswith(word) for word in ward_words().get(name[:2], ()))
        if name[0] in name_model().surnames and not (usual or _NOT_NAMES.match(name) or _WORDS.match(name)):
            yield Span(*found.span(group), "name", "name.alone", 0.8)


def _of_peoples(text: str) -> Iterator[Span]:
    for found in _PEOPLES.finditer(text):
        yield Span(*found.span(), "name", "name.peoples", 0.85)
    for found in _PEOPLE_CUED.finditer(text):
        yield Span(*found.span(), "name", "name.peoples", 0.85)
    for found in _PARENT_OF.finditer(text):
        yield Span(*found.span(1), "name", "name.nickname", 0.8)
    if "^" in text:
        for found in _CARETS.finditer(text):
            yield Span(*found.span(1 if found[1] else 2), "name", "name.carets", 0.92)
    for found in _NICKNAME.finditer(text):
        yield Span(*found.span(1), "name", "name.nickname", 0.8)
    if "阿" in text:
        for found in _CALLED_A.finditer(text):
            yield Span(*found.span(1), "name", "name.nickname", 0.8)
    for closing in _CLOSING.finditer(text):
        first = max(0, closing.start() - 8)
        found_before = _CLOSED.search(text[first : closing.start()])
        if found_before is not None and _begins_like_a_name(found_before[1]):
            yield Span(first + found_before.start(1), first + found_before.end(1), "name", "name.closing", 0.85)
    surnames = name_model().surnames
    for found in _SURNAME_ALONE.finditer(text):
        group = next(number for number in (1, 2, 3, 4) if found[number])
        if found[group] in surnames and found[group] not in "方法印按经别时诊从但何相全应过向都":
            yield Span(*found.span(group), "name", "name.surname_alone", 0.8)
    if "*" in text or "×" in text or "X" in text or "○" in text or "x" in text:
        for found in _HIDDEN.finditer(text):
            if (found[1] or found[3]) in surnames:
                yield Span(*found.span(), "name", "name.hidden", 0.92)
    if "=" in text or ":" in text:
        for found in _FIELD.finditer(text):
            yield Span(*found.span(1), "name", "name.field", 0.9)
    for found in _SPACED.finditer(text):
        if (
            found[1][0] in name_model().surnames
            and not _NOT_NAMES.match(found[1])
            and not _NOT_NAMES.match(found[1][-1])
        ):
            yield Span(*found.span(1), "name", "name.spaced", 0.8)
    for found in _SMALL.finditer(text):
        group = next(number for number in (1, 2, 4) if found[number])
        yield Span(*found.span(group), "name", "name.nickname", 0.8)
    if "·" not in text:
        return
    for found in _DOTTED.finditer(text):
        first, last = found[0].index("·"), found[0].rindex("·")
        start = max((cue.end() for cue in _BEFORE_NAME.finditer(found[0], 0, first)), default=0)
        while first > start and found[0][start] not in _SOUNDS:
            start += 1
        if start == first:
            start = 0
        end = last + 1
        while end < len(found[0]) and found[0][end] in _SOUNDS:
            end += 1
        after = _AFTER_NAME.search(found[0], last + 2, end)
        end = after.start() if after else max(end, last + 2)
        if _EPONYM.match(text, found.start() + end):
            continue
        yield Span(found.start() + start, found.start() + min(end, last + 9), "name", "name.dotted", 0.92)


def _repeated(text: str, found: Iterable[Span]) -> Iterator[Span]:
    """Every other place where a name stands that was found for sure once."""
    sure = {text[span.start : span.end] for span in found if span.score >= 0.6 and span.end - span.start >= 2}
    yield from _given_alone(text, {name[1:] for name in sure if len(name) == 3 and "某" not in name})
    for name in sorted(sure):
        if len(name) == 2 and name[1] == "某":
            continue
        at = text.find(name)
        while at >= 0:
            yield Span(at, at + len(name), "name", "name.repeated", 0.8)
            at = text.find(name, at + len(name))
