"""Names, formats and clinical words of the dev split; the test split shares none of its sources.

Every name, number and place is made up by rule; what marks ⟪must go⟫ and ⟨may go⟩ is told in generator.py.
"""

from __future__ import annotations

import random
from datetime import date as day
from datetime import timedelta

SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗梁宋"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华建国志红海燕春玉珍文辉斌鹏飞"
COMPOUND = ("诸葛", "司徒", "东方")
MINORITY = ("艾力·买买提", "阿依古丽", "卓玛", "哈斯", "努尔兰")
FIRST = "James Mary Robert Patricia Michael Jennifer William Linda David Elizabeth Thomas Susan Grace Peter Helen Frank Alice Mark Ruth Edward".split()
LAST = "Smith Johnson Williams Brown Jones Miller Davis Wilson Anderson Taylor Young Hill Green Baker Carter Mitchell Parker Cook Wood Bell".split()
CITY = ("北京市", "天津市", "郑州市", "济南市", "武汉市", "南京市", "石家庄市", "合肥市", "长沙市", "西安市")
DISTRICT = ("朝阳区", "和平区", "金水区", "历下区", "江岸区", "鼓楼区", "长安区", "蜀山区", "岳麓区", "雁塔区")
ROAD = ("建国路", "人民路", "解放大道", "中山路", "文化路", "和平大街", "长江路", "友谊东路", "新华街", "学院路")
PLACES = ("Springfield", "Riverton", "Oakdale", "Franklin", "Greenville", "Madison", "Fairview", "Clinton")
STREETS = ("Maple Street", "Oak Avenue", "Main Street", "Park Road", "Cedar Lane", "Lincoln Drive", "Elm Street")


def _digits(draw: random.Random, count: int) -> str:
    return "".join(draw.choice("0123456789") for _ in range(count))


def person(draw: random.Random, language: str, base: str) -> dict[str, str]:
    """A name in the forms that a note may use."""
    if language == "en":
        first, last = draw.choice(FIRST), draw.choice(LAST)
        middle = draw.choice("ABCDEHJLMRST")
        full = draw.choice((f"{first} {last}", f"{first} {last}", f"{first} {middle}. {last}"))
        return {
            "full": full,
            "last": last,
            "first": first,
            "listed": f"{last}, {first}",
            "initial": f"{first[0]}. {last}",
            "upper": full.upper(),
        }
    chance = draw.random()
    if chance < 0.03 and base == "patient":
        full = draw.choice(MINORITY)
        return {"full": full, "last": full, "nick": full, "given": full, "spaced": full, "masked": full}
    surname = draw.choice(COMPOUND) if chance < 0.06 else draw.choice(SURNAMES)
    given = "".join(draw.choice(GIVEN) for _ in range(1 if draw.random() < 0.25 else 2))
    nick = draw.choice((f"⟨小⟩⟪{surname}⟫", f"⟨老⟩⟪{surname}⟫"))
    return {
        "full": surname + given,
        "last": surname,
        "nick": nick,
        "given": given,
        "spaced": " ".join(surname + given) if len(surname + given) == 2 else surname + given,
        "masked": f"⟪{surname}⟫{'*' * len(given)}",
    }


def date(draw: random.Random, language: str, base: str, form: str, style: int) -> str:
    """A date of some form; without a form, in the note's style."""
    when = day(2015, 1, 1) + timedelta(days=draw.randrange(4000))
    if base == "dob":
        when = day(1936, 1, 1) + timedelta(days=draw.randrange(27000))
    y, m, d = when.year, when.month, when.day
    if language == "en":
        if form == "md":
            return draw.choice((f"{m}/{d}", f"{when:%B} {d}", f"{when:%b} {d}"))
        if form == "ym":
            return draw.choice((f"⟪{when:%B}⟫ ⟨{y}⟩", f"⟪{m}⟫/⟨{y}⟩"))
        if form == "time":
            return f"⟪{m:02}/{d:02}/{y}⟫ ⟨{draw.randrange(24):02}:{draw.randrange(60):02}⟩"
        return (
            f"{m:02}/{d:02}/{y}",
            f"{y}-{m:02}-{d:02}",
            f"{when:%B} {d}, {y}",
            f"{d} {when:%b} {y}",
            f"{m}/{d}/{y % 100:02}",
        )[style % 5]
    if form == "md":
        return draw.choice((f"{m}月{d}日", f"{m:02}月{d:02}日"))
    if form == "ym":
        return f"⟨{y}年⟩⟪{m}月⟫"
    if form == "time":
        return f"⟪{y}-{m:02}-{d:02}⟫ ⟨{draw.randrange(24):02}:{draw.randrange(60):02}⟩"
    return (f"{y}年{m}月{d}日", f"{y}-{m:02}-{d:02}", f"{y}年{m:02}月{d:02}日", f"{y}/{m}/{d}", f"{y}.{m:02}.{d:02}")[
        style % 5
    ]


def idcard(draw: random.Random, language: str) -> str:
    """A number of a citizen's identity."""
    if language == "en":
        return f"{draw.randrange(100, 700)}-{draw.randrange(10, 99)}-{draw.randrange(1000, 9999)}"
    born = day(1940, 1, 1) + timedelta(days=draw.randrange(24000))
    number = draw.choice(("110105", "410102", "370102", "420102", "320106")) + f"{born:%Y%m%d}" + _digits(draw, 3)
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return number + "10X98765432"[sum(int(one) * weight for one, weight in zip(number, weights, strict=True)) % 11]


def mrn(draw: random.Random, language: str) -> str:
    """A number of a medical record."""
    if language == "en":
        return draw.choice((_digits(draw, 7), f"MRN{_digits(draw, 6)}"))
    return draw.choice((_digits(draw, 8), f"ZY{_digits(draw, 8)}", f"00{_digits(draw, 8)}"))


def phone(draw: random.Random, language: str) -> str:
    """A mobile number."""
    if language == "en":
        return draw.choice(
            (
                f"({draw.randrange(201, 990)}) 555-{_digits(draw, 4)}",
                f"{draw.randrange(201, 990)}-555-{_digits(draw, 4)}",
            )
        )
    head = draw.choice(("138", "139", "135", "150", "186", "189"))
    return draw.choice((head + _digits(draw, 8), f"{head}-{_digits(draw, 4)}-{_digits(draw, 4)}"))


def landline(draw: random.Random, language: str) -> str:
    """A number of a house or an office."""
    if language == "en":
        return f"{draw.randrange(201, 990)}.555.{_digits(draw, 4)}"
    return draw.choice(
        (f"010-{draw.randrange(6, 9)}{_digits(draw, 7)}", f"0371-{draw.randrange(6, 9)}{_digits(draw, 7)}")
    )


def email(draw: random.Random, language: str) -> str:
    """A mail address."""
    return f"{draw.choice(('zhang', 'liwei', 'm.jones', 'helen', 'wangfang', 'tbaker'))}{_digits(draw, 2)}@{draw.choice(('163.com', 'example.com', 'qq.com', 'mail.example.org'))}"


def wechat(draw: random.Random, language: str) -> str:
    """An account of a social network."""
    return (
        draw.choice((f"wx{_digits(draw, 6)}", f"lihua_{_digits(draw, 4)}"))
        if language == "zh"
        else f"@{draw.choice(('helenb', 'mark_y', 'tcook'))}{_digits(draw, 2)}"
    )


def url(draw: random.Random, language: str) -> str:
    """A page of a person or a record."""
    return f"https://portal.example.org/p/{_digits(draw, 6)}"


def address(draw: random.Random, language: str) -> str:
    """A full address."""
    if language == "en":
        return f"{draw.randrange(10, 9999)} {draw.choice(STREETS)}, {draw.choice(PLACES)}, {draw.choice(('OH', 'TX', 'IL', 'NY'))} {_digits(draw, 5)}"
    where = f"{draw.choice(CITY)}{draw.choice(DISTRICT)}{draw.choice(ROAD)}{draw.randrange(1, 300)}号"
    return where + draw.choice(
        (
            "",
            f"{draw.randrange(1, 20)}号楼{draw.randrange(1, 6)}单元{draw.randrange(101, 1802)}室",
            f"院{draw.randrange(1, 9)}栋{draw.randrange(101, 902)}",
        )
    )


def town(draw: random.Random, language: str) -> str:
    """A place in running words."""
    if language == "en":
        return draw.choice(PLACES)
    return draw.choice(
        ("郑州市金水区", "河北省保定市", "山东省济南市", "周口", "石家庄", "湖北孝感", "南京", "保定市清苑县")
    )


def hospital(draw: random.Random, language: str) -> str:
    """A hospital's name."""
    if language == "en":
        return draw.choice(PLACES) + draw.choice(
            (" General Hospital", " Medical Center", " Memorial Hospital", " Clinic")
        )
    return draw.choice(CITY) + draw.choice(("第一人民医院", "中心医院", "中医院", "第三医院", "儿童医院", "肿瘤医院"))


def org(draw: random.Random, language: str) -> str:
    """An employer or a school."""
    if language == "en":
        return draw.choice(
            ("Brown & Wood Plumbing", "Fairview High School", "Oakdale Elementary", "Carter Logistics Inc.")
        )
    return draw.choice(("郑州宇通客车厂", "济南市第七中学", "北京市朝阳区税务局", "武汉钢铁公司", "长江路小学"))


def age(draw: random.Random, language: str) -> str:
    """An age that is over 89."""
    years = draw.randrange(90, 104)
    return f"⟪{years}⟫⟨岁⟩" if language == "zh" else draw.choice((f"⟪{years}⟫⟨-year-old⟩", f"⟪{years}⟫⟨ years old⟩"))


SURROGATE = {
    "idcard": idcard,
    "mrn": mrn,
    "visit": lambda draw, language: _digits(draw, 10) if language == "zh" else f"V{_digits(draw, 8)}",
    "insurance": lambda draw, language: (
        f"YB{_digits(draw, 10)}" if language == "zh" else f"{draw.choice('ABHX')}{_digits(draw, 9)}"
    ),
    "passport": lambda draw, language: f"E{_digits(draw, 8)}" if language == "zh" else _digits(draw, 9),
    "phone": phone,
    "landline": landline,
    "email": email,
    "wechat": wechat,
    "url": url,
    "address": address,
    "town": town,
    "hospital": hospital,
    "org": org,
    "age": age,
    "accession": lambda draw, language: f"{draw.choice(('CT', 'MR', 'US', 'B'))}{_digits(draw, 8)}",
    "plate": lambda draw, language: (
        f"{draw.choice('京豫鲁鄂')}{draw.choice('ABCD')}{_digits(draw, 5)}"
        if language == "zh"
        else f"{draw.choice('ABC')}XR {_digits(draw, 4)}"
    ),
    "bank": lambda draw, language: f"6222{_digits(draw, 15)}",
    "device": lambda draw, language: f"SN{_digits(draw, 8)}",
    "license": lambda draw, language: f"{_digits(draw, 15)}" if language == "zh" else f"MD{_digits(draw, 6)}",
}

CLINICAL: dict[str, dict[str, tuple[str, ...]]] = {
    "zh": {
        "disease": (
            "高血压病3级",
            "2型糖尿病",
            "冠状动脉粥样硬化性心脏病",
            "脑梗死",
            "慢性阻塞性肺疾病",
            "胆囊结石",
            "帕金森病",
            "阿尔茨海默病",
            "黄疸型肝炎",
            "马蹄内翻足",
            "白癜风",
            "高尿酸血症",
        ),
        "symptom": (
            "胸闷、气短",
            "头晕",
            "上腹部疼痛",
            "咳嗽、咳痰",
            "双下肢水肿",
            "发热",
            "张口受限",
            "黄疸",
            "视物模糊",
        ),
        "drug": (
            "阿司匹林肠溶片100mg qd",
            "二甲双胍0.5g tid",
            "硝苯地平控释片30mg 每日1次",
            "头孢曲松2.0g静滴",
            "奥美拉唑20mg bid",
            "胰岛素早12u晚10u",
        ),
        "surgery": ("腹腔镜胆囊切除术", "冠状动脉支架植入术", "阑尾切除术", "白内障超声乳化术", "右侧全髋关节置换术"),
        "age": ("45岁", "67岁", "5岁", "78岁", "3月龄", "33岁", "89岁", "81岁"),
        "vitals": (
            "T 36.5℃,P 78次/分,R 18次/分,BP 120/80mmHg",
            "体温37.2℃ 脉搏90次/分 血压145/92mmHg",
            "T38.6 P102 R22 BP 98/60mmHg",
        ),
        "lab": (
            "白细胞12.5×10^9/L,中性粒细胞0.85",
            "血红蛋白110g/L",
            "血钾3.5mmol/L",
            "肌酐88umol/L",
            "CRP 12.3mg/L",
            "空腹血糖7.8mmol/L",
            "HBV-DNA 2.1E+05",
        ),
        "rel": ("术后第3天", "2周前", "昨日", "入院第2日", "3天前", "半年前", "近1月来"),
        "trap": (
            "四肢肌力5/5级,Babinski征阴性。",
            "腰4/5椎间盘突出,T12椎体压缩。",
            "患者安静入睡,未诉特殊不适。",
            "GCS评分15分,NIHSS评分3分。",
            "方案:FOLFOX,每2周1次,共12周期。",
            "高枕卧位,双肺呼吸音粗。",
            "孕3产1,末次妊娠顺产。",
            "万古霉素谷浓度10-15mg/L。",
            "周围血管征阴性,毛细血管搏动征阴性。",
            "何时停药请遵医嘱,不适随诊。",
            "根据NCCN指南及WHO分级建议化疗2-3周期。",
            "肝功能Child-Pugh A级,MELD 8分。",
            "白带正常,无异味。",
            "马上予吸氧3L/min。",
            "林可霉素皮试(-)。",
            "平素体健,预防接种史不详。",
            "华法林INR维持2.0-3.0。",
            "杨梅舌阴性,咽部充血。",
            "汉族,已婚,育1子1女。",
            "胡言乱语,定向力差。",
            "石膏固定4-6周,金属异物未见。",
        ),
    },
    "en": {
        "disease": (
            "Parkinson's disease",
            "type 2 diabetes",
            "Hodgkin lymphoma",
            "community-acquired pneumonia",
            "Crohn's disease",
            "atrial fibrillation",
            "Graves' disease",
        ),
        "symptom": (
            "chest pain",
            "shortness of breath",
            "fever and chills",
            "abdominal pain",
            "a productive cough",
            "dizziness",
        ),
        "drug": (
            "metformin 500 mg BID",
            "lisinopril 10 mg daily",
            "aspirin 81 mg",
            "Lasix 40 mg IV",
            "Coumadin 5 mg",
            "amoxicillin 500 mg TID x 7 days",
        ),
        "surgery": ("laparoscopic cholecystectomy", "Whipple procedure", "right total hip arthroplasty", "CABG x3"),
        "age": ("45-year-old", "67-year-old", "82-year-old", "33-year-old", "71-year-old"),
        "vitals": (
            "BP 120/80, HR 78, RR 16, T 98.6",
            "blood pressure 142/90, pulse 88",
            "temp 101.2, HR 110, BP 96/58, SpO2 93% on RA",
        ),
        "lab": ("WBC 12.5", "Hgb 10.2", "K 3.5", "creatinine 1.4", "troponin < 0.01", "HbA1c 7.8%"),
        "rel": ("two weeks ago", "yesterday", "on postoperative day 3", "last month", "3 days ago"),
        "trap": (
            "Strength 5/5 throughout, Babinski negative.",
            "Glasgow Coma Scale 15.",
            "L4-5 disc herniation, T12 compression fracture.",
            "Foley catheter removed, Jackson-Pratt drain in place.",
            "Murphy sign negative. McBurney point non tender.",
            "G3P1, last delivery vaginal.",
            "Follow NCCN guideline, WHO grade 2.",
            "Pain 3/10, worse with movement.",
            "Apgar 8/9.",
            "Takes one tablet every 4-6 hours as needed.",
            "Ejection fraction 55-60%.",
            "Gram stain negative, Foley draining clear urine.",
            "May return to work when pain allows.",
            "She will march on with physical therapy.",
        ),
    },
}
