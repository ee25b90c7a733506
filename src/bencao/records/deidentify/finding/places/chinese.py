"""Chinese addresses and place names, hospitals, schools and employers; what begins them is found by walking left."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bencao.records.deidentify.finding.lexicon import PlaceBook, places, word_set
from bencao.records.deidentify.finding.starts import Searched, form
from bencao.records.deidentify.span import Span

_HAN = r"[\u4e00-\u9fff]"
# Words that no name of a place, road or house begins with or holds.
_STOP = re.compile(
    r"患者|病人|根据|签约|保送|患儿|家属|家住|现住址?|住址|地址|居住地?|住所|籍贯|户籍地?|户口|出生地|出生|就诊|接诊|转诊|居(?=[\u4e00-\u9fff]{2}[市区县])|住(?!总|建)|"
    r"来(?=[在到])|独居|转入|转至|"
    r"转往|转院|转到|入住|入院|住院|出院|急诊|门诊|就读|工作|务农|任职|供职|职工|单位|"
    r"退休|毕业|来自|位于|前往|曾|送至|送往|送到|送入|送|收入|收住|收治|随访|复查|检查|行|予|治疗|手术|体检|"
    r"诊断|介绍|外出|出差|旅游|打工|返回|回到|途经|路过|务工|经商|上学|上班|学习|就职|服务|"
    r"联系|电话|邮寄|寄至|寄往|寄到|快递|收件|户主|本人|其子|其女|其夫|其妻|其父|其母|父母|儿子|女儿|丈夫|妻子|"
    r"父亲|母亲|为[^民]|是|因|在|于(?![都洪田谦])|至|到|从(?!化|江)|"
    r"往|由|赴|去|我院|我科|我市|我省|我县|及(?!第)|"
    r"与|和(?![平睦谐美田县顺静兴府])|或|跟|经(?![济开十])|遂|又|再|后(?!街|海|巷|山|庄)|即|被|该|本(?!溪)|某|"
    r"当地|外院|上级|下级|多家|多次|各|一家|几家|附近|附属于|"
    r"平素|长期|今日|昨日|今晨|目前|现(?!代)|原(?!平|阳|州)|请|并|均|已|"
    r"文化程度|文化|程度|学历|职业(?!病)|初中|高中|小学毕业|退休于|曾任|为了|[的了着过就年月日时分岁男女]|"
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
    r"(?:古城|老城|县城|城关|家属楼|职工楼|小区|公馆|雅居|丽舍|水岸|新邨|坊|大楼|商城|市场|花园|家园|公寓|嘉园|花苑|雅苑|佳苑|新苑|名苑|苑|大厦|广场|山庄|别墅|国际|豪庭|华府|名城|新城|名邸|"
    r"宿舍|家属院|大院|院(?=\d)|轩(?=\d)|府(?=\d)|城(?=\d)|园(?=\d)|庭(?=\d)|湾(?=\d)|郡(?=\d)|居(?=\d)|"
    r"里(?=\d))"
)
_NUMBER = r"(?:[A-Za-z甲乙丙丁]?\d{1,5}|[一二三四五六七八九十百〇零]{1,4}|[A-Z甲乙丙丁东西南北](?=座|栋|幢|区|单元))"
_UNITS = (
    r"(?:号院|号(?=附)|附?号|号楼|号弄|支弄|号|弄|栋|幢|座|单元|楼|层|室|户|组|委|队|社|门|期|区|房|排|街坊|巷|条|村)"
)
_NUMBER_WITH_UNIT = rf"{_NUMBER}(?:[-—之/]{_NUMBER})*{_UNITS}(?:之{_NUMBER})?"
_NUMBERED = rf"附?{_NUMBER_WITH_UNIT}"
_BARE = (
    r"\d{1,5}(?:-\d{1,5}){1,3}(?!\d)|(?<=[栋幢座元楼层室])[A-Z]?\d{1,5}|"
    r"(?<=[村路街巷道组区苑园舍])\d{1,4}(?![\d岁年月日天.%])"
)
_PIECE = re.compile(
    rf"[ ]?(?:{_NUMBERED}|[东西南北中](?:单元|户)|{_HAN}{{1,3}}\d{{1,4}}号(?![病床房])|(?:(?!工作|务农|就诊|"
    rf"住院|出差|患者|打工|居住|出生|生活|入院|上学|经商|旅游|探亲|医院|"
    rf"大学|学院|中学|小学|公司|卫生|在|于|的|后|因|前往|"
    rf"人，|等|曾|有|无|及|与|为)[\u4e00-\u9fff·]){{1,7}}?"
    rf"(?:{_SUFFIX_ADMIN}|{_SUFFIX_VILLAGE}|{_SUFFIX_ROAD}|{_SUFFIX_HOUSE})|(?<=[路街道巷弄村组区园苑厦]){_BARE}|"
    rf"(?<=[号栋幢座元楼层]){_BARE})"
)
# A road, house or village followed by a number with its unit is an address wherever it stands.
_ANCHOR = form(
    rf"(?:{_SUFFIX_ROAD}|{_SUFFIX_HOUSE}|{_SUFFIX_VILLAGE}|镇|乡)(?=[ ]?{_NUMBERED}|"
    rf"\d{{1,4}}-\d{{1,4}}(?:-\d{{1,4}})?(?!\d))"
)
_LABELLED = form(
    r"(?:住址|地址|家庭住址|现住址?|常住地|户籍地?址?|户口所在地|户口地址|通讯地址|通信地址|联系地址|居住地|"
    r"家住|家住在|现居住?于?|居住于|住在|暂住地?|出生地|籍贯|工作地点|邮寄地址|收件地址|寄往|(?<![入已未可需待留])住(?=[:：]))"
    r"[ \t]*(?:为|是|在|于)?[:：]?[ \t|]*((?:(?!，|,|社区医生|医生|医师|经治|"
    r"。|;|；|\n|\t|电话|联系|邮编|手机|身份|职业|民族|婚|性别|"
    r"年龄|[ ]{2})[^\n]){2,50})"
)
# Units of a house one after another, whatever stands before them.
_UNITS_ALONE = form(rf"{_NUMBER_WITH_UNIT}[ ]?(?:{_NUMBERED}|(?<=[号栋幢座元楼层])[A-Z]?\d{{2,5}})+")
_IN_THE_HOUSE = re.compile(
    r"\d{1,2}号?[楼栋]\d{1,2}[层楼区](?:\d{1,2}号?)?"
)  # of the hospital itself, with nothing before it
_FROM = form(
    rf"(?:家住|现居|暂居|寄居|户籍|现住|(?<=[\s，,。;；岁])[居住](?=[\u4e00-\u9fff])|这边|那边|我这边|住在|住于|来自|居住在|居住于|老家在?|原籍|户籍|出生于|生于|"
    rf"生长于|长住|常住|久居|"
    rf"祖籍)({_HAN}{{2,12}}?(?:村|镇|乡|屯|寨|庄|街道|社区|县|区|市|省|州|"
    rf"旗))"
)
# Places whose short names are words too (通化, 大理), told by what stands around them.
_ALSO_WORDS = (
    "天门|朝阳|和平|高明|海城|大同|长治|太平|安康|通化|中卫|阳泉|承德|平安|永康|建德|兴化|高州|开平|海门|大丰|东方|三明|五常|同江|安达|尚志|"
    "临床|大安|宜城|应城|文山|白银|白沙|黄山|黄石|铜仁|金华|银川|玉树|红河|通州|丹阳|昌都|日照|平度|阳春|化州|信宜|东兴|资阳|安宁|自贡|兴平|"
    "大理|保亭|安国|高平|孝义|原平|凉山|楚雄|怒江|迪庆|德宏|阿坝|甘孜|黔东|湘西|恩施|延边|伊犁|巴州|昌吉|阿里|那曲|山南|林芝"
)
_WHERE = form(rf"(?:{_ALSO_WORDS}){_HAN}{{0,3}}?(?=[，,。;；\n来人打务生出居上读老籍]|$|的|工作|古城|县城)")
_WHERE_AFTER = frozenset("住在到从往去至是自赴回籍")
_WHERE_BEFORE = re.compile(r"人[，,。;；士]|籍")
_HOME = form(rf"(?:家在|住在|家住|我们在|老家|老家在|人在|转回|返回|送回)({_HAN}{{2,6}}?)(?=[，,。;；\n]|$)")
_HAPPENED_AT = form(
    rf"(?<=[在往到至从])({_HAN}{{1,9}}?(?:村|镇|乡|街道|苏木|社区|[县市旗州区](?!别)|地区))(?=发生|那边|这边|附近|遇|被|与|和|[，,。;；]|一带|境内|路段)"
)
_SHORT_HOSPITAL = form(r"(?:附[一二三四五六]|[一二三四五六七八九十])院(?![内感长士校子落里墙前外])")
# After these stands where somebody works or learns, whatever it is called; before `上班` likewise.
_WORKS_AT = form(
    r"(?:就职于|任职于|供职于|工作于|就读于?|受雇于|服务于|在职于|毕业于|"
    r"(?:工作单位|单位名称|单位|学校|雇主|用人单位)(?=[ \t]*[:：为是]))"
    r"[ \t]*(?:为|是|[:：])?[ \t|]*([\u4e00-\u9fffA-Za-z0-9()（）·]{4,24}?)(?=[，,。;；、\s|]|$|任|担任|工作|"
    r"上班|退休|电话|职务|职业|地址|[一二三四五六]年级|\()"
    r"|在([\u4e00-\u9fffA-Za-z0-9()（）·]{4,20}?)(?:上班|任职|供职|就职|打工|务工|当(?:保安|保洁|司机|会计|工人|老师|学徒)|做(?:保安|保洁|会计|工)|读书|"
    r"上学|念书|值班时|作业时|施工时)"
)
# A factory or a mine: what it makes names none, what goes before that does.
_FACTORY = form(
    r"(?:[一二三四五六七八九十]厂|厂|煤矿|金矿|铁矿|铜矿|矿(?=[当做下上退工干，。、；的挖])|油田|林业局|兵团|农垦)(?![家商址房区矿])"
)
_PRODUCT = re.compile(
    r"(?:化工|机械|纺织|棉纺|毛纺|服装|电子|食品|水泥|钢铁|玻璃|造纸|陶瓷|家具|制药|印刷|汽车|轴承|阀门|电器|皮革|皮鞋|制鞋|拖拉机|砖瓦|化肥|农药|塑料|橡胶|"
    r"五金|玩具|酿酒|面粉|饲料|电缆|仪表|发电|自来水|炼油|炼铁|炼钢|家电|木材|石材|铸造|加工|修理|修配|模具|电镀|油漆|涂料|烟花|鞭炮|箱包|鞋|砖|酒|糖|"
    r"附近的?|大型|小型|私人|私营|乡镇|国营|当地|本地|外地|某|一家|个体|原|老)+$"
)
_NUMBERED_FACTORY = re.compile(
    r"(?:第[一二三四五六七八九十]|[\u4e00-\u9fff]{2}[一二三四五六七八九十])[\u4e00-\u9fff]{0,3}$"
)
# Hospitals that everybody calls by a word alone, and those called by their number.
_KNOWN_HOSPITAL = form(
    r"(?:在|到|去|往|至|于|入|转|送|由|经|从|来自|[，,、;；\s])(协和|同济|华西|湘雅|瑞金|仁济|华山|中山|齐鲁|西京|唐都|盛京|西南医院|新桥|大坪|"
    r"阜外|安贞|宣武|天坛|积水潭|朝阳|友谊|广安门|西苑|东直门|望京|同仁|儿研所|首儿|北医三院|邵逸夫|浙一|浙二|省立|省人民|市立|市一|市二|市三|市中心|省中|省妇幼|市妇幼|县妇幼)"
    r"(?=看|查|做|住|诊|就|复|手术|治|行|[，,。、；;\s]|急|门|读片|给|说|开|放|化)"
)
_HOSPITAL_OF_NUMBER = form(r"(?<![\d.])\d{3}(?:医院|分院|总院)")
_RETIRED_FROM = form(
    r"(?<=[\u4e00-\u9fff])(?:(?:退休|离休|下岗|内退|买断|病退)(?:工人|职工|教师|干部|会计|司机|钳工|电工)?(?=[，,。;；、\s])|"
    r"(?:的?(?:工人|职工|员工|打磨工|钳工|电工|焊工|车工|挡车工|保洁员|保安|会计|出纳|司机|调度员|店主|店员|厨师|"
    r"教师|干部|业务员|销售员|快递员|外卖员))(?=\d|[，,。;；、\s]))"
)
_NAMED_EMPLOYER = re.compile(rf"(?:(?<=[，,。;；：:\s原系在])|^)({_HAN}{{3,9}})$")
_NO_PLACE_OF_WORK = re.compile(
    r"(?:无|不详|退休|农民|务农|个体|自由职业|学生|待业|同上|家中|家里|外地|外省|外院|当地|本地|国外|国内|幼儿园|小学|中学|初中|高中|大学|大专|"
    r"本科|中专|技校|工厂|工地|公司|单位|办公室|车间|户外|室外|高温|粉尘|一家|某)[\u4e00-\u9fff]{0,4}$"
)
_CODE = form(r"(?:邮编|邮政编码|zip(?: code)?)[:： ]*(\d{5,6}(?:-\d{4})?)", re.IGNORECASE)
_HOSPITAL = form(
    r"(?:医院(?!感染|获得|内|外|内感染|评审|等级|制剂|药房|信息|管理|规定)|卫生院|卫生服务中心|卫生中心|卫生服务站|"
    r"卫生所|卫生室|医务室|诊所|门诊部|疗养院|保健院|保健所|妇幼保健计划生育服务中心|"
    r"急救中心|血液中心|中心血站|疾控中心|"
    r"附院|附属院|传染病院|精神病院|专科病院|血液透析中心|透析中心|口腔门诊部|眼科中心|肿瘤中心|卫生服务站|护理站|"
    r"疾病预防控制中心|体检中心|健康管理中心|医疗中心|医学中心|康复中心|防治院|防治所|医学检验所|检验中心|"
    r"妇保院|妇幼院|儿保院|中医院|骨伤院|肿瘤院|光荣院|荣军院|干休所|优抚院|血透中心|协和|月子中心|护理院|安宁病房)(?:[\u4e00-\u9fff]{1,5}(?:院区|"
    r"分院))?(?:(?:（|\()[\u4e00-\u9fff]{1,6}(?:院区|分院)(?:）|\)))?"
)
_SCHOOL = form(
    r"(?:大学|学院|中学|小学|幼儿园|托儿所|学校|职高|技校|卫校|党校|附中|附小|[一二三四五六七八九十]中(?=[，"
    r"。；、,\s读初高]|$)|实验小学)(?![生]|文化|学历|毕业|程度|以上|本科)"
)
_EMPLOYER = form(
    r"(?:(?:公安|税务|教育|市场监管|应急管理|自然资源|交通|铁路|水务|规划|人社|民政|卫健|环境|消防)[\u4e00-\u9fff]{0,2}局[\u4e00-\u9fff]{2,4}分局|"
    r"公安局[\u4e00-\u9fff]{2,4}(?:分局|派出所)|老年公寓|养老公寓|养老中心|托养中心|护养中心|托老所|日间照料中心|"
    r"速运|快递|网点|营业部|门市部|旗舰店|分店|总店|饭庄|酒楼|酒家|茶楼|会所|影楼|照相馆|美容院|棋牌室|菜馆|小吃店|早餐店|烧烤店|包子铺|汽修厂|"
    r"驿站|粮站|粮库|林业站|兽医站|供销社|信用联社|储蓄所|邮政所|电影院|剧团|文工团|博物馆|文化馆|体育馆|少年宫|服务区|度假村|清真寺|道观|教堂|"
    r"海关|救助站|戒毒所|看守所|拘留所|监狱|油田|钢铁|石化|石材|轻纺|"
    r"建材店|五金店|理发店|药店|餐馆|面馆|火锅店|茶馆|网吧|洗衣店|专卖店|杂货店|便利店|小卖部|菜市场|步行街|"
    r"车辆段|机务段|工务段|电务段|供电段|客运段|炼铁厂|炼钢厂|轧钢厂|焦化厂|电厂|水厂|热电厂|修理厂|加工厂|木材厂|砖厂|食品厂|服装厂|"
    r"消防大队|消防支队|交警大队|武警支队|城管大队|中队|支队|总队|救援队|施工队|工程队|车队|"
    r"制衣厂|物流厂|农产厂|制鞋厂|印染厂|罐头厂|乳品厂|糖厂|药厂|瓷厂|钢管厂|中心校|完全小学|职业技术学院|职业中专|教学点|农商银行|信用社|"
    r"收费站|加油站|变电站|养殖场|屠宰场|苗圃|茶场|牧场|渔场|盐场|采石场|工地|码头|港务局|机场|航空|航运|物流园|"
    r"股份有限公司|有限责任公司|有限公司|分公司|总公司|公司(?!同事|领导|体检(?!日期)|职员|职工)|集团|事务所|研究所|"
    r"研究院|设计院|合作社|(?:公安|税务|教育|供电|财政|民政|交通|铁路|邮政|"
    r"国土|水利|林业|农业|气象|环保|卫生|工商|质监|城管|司法|检察|住建|建设|电力|烟草|盐务|地税|国税)分?局|"
    r"派出所|法院|检察院|银行(?!卡|账)(?:[\u4e00-\u9fff]{1,6}(?:支行|分行))?|支行|分行|电视台|报社|出版社|"
    r"杂志社|律所|(?:机械|化工|纺织|服装|电子|食品|水泥|钢铁|"
    r"玻璃|造纸|陶瓷|家具|制药|印刷|汽车|轴承|阀门|电器|皮革|鞋|砖|客车|服装|皮鞋|电子|仪表|钟表|自行车|摩托车|"
    r"面粉|饲料|化肥|农药|玻纤|电缆|水泵|轮胎|橡胶|毛巾|丝绸|砖瓦|石材|五金|塑料|玩具|酒|棉纺|农机|锅炉|造船|"
    r"炼油|发电|自来水)厂|"
    r"煤矿|矿务局|农场|林场|养老院|敬老院|福利院|养护院|康养中心|物业|超市|大酒店后厨|大酒店|酒店后厨|酒店|宾馆|商场|饭店|批发市场|"
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
_DEPARTMENT = form(
    r"(?:(?:心血管|心脏|消化|呼吸|神经|肾脏?|血液|内分泌|风湿|感染|普通?|肝胆|胃肠|泌尿|骨|胸|乳腺|甲状腺|血管|"
    r"整形|烧伤|肛肠|妇|产|儿|新生儿|小儿|老年|急诊|重症|肿瘤|放射|介入|"
    r"康复|中医|皮肤|眼|耳鼻喉头?颈?|口腔|麻醉|疼痛|超声|影像|检验|病理|核医学|输血|药剂|营养|心理|精神|全科)"
    r"[内外一二三四五六七八九十免疫性病医学血科]{0,6}(?:科|病区|病房|中心)|ICU|CCU|NICU|EICU|"
    r"RICU)(?:[一二三四五六七八九十\d]{1,2}(?:科|病区|病房|区))?"
)


def find(seen: Searched, categories: frozenset[str]) -> Iterator[Span]:
    """Chinese addresses and organisations.

    Parameters
    ----------
    seen : Searched
    categories : frozenset of str
        Those asked for; departments are sought only where they are.

    Yields
    ------
    Span
    """
    text = seen.text
    yield from _addresses(seen, places())
    yield from _organisations(seen, _HOSPITAL, "hospital", 24)
    for found in seen.each(_SHORT_HOSPITAL):
        start = left_edge(text, found.start(), 4)
        if start < found.start():
            yield Span(start, found.end(), "hospital", "place.hospital_short", 0.8)
    yield from _organisations(seen, _SCHOOL, "organisation", 16)
    yield from _organisations(seen, _EMPLOYER, "organisation", 18)
    for found in seen.each(_FACTORY):
        start = left_edge(text, found.start(), 10)
        named = _PRODUCT.sub("", text[start : found.start()])
        if len(named) >= 2 or _NUMBERED_FACTORY.search(text[start : found.start()]):
            yield Span(start, found.end(), "organisation", "place.factory", 0.8)
    for found in seen.each(_KNOWN_HOSPITAL):
        yield Span(*found.span(1), "hospital", "place.hospital_short", 0.76)
    for found in seen.each(_HOSPITAL_OF_NUMBER):
        yield Span(left_edge(text, found.start(), 8), found.end(), "hospital", "place.hospital_short", 0.8)
    for found in seen.each(_RETIRED_FROM):
        named = _NAMED_EMPLOYER.search(text, max(0, found.start() - 9), found.start())
        if named and not _NO_PLACE_OF_WORK.match(named[1]) and not _GENERIC.fullmatch(named[1]):
            yield Span(*named.span(1), "organisation", "place.works_at", 0.76)
    for found in seen.each(_WORKS_AT):
        group = 1 if found[1] else 2
        words = found[group]
        if not _NO_PLACE_OF_WORK.match(words):
            yield Span(*found.span(group), "organisation", "place.works_at", 0.78)
    if "department" in categories:
        for found in seen.each(_DEPARTMENT):
            yield Span(*found.span(), "department", "place.department", 0.7)


def _addresses(seen: Searched, book: PlaceBook) -> Iterator[Span]:
    text = seen.text
    reached = 0
    for start, end in book.hits(text, seen.codes):
        if (
            start < reached
            or text.startswith("白药", end)
            or (text[start:end] == "长春" and text[end : end + 2] in ("新碱", "西汀", "瑞滨", "地辛", "花碱"))
        ):
            continue
        reached = _continued(text, end)
        # A name of two characters alone may be part of a word: it needs its suffix, a cue or more of an address.
        yield Span(start, reached, "address", "address.place", 0.85 if reached - start > 3 else 0.75)
    for found in seen.each(_ANCHOR):
        start = left_edge(text, found.start(), 14)
        if found.start() - start >= 1:
            yield Span(start, _continued(text, found.end()), "address", "address.road", 0.8)
    for found in seen.each(_LABELLED):
        words = found[1].rstrip(" |")
        if re.search(r"[省市区县镇乡村路街号楼室州盟旗京海津庆]|\d", words):
            yield Span(found.start(1), found.start(1) + len(words), "address", "address.label", 0.84)
        elif len(words) <= 8 and re.fullmatch(rf"{_HAN}+", words):
            yield Span(found.start(1), found.start(1) + len(words), "address", "address.label", 0.7)
    for found in seen.each(_UNITS_ALONE):
        start = left_edge(text, found.start(), 10)
        end = _continued(text, found.end())
        if start < found.start() or not _IN_THE_HOUSE.fullmatch(text, found.start(), end):
            yield Span(start, end, "address", "address.units", 0.8)
    for found in seen.each(_FROM):
        yield Span(found.start(1), _continued(text, found.end()), "address", "address.from", 0.8)
    for found in seen.each(_ROAD_ALONE):
        if not _GENERIC.fullmatch(found[1][:-1]) and found[1][:-1] not in _NO_ROAD:
            yield Span(found.start(1), _continued(text, found.end(1)), "address", "address.road_alone", 0.76)
    for found in seen.each(_ESTATE):
        start = left_edge(text, found.start(), 8)
        named = text[start : found.start()]
        if len(named) >= 2 and not _NO_ESTATE.search(named) and not _GENERIC.fullmatch(named):
            yield Span(start, _continued(text, found.end()), "address", "address.estate", 0.76)
    for found in seen.each(_OF_PROVINCE):
        yield Span(*found.span(1), "address", "address.of_province", 0.76)
    for found in seen.each(_UNITS_OF_NAMED):
        yield Span(left_edge(text, found.start(), 10), found.end(), "address", "address.named_units", 0.76)
    for found in seen.each(_BETWEEN_COMMAS):
        if not _GENERIC.fullmatch(found[1]):
            yield Span(*found.span(1), "address", "address.field", 0.76)
    for found in seen.each(_HAPPENED_AT):
        if not _GENERIC.fullmatch(found[1]) and not _GENERIC.fullmatch(found[1][:-1]):
            yield Span(found.start(1), _continued(text, found.end(1)), "address", "address.happened", 0.76)
    for found in seen.each(_CODE):
        yield Span(*found.span(1), "address", "address.postcode", 0.93)
    for found in seen.each(_WHERE):
        before = text[found.start() - 1 : found.start()]
        alone = not ("\u4e00" <= before <= "\u9fff") and _WHERE_BEFORE.match(text, found.end())
        if before in _WHERE_AFTER or alone:
            yield Span(found.start(), _continued(text, found.end()), "address", "address.where", 0.74)
    for found in seen.each(_HOME):
        yield Span(found.start(1), _continued(text, found.end(1)), "address", "address.home", 0.74)


# Roads and estates without a number, towns beside their province's name.
_ROAD_ALONE = form(
    rf"(?<=[在到从沿过于经至由])({_HAN}{{2,5}}?(?:路|街|大道|大街|巷|胡同|立交桥|高架|环岛|广场|菜场|码头))(?=与|和|上|口|被|骑|行走|步行|摔|附近|路口|发生|遇|处|段|"
    rf"等|跳舞|散步|摆摊|捡|晕|[，,。；;])"
)
_NO_ROAD = word_set(
    "马 大马 小马 走 半 过马 回家 上班 一 这条 那条 门口 楼下 外面 气 血 消化 尿 胆 呼吸 静脉通 通 输液通 传导通 旁"
)
_ESTATE = form(
    r"(?:小区|山庄|家园|花苑|佳苑|嘉园|雅苑|新苑|公馆|新村|家属院|宿舍|大院|公寓|庄园|豪庭|华庭|雅居|城中村|棚户区|安置房|别墅)(?![管业内医])"
)
_NO_ESTATE = re.compile(
    r"(?:居民|本|该|老旧|封闭|住宅|学生|职工|员工|单位|集体|工地|部队|同一?|所在|隔壁|附近|邻近|多个|各|学校|厂里|工厂|老年|养老|青年|研究生|男生|女生)$"
)
_OF_PROVINCE = form(
    r"((?:河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|陕西|甘肃|青海|内蒙古?|广西|西藏|宁夏|新疆)"
    rf"(?!省|自治|医|籍|人|大学|产|话|口音|境内|来|一带|老家|打工|务工)(?:{_HAN}{{2,3}}))(?=[，,。；;、\s)）]|$|人[，,。]|打工|务工)"
)
_CROSSING = re.compile(rf"与{_HAN}{{2,6}}(?:路|街|大道|巷)(?:交叉口|交汇处|路口)?(?:[东西南北]{{1,2}}[角侧])?")
_HOUSE_UNITS = r"(?:\d{1,3}-\d{1,3}-\d{3,5}(?![\d-])| ?\d{1,3}[幢栋座]\d{2,5})"
_NAMED_UNITS = re.compile(rf"{_HAN}{{2,8}}?{_HOUSE_UNITS}")
_UNITS_OF_NAMED = form(rf"(?<={_HAN}{{2}}){_HOUSE_UNITS}")
_BETWEEN_COMMAS = form(
    rf"(?:(?<=[,，\"|])|^)({_HAN}{{2,10}}?(?:镇|乡|街道|村|嘎查|苏木|社区))(?=[,，\"|\n]|$)", re.MULTILINE
)


def _continued(text: str, end: int) -> int:
    while (
        piece := _PIECE.match(text, end) or _CROSSING.match(text, end) or _NAMED_UNITS.match(text, end)
    ) and piece.end() > end:
        end = piece.end()
        if (
            text[end : end + 1] in ("县", "区", "市", "镇", "乡", "村", "组", "社", "队")
            and text[end - 1] in "苑园城山湾庄堡沟坝寨"
        ):
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


def _organisations(seen: Searched, pattern: re.Pattern[str], category: str, most: int) -> Iterator[Span]:
    text = seen.text
    for found in seen.each(pattern):
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
