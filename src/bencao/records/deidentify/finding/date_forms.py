"""The forms in which dates are written."""

from __future__ import annotations

import re

from bencao.records.deidentify.finding.search.starts import form

MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
Y4 = r"(?:19|20)\d\d"
M = r"(?:1[0-2]|0?[1-9])"
D = r"(?:3[01]|[12]\d|0?[1-9])"
# Name, pattern, order of the parts; each pattern has the groups y, m, d as far as it has the parts.
PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("date.full", form(
        rf"(?<![\d.])(?P<y>{Y4})(?P<s>[-/._\\,])(?P<m>{M})(?P=s)(?P<d>{D})(?:日|(?=[0-2]\d[:时])|(?!\d|[./]\d|"
        rf"-(?!{Y4}[-/.])\d))")),
    ("date.spaced", form(
        rf"(?<![\d.])(?P<y>{Y4}) ?(?P<s>[-/. ]) ?(?P<m>{M}) ?(?P=s) ?(?P<d>{D})(?![\d.]|[/-]\d)")),
    ("date.han", form(
        rf"(?<![\d.])(?P<y>(?:{Y4}|\d\d)) ?年 ?(?P<m>{M}) ?月(?:份)? ?(?P<d>{D})(?: ?[日号]|(?!\d))")),
    ("date.han_month", form(
        rf"(?<![\d.])(?P<y>(?:{Y4}|\d\d)) ?年 ?(?P<m>{M}) ?月(?:份|初|中旬|底|末|上旬|下旬)?")),
    ("date.han_day", form(
        rf"(?<![\d.年])(?P<m>{M}) ?月(?:份)? ?(?P<d>{D})(?: ?[日号]|(?![\d个天周余月]|[.]\d))")),
    ("date.han_year", form(rf"(?<![\d.-])(?P<y>{Y4}) ?年(?:初|底|末|中|春|夏|秋|冬|上半年|下半年)?")),
    ("date.compact", form(
        rf"(?<![\dA-Za-z.])(?P<y>{Y4})(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])(?=(?:[01]\d|"
        rf"2[0-3])[0-5]\d(?:[0-5]\d)?(?!\d)|(?![\dA-Za-z.-]))")),
    ("date.month_only", form(
        rf"(?<![\d./-])(?P<y>{Y4})[-/.](?P<m>0[1-9]|1[0-2]|[1-9])(?![\d./%-]|\s?(?:mg|g|ml|mm|cm|×|x))")),
    (
        "date.numerals",
        form(
            r"(?P<y>[〇零○一二三四五六七八九]{4}|[〇零○一二三四五六七八九]{2})年(?:(?P<m>十[一二]?|"
            r"[一二三四五六七八九正腊元冬])月(?:份)?(?:(?P<d>三十一?|"
            r"二?十[一二三四五六七八九]?|廿[一二三四五六七八九]?|初[一二三四五六七八九十]|"
            r"[一二三四五六七八九])[日号]?)?)?"
        ),
    ),
    (
        "date.numerals_day",
        form(
            r"(?<![一二三四五六七八九十年])(?P<m>十[一二]?|[一二三四五六七八九正腊])月(?P<d>三十一?|"
            r"二?十[一二三四五六七八九]?|廿[一二三四五六七八九]?|"
            r"初[一二三四五六七八九十]|[一二三四五六七八九])[日号]?"),
    ),
    ("date.two_digit", form(
        rf"(?<![\d.-])(?<!\d/)(?P<y>\d\d)(?P<s>[-/.])(?P<m>0[1-9]|1[0-2]|[1-9])(?P=s)(?P<d>{D})(?![\d]|[./-]\d|"
        rf"\s?(?:mm|cm))")),
    ("date.western", form(
        rf"(?<![\d./-])(?P<a>{D})(?P<s>[-/.])(?P<b>{D})(?P=s)(?P<y>{Y4}|\d\d)(?![\d]|[./]\d|-\d(?!\d?[-/.]\d)|"
        rf"\s?(?:mm|cm))")),
    ("date.western_spaced", form(
        rf"(?<![\d./-])(?P<a>{D}) (?P<s>[-/.]) (?P<b>{D}) (?P=s) (?P<y>{Y4}|\d\d)(?![\d]|\s?(?:mm|cm))")),
    ("date.named", form(
        rf"\b(?P<n>{MONTH})\.?(?: the )?[ -]?(?P<d>{D})(?:st|nd|rd|th)?(?:(?:-|,? ?(?:of )?)(?P<y>{Y4}|"
        rf"'\d\d))?(?!\d|:\d)", re.I)),
    ("date.named_day_first", form(
        rf"(?<![\d.])(?P<d>{D})(?:st|nd|rd|"
        rf"th)?(?: day)?(?: of)?[ /.-]?(?P<n>{MONTH})(?![A-Za-z])\.?(?:[ ,/-]{{0,2}}(?P<y>{Y4}|"
        rf"'?\d\d(?!\d|:)))?", re.I)),
    ("date.named_month", form(rf"\b(?P<n>{MONTH})\.?(?:,? ?(?:of )?|[-/])(?P<y>{Y4}|'\d\d)(?!\d)", re.I)),
    ("date.iso_basic", form(rf"(?<![\d])(?P<y>{Y4})-(?P<m>0[1-9]|1[0-2])(?=\s|$|[,;)，。；）至到~])")),
    ("date.year_first_named", form(rf"(?<!\d)(?P<y>{Y4})[ -/]?(?P<n>{MONTH})[ -/.]?(?P<d>{D})(?!\d)", re.I)),
    ("date.western_day", form(
        rf"(?<![\d./-])(?P<a>{D})/(?P<b>{D})(?![\d/%]|\.\d|\s?(?:级|期|度|分|个|枚|站|组|肌力|视野|HP|次|片|"
        rf"周|天|mm|cm|kPa|"
        rf"strength|reflexes|pain|on|of|systolic|murmur|cigar|beats|edema|scale))")),
    ("date.year_alone", form(
        rf"(?P<y>{Y4})(?:(?![\d./%-]|\s?(?:mg|ml|kcal|cells|g\b|mL|cc|units|IU|copies|年)))")),
    ("date.han_month_only", form(rf"(?<=[去今前明当同昨]年)(?P<m>{M}) ?月(?:份|初|底|中旬|末)?(?! ?\d)")),
    ("date.month_year", form(rf"(?<![\d./-])(?P<m>{M})[/-](?P<y>{Y4})(?![\d/-])")),
    ("date.named_month_only", form(
        rf"\b(?:in|of|since|until|early|last|late|this|next|mid)[ -](?P<n>{MONTH})\b(?![ -]?\d)", re.I)),
    ("date.year_range", form(rf"(?<![\d.])(?P<y>{Y4})(?= ?年? ?[-~至到] ?(?:19|20)\d\d ?年)")),
    ("date.han_short_year", form(
        r"(?:(?<=[于自在从；，。,;\n ])|^)(?P<y>[0-2]\d|[5-9]\d)年(?=[曾因行患诊手发确出初底春夏秋冬在于入])")),
    (
        "date.numerals_marked",
        form(
            r"(?<![〇零○一二三四五六七八九十])(?P<y>[〇零○一二三四五六七八九]{4}|[〇零○一二三四五六七八九]{2})(?P<s>[-./、])"
            r"(?P<m>十[一二]?|[一二三四五六七八九])(?P=s)(?P<d>三十一?|二?十[一二三四五六七八九]?|[一二三四五六七八九])"
        ),
    ),
    # A day of a month that the note's own day tells, 上月15号; a day alone where a time or a going follows it.
    ("date.of_this_month", form(
        rf"(?:上上|上|本|下|这|当|次|同|该)个?月(?:份)?(?:的)?(?:{D}|初[一二三四五六七八九十]|二?十[一二三四五六七八九]?|三十一?)[日号]")),
    ("date.day_alone", form(
        rf"(?<![\d年月./:-])(?P<d>{D})号(?=上午|下午|晚上?|早上|中午|凌晨|清晨|那天|当天|出院|入院|住院|手术(?![间室])|复[查诊]|转[入到院]|来院|去世|起(?!搏))"
        rf"|(?<=[到在从至自于])(?P<d2>{D})号(?=[，。,；去来做再还才就要前后又]|左右|之[前后]|为止)")),
    ("date.stem_branch", form(
        r"[甲乙丙丁戊己庚辛壬癸][子丑寅卯辰巳午未申酉戌亥]年(?:闰?(?:[正腊冬一二三四五六七八九十]{1,2}月)(?:初[一二三四五六七八九十]|[廿二三]?十?[一二三四五六七八九十]?)[日号]?)?")),
    ("date.lunar_month", form(
        r"(?:(?:去|前|今|当|次|明|同|昨|大前|头|上)一?年(?:的)?)?闰?(?:正|腊|冬)月(?:里|间|底|末|初(?![一二三四五六七八九十])|上旬|中旬|下旬|份|"
        r"头)?(?![一二三四五六七八九十]*经)")),
    ("date.season_day", form(
        r"(?:立春|雨水|惊蛰|春分|谷雨|立夏|小满|芒种|夏至|小暑|大暑|立秋|处暑|白露|秋分|寒露|霜降|立冬|小雪|大雪|冬至|小寒|大寒)"
        r"(?=(?:节|那天|当天|[前后]|时节|以后|以来|过后|之[前后]))节?")),
    ("date.lunar", form(
        r"(?:农历|阴历|旧历|夏历|古历)(?:[〇零一二三四五六七八九]{4}年|(?:19|20)\d\d年|[甲乙丙丁戊己庚辛壬癸][子丑寅卯辰巳午未申酉戌亥]年)?"
        r"闰?(?:[正腊冬元八一二三四五六七八九十]{1,2}月|\d{1,2}月)(?:初[一二三四五六七八九十]|[廿二三]?十[一二三四五六七八九]?|"
        r"廿[一二三四五六七八九]|\d{1,2})?[日号]?|[正冬腊]月(?:初[一二三四五六七八九十]|[廿二三]?十[一二三四五六七八九]?|"
        r"廿[一二三四五六七八九])|大年(?:初[一二三四五六七八九十]|三十|夜)|年三十(?!多)")),
    ("date.republic", form(
        r"民[国國]\s?[一二三四五六七八九十\d]{1,4}年(?:\s?[一二三四五六七八九十\d]{1,2}月(?:\s?[一二三四五六七八九十\d]{1,3}日)?)?")),
    ("date.roman", form(
        r"(?<![\d/.-])(?:3[01]|[12]\d|0?[1-9])(?:(?P<s>[-/.])(?:i{1,3}|iv|vi{0,3}|ix|xi{0,2})(?P=s)(?:19|20)?\d\d"
        r"|\ (?:iii?|iv|vi{1,3}|ix|xii?)\ (?:19|20)\d\d)(?!\d)", re.I)),
    ("date.month_alone", form(
        r"(?<![A-Za-z])(?:January|February|April|June|July|August|September|October|November|December)(?![A-Za-z])")),
    ("date.padded_day", form(
        r"(?<![\d./-])(?P<m>0[1-9]|1[0-2])-(?P<d>0[1-9]|[12]\d|3[01])(?![\d./%-]|\s?(?:岁|天|周|个|次|h|cm|mm|ml|mg|"
        r"s\b|units?|days?|weeks?|years?|hours?|min|beats|per|x|cigar|drinks))")),
    ("date.han_part", form(r"(?<![\d.年])(?P<m>1[0-2]|0?[1-9]) ?月(?:上旬|中旬|下旬|初|底|末)")),
    ("date.holiday_named", form(
        r"\b(?:Christmas(?! (?:disease|factor|tree))(?: (?:Eve|Day))?|Thanksgiving|New Year's (?:Eve|Day)|"
        r"Labor Day|Memorial Day|Independence Day|"
        r"Halloween|Easter|Boxing Day|Good Friday|Diwali|Ramadan|Hanukkah|Passover|Lunar New Year|Chinese New Year|"
        r"Spring Festival|Xmas|Mother's Day|Father's Day|Valentine's(?: Day)?|St\.? Patrick's(?: Day)?|"
        r"Veterans'? Day|Presidents'? Day|MLK Day|"
        r"Juneteenth|Columbus Day|(?:August |May )?Bank Holiday(?: Monday)?|Canada Day|Australia Day|Anzac Day|"
        r"Bonfire Night|Guy Fawkes(?: Night)?|"
        r"Eid(?: al-(?:Fitr|Adha))?|Yom Kippur|Rosh Hashanah?|Pentecost|Whitsun|Ash Wednesday|Palm Sunday|"
        r"Mardi Gras|Black Friday|Cinco de Mayo|"
        r"(?:4th|Fourth) of July|New Years?'?(?: Eve| Day)?(?= Eve|[,.;)]| [a-z])|Shrove Tuesday|Maundy Thursday|"
        r"Mid-Autumn Festival|Dragon Boat Festival|"
        r"Songkran|Tet|Vesak|Deepavali|Navratri|Purim|Shavuot|Kwanzaa)\b", re.I)),
    # The 23rd, told by a weekday or by words for a day before it; a date that was spoken.
    ("date.ordinal", form(
        r"(?:(?<=on the )|(?<=by the )|(?<=since the )|(?<=until the )|(?<=till the )|(?<=from the )|"
        r"(?<=before the )|(?<=after the )|"
        r"(?<=day )|(?<=day the )|(?<=day, )|(?<=Mon )|(?<=Tues )|(?<=Tue )|(?<=Wed )|(?<=Thurs )|(?<=Thur )|"
        r"(?<=Thu )|(?<=Fri )|(?<=Sat )|(?<=Sun )|"
        r"(?<=Mon, )|(?<=Tue, )|(?<=Tues, )|(?<=Wed, )|(?<=Thu, )|(?<=Thurs, )|(?<=Fri, )|(?<=Sat, )|(?<=Sun, ))"
        r"(?:[23]?1st|2?2nd|2?3rd|[12]?[4-9]th|[123]0th|1[123]th)(?![A-Za-z])(?! ?(?:rib|toe|finger|digit|meta|"
        r"inter|ICS|left|right|percentile|"
        r"lumbar|vert|floor|ward|day|dose|cycle|attempt|ventricle|nerve|cranial|grade|degree|week|trimester|gen|"
        r"line|molar|space|ray|post|time|MT|MC|of))")),
    ("date.spelled", form(
        rf"\b(?:{MONTH}) (?:the )?(?:(?:twenty|thirty)[ -])?(?:first|second|third|fourth|fifth|sixth|seventh|"
        rf"eighth|ninth|tenth|eleventh|twelfth|"
        rf"(?:thir|four|fif|six|seven|eigh|nine)teenth|twentieth|thirtieth)(?:,? (?:nineteen|twenty|"
        rf"two thousand)(?:[ -](?:and |oh |hundred )?"
        rf"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen|"
        rf"(?:twen|thir|for|fif|six|seven|eigh|nine)ty(?:[ -]"
        rf"(?:one|two|three|four|five|six|seven|eight|nine))?))?)?\b", re.I)),
    ("date.holiday", form(
        r"(?:春节|除夕|元宵节?|清明节?(?=[前后当那期假，,。])|端午节?|中秋节?|国庆节?(?=[前后当那期假长，,。])|元旦|重阳节|"
        r"圣诞节?|平安夜|感恩节|劳动节|教师节|儿童节|妇女节|母亲节|父亲节|情人节|七夕节?|中元节|腊八节?|小年夜?(?=[前后那，。])|建军节|护士节|医师节|植树节|国庆|五四|双十一|双十二|"
        r"古尔邦节|开斋节|肉孜节|藏历新年|雪顿节|那达慕|泼水节|火把节|三月三|(?:五一|十一)(?=[假期节长]))(?:(?:前|后)?(?:一|两|三|\d|第[一二三四五])?[天日]|前夕|当[天日]|那天|"
        r"期间|假期|长假|前后|前|后)?")),
)  # fmt: skip
SINCE = re.compile(
    r"\b(?:in|since|from|until|circa|year|early|late|mid|summer|winter|spring|fall|autumn|through|during|by|of|"
    r"born|around|to|and)[ -](?:of )?(?:the )?$|[自于在从至到]$",
    re.I,
)
PATTERN = dict(PATTERNS)
SURE = frozenset(
    {
        "date.full",
        "date.han",
        "date.han_day",
        "date.han_month",
        "date.compact",
        "date.two_digit",
        "date.spaced",
        "date.han_year",
    }
)
FROM_YEAR = (
    "date.full",
    "date.spaced",
    "date.han",
    "date.han_month",
    "date.han_year",
    "date.month_only",
    "date.iso_basic",
    "date.year_first_named",
    "date.year_range",
    "date.year_alone",
)
COMPACT = ("date.compact",)
FROM_DAY = (
    "date.han",
    "date.han_month",
    "date.han_day",
    "date.han_month_only",
    "date.han_short_year",
    "date.month_year",
    "date.two_digit",
    "date.western",
    "date.western_spaced",
    "date.western_day",
)
BY_NAME = ("date.named", "date.named_month", "date.named_month_only")
IN_HAN = ("date.numerals", "date.numerals_day")
ANYWHERE = (
    "date.numerals_marked",
    "date.of_this_month",
    "date.day_alone",
    "date.stem_branch",
    "date.lunar_month",
    "date.season_day",
    "date.ordinal",
    "date.spelled",
    "date.roman",
    "date.padded_day",
    "date.han_part",
    "date.lunar",
    "date.holiday",
    "date.republic",
    "date.holiday_named",
)
RUN = form(r"(?<!\d)\d+")
GLUED = re.compile(rf"(?P<y>{Y4})(?:(?P<s>[-/.])(?P<m>{M})(?P=s)(?P<d>{D})(?!\d)|年(?P<m2>{M})月(?P<d2>{D})[日号]?)")
GLUED_SHORT = re.compile(rf"(?P<y>\d\d)年(?P<m>{M})月(?P<d>{D})[日号]?")
BEGUN = re.compile(r"\s?(?:查|复查|行|予|入院|出院|起|因|术|转|手术|开始|患者)")
# What makes 10/30 a score, an acuity, a share or a strength; what makes 4/10 a day.
NO_DAY = re.compile(
    r"(?:肌力|视力|bp|血压|strength|pain|scores?|gcs|grade|apgar|评分|level|rated|pulses|reflexes|mmse|moca|phq-?9|gad-?7|"
    r"nrs|vas|"
    r"acuity|vision|\bva\b|vod|vos|\bod\b|\bos\b|\bre\b|\ble\b|gleason|ecog|berg|fim|barthel|stage|class|lobe|hpf|"
    r"分期|量表|指数|"
    r"ballard|braden|morse|news2?|qsofa|sofa|cm|mm|l[1-5]|c[1-7]|t\d)[^。.;；\n]{0,10}$"
)
DAY_AFTER = re.compile(
    r"\s?(?:[0-2]?\d[:：][0-5]\d|[的那]?片(?!/)|[回复]诊|[把来去到至起入出转查予给因约前后]|上午|下午|接种|第[一二三]针|打|约|请|预约|$|\n)"
)
OF_A_DAY = re.compile(r"(?:\bon|date|since|until|by|due|DOB|[于自从至到]|日期|back|next|home)[:： ]*$", re.IGNORECASE)
BORN = re.compile(r"(?:DOB|d\.o\.b\.?|[Bb]orn|BORN|出生|生日|生于|日期)[\s:：]{0,3}$")
SCORED = re.compile(r"(?:apgar|评分|scores?|分期|grav|gcs)[^\n。；;]{0,8}$", re.IGNORECASE)
DAYS_RANGE = re.compile(rf" ?[~～至到-] ?{D}/{D}(?![\d/])")
MONTH_END = re.compile(rf" ?[-~至到] ?(?P<m>{M}) ?月(?:份|底|初)?(?! ?\d)")
MONTH_HINT = form(
    r"(?<![A-Za-z])(?:[Jj]an|[Ff]eb|[Mm]ar|[Aa]pr|[Mm]ay|[Jj]u[nl]|[Aa]ug|[Ss]ep|[Oo]ct|[Nn]ov|[Dd]ec|JAN|FEB|MAR|"
    r"APR|MAY|"
    r"JU[NL]|AUG|SEP|OCT|NOV|DEC)"
)
MONTH_DAY_CUE = form(
    rf"(?:^|\n|[于自从至在到]|日期[:：]?|时间[:：]?|报告[:：]?|收样[:：]?|送检[:：]?|取材[:：]?|采样[:：]?|签发[:：]?|拟于?|预约|约在?|复查|查|入院|出院|手术|起|"
    rf"date[d]?:?|on|since|by|"
    rf"until)\s?(?P<m>1[0-2]|"
    rf"0?[1-9])[.-](?P<d>{D})(?![\d.%~-]|\s?(?:cm|mm|m[lmgU]|g|kg|×|\*|x|cmm|年|个|天|周|小时|h|日|次|倍|度|分|"
    rf"期|级|℃|mmol|"
    rf"umol|ng|pg|万|U|岁|月|x10|/|%|-|~|s\b|ms|Hz|mEq|units?|days?|weeks?|hours?|years?))"
)
# A month and a day with a dot between, told by what goes on after them: 约8.31的门诊, 4.25到当地医院.
MONTH_DAY_GOES_ON = form(
    rf"(?:(?<=[，,。;；、：:（( \n您约好])|^)(?P<m>1[0-2]|0?[1-9])\.(?P<d>{D})"
    r"(?=[日号]|上午|下午|中午|晚上?[,，来到]|早上|"
    rf"的(?:门诊|手术|检查|号|预约|航班|飞机)|[可再]?[到来去](?!\d)|记得|起(?!伏)|入院|出院|手术(?!刀)|复[查诊]|开始|由|在(?!正常)|于|"
    rf"因|因为|前往|转[入至到院科]|行(?!动|走|为))"
)
RANGE = re.compile(
    rf"\s?(?:[-~至到]|—|--|to|through|and|、|,)\s?(?:(?P<y>{Y4}|"
    rf"\d\d)(?P<s1>[年./-])(?=\d{{1,2}}[月./-]))?(?:(?P<m>{M})(?P<s2>[月./-]))?(?P<d>{D})(?P<e>[日号]|"
    rf"(?![\d.]\d|\d|[个天周年%/]))"
)
