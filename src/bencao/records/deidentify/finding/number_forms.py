"""The forms in which numbers and accounts that identify are written."""

from __future__ import annotations

import re

from bencao.records.deidentify.finding.lexicon import word_set
from bencao.records.deidentify.finding.search.starts import form

IDENTITY = form(
    r"(?<![0-9A-Za-z])[1-9]\d{5}[ -]?(?:18|19|20)\d{2}[ -]?(?:0[1-9]|1[0-2])[ -]?(?:0[1-9]|[12]\d|3[01])[ "
    r"-]?\d{3}[ -]?[\dXx]"
    r"(?![0-9A-Za-z])"
    r"|(?<![0-9A-Za-z])[1-9]\d{5}[ -]?\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])[ -]?\d{3}(?![0-9A-Za-z])"
    r"|(?<![0-9A-Za-z])[1-9]\d{3}(?:[ -]\d{4}){3}[ -]\d[\dXx](?![0-9A-Za-z])"
    r"|(?<![0-9A-Za-z])[1-9]\d{2}[ -]\d{3}[ -](?:18|19|20)\d\d[ -]?\d{4}[ -]?\d{3}[\dXx](?![0-9A-Za-z])"
    r"|(?<![0-9A-Za-z])[1-9]\d{2,13}[*xX]{3,14}[\dXx]{1,4}(?![0-9A-Za-z])"
)
CARD = form(r"(?<![\d.])\d{4}(?:([ -]?)\d{4})(?:\1\d{4}){2}(?:\1\d{1,3})?(?!\d)")
MOBILE = form(
    r"(?<![\dA-Za-z.])(?:(?:\+|00)?\(?86\)?[- ]?)?1[3-9]\d(?:(?:[- ]?\d{4}){2}|[- ]\d{3}[- ]\d{5}|\*{4,5}\d{3,4})(?!\d)"
    r"|(?<![\d.])1[3-9]\d\.\d{4}\.\d{4}(?!\d)|(?<![\d.])1[3-9]\d{2}[- ]\d{4}[- ]\d{3}(?!\d)"
    r"|(?<![\d.])1[3-9]\d[- ]\d{2,5}[- ]?\d{2,3}[- ]\d{2,4}(?!\d)"
    r"|(?<![\d.])1[3-9]\d{3}[- ]\d{3}[- ]\d{3}(?!\d)"
    r"|(?<![\d.])1[3-9](?:[ -]\d{3}){3}(?!\d)"
)
LANDLINE = form(
    r"(?<![\dA-Za-z.])(?:(?:\+|00)86[- ]?)?(?:\(0?\d{2,3}\)|0\d{2,3})[- ]?[2-9]\d{2,3}[- ]?\d{4}"
    r"(?:\s?(?:转|分机|ext\.?|x|-)\s?\d{1,6})?(?!\d)"
    r"|(?<![\d.])[48]00[- ]\d{3,4}[- ]\d{3,4}(?!\d)"
)
WESTERN = form(
    r"(?<![\d.-])(?:\+?1[-. ]?)?(?:\(\d{3}\) ?|\d{3}[-. ])\d{3}[-. ]\d{4}(?:,?\s?(?:x|ext\.?|"
    r"extension)\s?\d{1,6})?(?!\d)"
    r"|\+\d{1,3}[ .-]?(?:\(0?\d{1,4}\)[ .-]?)?\d{1,4}(?:[ .-]?\d{2,4}){2,4}(?!\d)"
    r"|(?<![\d.-])0\d{2,4} \d{3,4} ?\d{3,4}(?!\d)",
    re.IGNORECASE,
)
PHONE_CUE = form(
    r"(?:电话|手机|联系方式|传真|座机|热线|分机|短号|内线|联系|致电|拨打|呼叫"
    r"|\b(?:tel(?:ephone)?|phone|fax|pager?|beeper|cell|mobile|call(?:ed)?|ext(?:ension)?|contact(?:ed)?|"
    r"reach(?:ed|able)?(?: at)?))"
    r"(?:号码?|人)?[^\d\n,，。;；]{0,10}?((?:\+|\()?\d[\d\-() ]{2,18}\d)(?![\d年月/%.])",
    re.IGNORECASE,
)
BLEEP = form(
    r"(?i:\b(?:bleep|beeper|pager|page|ext|extn|extension|fax|vocera)[.:# ]{1,3}(?:no\.? ?|"
    r"number ?)?)([Xx]?\d{3,6})(?![\d./])|(?:Tel|TEL|Ph|Fax|FAX)[:.]\s?(\d[\d ()-]{5,})"
    r"|(?<![A-Za-z0-9])([Xx]\d{4,6})(?![\d.])|(?<!\d)(\d{3} \d{4})(?=,? (?:ext|x))"
)
LABEL = form(
    r"(?:(?<![床序批信型符称先档0-9一二三四五六七八九十])号码?|编号|编码|代码|标识|ID|条形?码|身份证|护照|医保卡?|社保卡?|驾驶证|"
    r"军官证|银行卡|腕带|邮编|邮政编码|密码|验证码|卡|账户|X线)"
    r"(?:号码?)?(?:\([^()\n]{1,8}\))?[ \t]*(?:为|是|[:：#=])?[ \t]*(?:No\.?|NO\.?|№)?[ \t:]*"
    r"((?=[A-Za-z0-9*/_.-]*\d)[A-Za-z0-9][A-Za-z0-9*/_-]{2,29})(?!\s?(?:mg|ml|[mμ]?g\b|%))"
)
VALUE = form(r"(?<![A-Za-z0-9/.-])(?=[A-Za-z/-]{0,12}\d)[A-Za-z0-9][A-Za-z0-9/-]{2,26}[A-Za-z0-9](?![A-Za-z0-9])")
# Words before a number that make it an identifier, alone or before number, no., #, ID.
LATIN_LABELS = word_set(
    "mrn m.r.n urn chart acct account policy member subscriber insurance medicare medicaid beneficiary ssn "
    "passport license licence plate dl d/l "
    "certificate accession encounter specimen requisition claim invoice serial s/n sn implant npi dea vin badge "
    "id identification identifier ref "
    "reference confirmation barcode tracking pin fin csn emr ehr registration reg hic iban swift record file "
    "card nhs pt patient hospital case visit admission "
    "order device model lot vehicle employee staff student study subject report unit group plan security pacemaker"
)
NUMBER_WORDS = word_set("number num no nos nr code id # identifier is was no: number:")
SOCIAL = form(
    r"(?<![A-Za-z])(?:微信号?|weixin|wechat|wx|vx|V信|威信|QQ号?码?|qq群|抖音号?|微博|支付宝|钉钉|快手号?|小红书号?|skype|"
    r"whatsapp|telegram|twitter|"
    r"facebook|instagram|line id)"
    r"(?:[ ]?(?:ID|号码?|账号|帐号|handle|昵称))?(?:\(?同(?:手机)?号\)?)?[ \t]*(?:为|是|[:：(])?[ "
    r"\t]*(@?[A-Za-z0-9][A-Za-z0-9_.-]{4,29})",
    re.IGNORECASE,
)
SERIES = form(r"(?<=[A-Za-z])(?:[-_/]?\d{2,}){1,4}(?:-?[A-Z0-9]{1,4})?(?![A-Za-z0-9%])")
LETTERS_BEFORE = re.compile(r"(?<![A-Za-z0-9_.])[A-Za-z]{1,6}$")
VEHICLE = form(r"(?<![A-Za-z0-9])(?=[A-Z0-9]*\d{4})(?=[A-Z0-9]*[A-Z])[A-HJ-NPR-Z0-9]{17}(?![A-Za-z0-9])")
PLATE = form(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使][A-HJ-NP-Z][·. "
    r"-]?(?=[A-Z0-9]{0,5}\d)[A-HJ-NP-Z0-9]{4}"
    r"(?:[A-HJ-NP-Z0-9]{1,2}|[挂学警港澳])(?![A-Za-z0-9])"
)
EMAIL = re.compile(
    r"[A-Za-z0-9][A-Za-z0-9._%+-]*(?:@[ ]?|[ ]@[ ]|[ ]?\(at\)[ ]?|[ ]?\[at\][ ]?)(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}",
    re.IGNORECASE,
)
URL_HINT = form(r"://|[wW]{3}\.|(?<=[A-Za-z0-9-])\.[A-Za-z]{2}")
URL = re.compile(
    r"(?:https?|ftp)://[\w\-./?%&=#:~+@!$*,;]+|\bwww\.[\w\-./?%&=#:~+]+"
    r"|(?<![\w@.-])[A-Za-z0-9-]{2,}(?:\.[A-Za-z0-9-]+)*\.(?:com|cn|net|org|gov|edu|io|info|uk|us|ca|au|nz|ie|de|fr|"
    r"nl|it|es|se|ch|jp|kr|hk|tw|sg|eu|me|cc|tv|app|top|xyz|vip|club|site|online|cloud|health|hospital|example|test)\b"
    r"(?::\d+)?(?:/[\w\-./?%&=#@~+]*)?"
    r"|(?<![\w@.-])[A-Za-z0-9-]{3,}(?:\.[A-Za-z0-9-]{2,})*\.[a-z]{2,8}/[\w\-./?%&=#@~+]+",
    re.IGNORECASE | re.ASCII,
)
# What only an account looks like, and what follows the asking for one.
ACCOUNT = re.compile(r"(?<![A-Za-z0-9_.@/-])[A-Za-z]{2,16}_(?=[A-Za-z0-9]*\d)[A-Za-z0-9_]{3,24}(?![A-Za-z0-9_(])")
ACCOUNT_IN_BRACKETS = form(r"(?<=[(（])[A-Za-z][a-z]{4,}\d{2,}(?=[)）])")
ACCOUNT_CUE = form(
    r"(?<![A-Za-z])(?:加[您你我他她]{0,1}(?:的|为)?(?:好友|微信|号)?[:： ]?|账号|帐号|user ?name|log ?in|handle)"
    r"[ \t]*(?:is|为|是|[:：])?[ \t]*"
    r"(@?[A-Za-z0-9][A-Za-z0-9_.-]{4,29})(?![A-Za-z0-9_%])",
    re.IGNORECASE,
)
HANDLE = form(r"(?<![\w.])@[A-Za-z_][A-Za-z0-9_.]{2,}")
ADDRESS = form(
    r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])|"
    r"(?<![0-9A-Fa-f:])(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}(?![0-9A-Fa-f:])"
)
EXTENSION = form(
    r"(?<=\d),?\s?(?:转|分机号?|ext\.?|extension|内线)\s?[:：]?(\d{2,6})(?!\d)|(?<=\d{4}),? ?[xX](\d{3,6})(?!\d)",
    re.IGNORECASE,
)
# Groups of digits, with a letter or two before or after them: A670 5331, 1570 2879 0520, 3485-962-781-KB, 9103.881699.
GROUPS = form(
    r"(?<![A-Za-z0-9_.])(?:[A-Z]{1,3} ?)?\d{4,}(?: \d{3,6}){1,4}(?: ?[A-Z]{1,2})?(?![A-Za-z0-9_%]|\.\d)"
    r"|(?<![A-Za-z0-9_.])(?:[A-Z]{1,3}|[a-z]) ?\d{2,}(?: \d{2,6}){1,4}(?: [A-Z])?(?![A-Za-z0-9_%]|\.\d)"
    r"|(?<![A-Za-z0-9_.])\d{4} \d{4} \d{2}(?!\d)|(?<![A-Za-z0-9_.])\d{3} \d{4} \d{4}(?!\d)"
    r"|(?<![A-Za-z0-9_.-])\d{2}[A-Z]{1,3}-\d{4,}(?![A-Za-z0-9_%-])|(?<=REF )[\d.-]{7,}(?!\d)"
    r"|\(\d{2}\)\d{8,}(?:\(\d{2}\)[A-Z0-9]{4,})*"
    r"|(?<![A-Za-z0-9_.])\d{2,}-\d{4,}-[A-Za-z0-9](?![A-Za-z0-9_%])|(?<![A-Za-z0-9_.])\d{3}[ -]\d{2}[ -]\d{4}(?!\d)"
    r"|(?<![A-Za-z0-9_.])\d{6,}[A-Z](?![A-Za-z0-9])|(?<![A-Za-z0-9_.])\d{6,} [A-Z]{2}(?![A-Za-z0-9])|"
    r"(?<![A-Za-z0-9_.])\d{4} \d{4,}-\d(?!\d)|(?<![A-Za-z0-9_.])\d{7,}-\d(?![\d%])"
    r"|(?<![A-Za-z0-9_.])[A-Z]{2}\d \d{3} \d{3}(?: [A-Z])?(?![A-Za-z0-9])|(?<![A-Za-z0-9])P<\d{5,}[A-Z<]?"
    r"|(?<![A-Za-z0-9_.-])(?=[A-Z0-9-]*[A-Z])(?=(?:[A-Z-]*\d){5})[A-Z0-9]{1,4}-\d{3,}-\d{2,}(?![A-Za-z0-9_%-])"
    r"|(?<![A-Za-z0-9_.])\d{3}(?: \d{3}){2,4}(?![A-Za-z0-9_%]|\.\d)"
    r"|(?<![A-Za-z0-9_.])\d{3,}(?:[-/]\d{2,}){1,4}(?:[-/]?[A-Z]{1,3}|-[a-z]{1,3})(?![A-Za-z0-9_%])"
    r"|(?<![A-Za-z0-9_.])\d{4,}-\d{1,2}(?![A-Za-z0-9_%.-]|年)"
    r"|(?<![A-Za-z0-9_.])\d{3,6}\.\d{5,}(?![A-Za-z0-9_%])"
    r"|(?<![A-Za-z0-9_.])\d{2,}-[A-Z]{1,3}-\d{3,}(?![A-Za-z0-9_%])|"
    r"(?<![A-Za-z0-9_.])[A-Za-z]{2,4}\d{5,}[A-Za-z]?(?![A-Za-z0-9_%])"
    r"|(?<![A-Za-z0-9_.])[A-Z]?\d{7,}[-/]\d{1,2}[-/]\d{1,4}(?!\d)"
    r"|(?<![A-Za-z0-9_.])\d{2,}(?:[-_/.]\d{2,}){2,4}(?![A-Za-z0-9_%.])"
)
# A licence or certificate as Chinese offices write it: 浙医执820543, 京卫字第12345号.
CERTIFICATE = form(
    r"(?<![A-Za-z0-9])[A-Z]{1,2}\d{6}\([0-9A]\)|第[A-Z]?\d{4,}(?=号)|(?<=[\u4e00-\u9fff:： ])[急门住体检]\d{5,}(?!\d)|"
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][\u4e00-\u9fff]{1,5}(?:字?第?|\(\d{4}\)第?)[A-Z]{0,3}\d{5,}号?"
    r"|"
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼黔滇陇][卫医药护警律]\d{4,}|字第[A-Z]{0,3}\d[\d-]{3,}号|[（(](?:19|20)\d\d[)）][京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]\d{0,4}[刑民行执破赔认]"
    r"[\u4e00-\u9fff]{0,2}\d+号"
)
MASKED = form(r"(?<![A-Za-z0-9*])(?:\d{3,6}[ -]?)?\*{2,}(?:[ -]?\*{2,})*[ -]?\d{2,4}(?!\d)")
IBAN = form(r"(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?(?![A-Za-z0-9])")
MIXED = form(
    r"(?<![A-Za-z0-9_.-])(?=[A-Z0-9]*[A-Z])(?=(?:[A-Z]*\d){5})[A-Z0-9]{6,16}(?![A-Za-z0-9_%])|"
    r"(?<![A-Za-z0-9])[A-Z]\d{1,3}\.\d{5,}(?!\d)"
)
TRACE = form(r"\(\d{2}\)(?=[A-Z]{0,3}\d)[A-Z0-9]{5,20}(?:\(\d{2}\)[A-Z0-9]{4,20})*")
ENDING = form(
    r"(?:\b(?:ending|ends|last (?:four|4)(?: digits)?)(?: in| with)?|尾号|后四位)[ :：为是]{0,3}(\d{3,4})(?!\d)",
    re.IGNORECASE,
)
VEHICLE_CUE = form(
    r"\b(?i:plates?|index|registration|reg|tail/veh|veh(?:icle)?|tag|tail|licence plate|license plate|ambulance|"
    r"unit no)[.,:# ]{1,3}(?i:no|number|reg|is)?[.:# ]{0,2}"
    r"((?=[A-Z0-9 -]{0,8}\d)(?=[0-9 -]{0,8}[A-Z])[A-Z0-9]{1,4}(?:[- ]?[A-Z0-9]{1,4}){1,2}(?:-\d{1,6})?)(?![A-Za-z0-9])"
)
SSN = form(
    r"(?<![\d-])\d{3}-\d{2}-\d{4}(?![\d-])|(?<![\dA-Za-z])(?:[Xx]{3}|\*{3})-(?:[Xx]{2}|\*\*)-\d{4}|"
    r"(?<=\|)(?!\d{3,5}-\d[|^])[A-Z]?\d[\d-]{6,}(?=\^|\|)|(?<= )\d{4,}(?=\^[A-Z\u4e00-\u9fff])"
)
DIGITS = form(r"(?<![\d.A-Za-z+])(?:\d{6,}|\d{2,}(?:-\d{2,}){1,4})(?![\d.]*\d|[A-Za-z]{3}|-?\d|%|％)")
SPELLED_IN_ENGLISH = form(
    r"\b(?:(?:zero|oh|one|two|three|four|five|six|seven|eight|nine|double|triple)[ -]){4,}"
    r"(?:zero|oh|one|two|three|four|five|six|seven|eight|nine)\b",
    re.IGNORECASE,
)
SPELLED = form(
    r"[〇零一二三四五六七八九幺]{7,}(?!年)|(?:[〇零一二三四五六七八九幺][-、 ]){6,}[〇零一二三四五六七八九幺]"
)
CAPITAL = re.compile("[A-Z]")
SERIES_OF_VALUES = re.compile(r"[A-Z]? ?\d\d(?: \d\d){2,}|[0-2]\d[0-5]\d \d{2,3}")
STANDARD = re.compile(r"(?:GBZ?|GB/T|ISO|WS|WS/T|YY|IEC|EN)[ -]?$")
UNIT = re.compile(
    r"\s{0,8}(?:/(?=\s?(?:[uμµmnpk]?[lLgm]|L|h|d|min|dl|HP|hp|kg|天|日|次|分|小时))|[×*^]|x ?10|IU|U\b|U/|cop|"
    r"拷贝|个|元|万|亿|cell|m[lLg]\b|μ|µ|ug|ng|pg|[mk]?g\b|[mk]?g/|次|步|k?cal|千卡|L\b|cm|mm|"
    r"Hz|bp|例|人|条|"
    r"株|单位|美元|usd|cfu|rlu)",
    re.IGNORECASE,
)
# Letters with digits that are names of things: registered studies, variants, approvals, receptors.
THINGS = re.compile(
    r"(?:NCT|ChiCTR|rs|NM_|NP_|ENS[GT]|GSE|PMID|DOI|ISO|GB|YY|HLA|CD|IL|HPV|miR|COVID|SARS|ICD|CYP|CA|H\dN\d|"
    r"T\d{1,3}[A-Z]?(?!\d)|SNOMED|LOINC|[HZSJB]20)\W?\d*",
    re.I,
)
# What looks like a number of somebody and is a measurement or a code of a terminology: BP110/70, T-01000.
MEASURED = re.compile(
    r"(?:BP|NBP|ABP|HR|P|R|T|SpO2|PR|RR|MAP|CVP|Wt|Ht|GCS|EF|G|TSH|WBC|PLT|HGB|Hb|CRP|BNP|PSA|CEA|AFP|"
    r"CA)[-:]?\d{1,3}(?:/\d{1,3})?$|"
    r"[TMPDSL]-?\d{5}$"
)
ZONED = (
    (MOBILE, "phone", "phone.mobile", 0.95),
    (LANDLINE, "phone", "phone.landline", 0.9),
    (WESTERN, "phone", "phone.western", 0.9),
    (SSN, "id", "id.social_security", 0.9),
    (ADDRESS, "number", "number.network", 0.8),
)
NUMBERED = form(r"(?:\bNo|NO|№)[.:： ]{0,2}([A-Z]{0,3}\d{4,})(?![\d.])")
PLACE = form(r"(?<![\d.])\d{1,3}\.\d{4,}°?[NSEW]?,\s?-?\d{1,3}\.\d{4,}°?[NSEW]?")
NATIONAL = form(
    r"(?<![A-Za-z0-9])(?:[A-CEGHJ-PR-TW-Z]{2} ?\d\d ?\d\d ?\d\d ?[A-Z]|"
    r"[1-9][A-Z][A-Z0-9]\d-?[A-Z][A-Z0-9]\d-?[A-Z]{2}\d\d)(?![A-Za-z0-9])"
)
ALONE = word_set(
    "serial badge nmc gmc dea sn s/n claim iban lic license licence registration reg index tag vin card monitor "
    "barcode plate mrn m.r.n urn acct ssn passport npi dea vin dl accession policy pin fin csn nhs id"
)
NOT_NUMBER = re.compile(
    r"(?:19|20)\d\d|\d{1,4}[-/]\d{1,2}(?:[-/]\d{1,4})?|\d+(?:mg|ml|mcg|kg|mm|cm|units?)", re.IGNORECASE
)
