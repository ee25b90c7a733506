"""What the data card's page says, in English and Chinese."""

from __future__ import annotations

from typing import Literal

Language = Literal["en", "zh"]

WORDS: dict[Language, dict[str, str]] = {
    "en": {
        "title": "Data card: {name}",
        "persons": "Persons",
        "k": "Smallest group (k)",
        "groups": "Groups",
        "rows": "Records",
        "minimum": "Minimum cell",
        "summary": "What it is",
        "note": "Persons are pseudonymous, not anonymous: whoever holds the key can find them. What is rare in the "
        "sequence of events can still tell a person apart. Use the extract under the terms it was given for, and do "
        "not try to find out who anybody is.",
        "cohort": "Who is in it",
        "step heads": "Step,As asked for,Persons left",
        "withheld": "A dash stands for a number that is withheld, since it would tell about fewer than {least} "
        "persons.",
        "value heads": "Column,Value,Name,Persons",
        "hidden": "How persons are hidden",
        "hidden text": "Ids are keyed pseudonyms of this project. All dates of a person are moved by one number of "
        "days, from 30 to 365, back or forth, so intervals are as they were. Ages over {oldest} are one group: a "
        "younger person is seen from birth to the 90th birthday, one who is older or of unknown birth from 80 "
        "years before "
        "the index date to 9 years after it. Names, addresses, numbers of persons and days of birth are left out.",
        "quasi heads": "Column of person,Made coarser to",
        "quasi": "Quasi-identifiers, generalised by whole columns until each person is one of {k}; precision "
        "{precision}",
        "as it was": "as it was",
        "alike": "all alike",
        "years": "{width} years",
        "small heads": "Table,Column,Values withheld,Records,What was left out",
        "few": "Values that fewer than {least} persons hold",
        "whole row": "the record",
        "value": "the value",
        "text": "Free text",
        "text told": "{columns}: {texts} different texts of a person were de-identified with the project's key: names, "
        "numbers, addresses, institutions and ages over {oldest} replaced, dates moved by the same days as in the "
        "tables. Texts of persons over {oldest} or of unknown age are left out ({withheld}). {searched} texts were "
        "then searched for everything known of their person, {named} of them also for a name; nothing was seen, else "
        "there would be no extract.",
        "replaced heads": "Replaced,How often",
        "recall heads": "Notes,Language,What identifies,Found,From,To,n",
        "recall caption": "Share found, where nothing is known of the patient beforehand, in made-up notes by other "
        "hands; 95 % interval",
        "recall hospital": "ordinary documents",
        "recall clinic": "names hidden in running text",
        "recall all": "all",
        "recall name": "names",
        "recall date": "dates",
        "zh": "Chinese",
        "en": "English",
        "text limits": "What is known of a person was searched for; of what nobody listed (relatives, other patients, "
        "staff, nicknames, places) some part stays in the texts, as the table tells. A text also tells ages up to 89, "
        "sex, work and courses of disease as it did: neither k nor the minimum cell covers it. Read it only where "
        "identifiable notes could be read.",
        "tables": "Tables",
        "left out": "{name}: {rows} records of {persons} persons; left out: {undated} without a date, {outside} "
        "outside "
        "the window, {aged} by the rule of ages",
        "person rows": "person: {rows} records",
        "column heads": "Column,What was done,Missing,Missing (%),Concept 0",
        "top": "The commonest concepts",
        "top heads": "Name,Concept,Persons,Records",
        "quality": "Sources and their quality",
        "source heads": "What,Value",
        "quality text": "Checks of OHDSI's Data Quality Dashboard on the source's tables that the extract is "
        "made of; "
        "the future began after {day}.",
        "quality heads": "Table,failed,passed,do not apply,could not be run",
        "failed heads": "Check that fails,Table,Violating (%),Threshold (%)",
        "problem heads": "Where,What,Values",
        "malformed": "cannot be used",
        "lacking": "is lacking",
        "not of its type": "values not of its type",
        "source": "source",
        "drift": "Differences between sites and years",
        "drift text": "Each year and each site is held against all others together by the population stability index "
        "(PSI), the sum of (p − q) ln(p / q) over codes, sexes, ages at the index date, or tenths of values. A person "
        "counts once for each in a group. Reading: chance – not above what arises in one feature of a hundred where "
        "nothing differs (chi-square of the counts); else small (below {moderate}), moderate (from {moderate}), large "
        "(from {large}). Years and sites of fewer than {least} persons are not shown. Years are the true ones; the "
        "dates in the extract are moved.",
        "no drift": "There are no two years or sites of at least {least} persons, so nothing can be compared.",
        "drift heads": "Table,What,By,Group,Persons,PSI,Chance up to,JS distance,Reading",
        "drift shown": "The largest {shown} of {far} moderate and large differences; all {count} comparisons are in "
        "card.json",
        "drift none": "None of the {count} comparisons is moderate or large.",
        "figure": "{by}: readings by table and feature",
        "chance": "chance",
        "small": "small",
        "moderate": "moderate",
        "large": "large",
        "year": "year",
        "site": "site",
        "feature codes": "codes",
        "feature sex": "sex",
        "feature age": "age",
        "feature values": "values of {concept}",
        "none": "There are none.",
        "all": "all persons of the database",
        "single": "with one record in person",
        "entry": "with the event of entry",
        "dates": "index date in the dates",
        "age": "age at the index date",
        "sex": "sex (concept)",
        "observed": "observed before and after (days)",
        "include": "with",
        "exclude": "without",
        "anonymity": "left after suppression",
        "PERSON": "pseudonym of the person",
        "PSEUDONYM": "keyed pseudonym",
        "SHIFTED": "moved by the person's days",
        "QUASI": "generalised to reach k",
        "CODE": "withheld where too few hold it",
        "NUMBER": "as it is",
        "TEXT": "free text, de-identified",
    },
    "zh": {
        "title": "数据卡：{name}",
        "persons": "人数",
        "k": "最小组 (k)",
        "groups": "组数",
        "rows": "记录数",
        "minimum": "最小单元",
        "summary": "内容",
        "note": "数据已假名化，但并非匿名：持有密钥者仍可找到本人。罕见的就诊经过仍可能使人被认出。"
        "请仅按批准的用途使用，不得尝试识别任何人。",
        "cohort": "纳入人群",
        "step heads": "步骤,申请内容,剩余人数",
        "withheld": "短横表示该数不予公布，因为它会透露少于 {least} 人的情况。",
        "value heads": "列,值,名称,人数",
        "hidden": "如何保护个人",
        "hidden text": "标识号为本项目的密钥假名。每人的全部日期移动同一天数（前后 30 至 365 天），间隔不变。"
        "{oldest} 岁以上合为一组：较年轻者只保留出生至 90 岁生日之前的记录，"
        "更年长或出生不明者只保留索引日期前 80 年至后 9 年的记录。姓名、地址、个人号码和出生日期均不提供。",
        "quasi heads": "person 的列,概化至",
        "quasi": "准标识符按整列概化，使每人至少与 {k} 人（含本人）相同；精度 {precision}",
        "as it was": "原样",
        "alike": "全部相同",
        "years": "{width} 岁一组",
        "small heads": "表,列,不予公布的值,记录数,略去内容",
        "few": "少于 {least} 人持有的值",
        "whole row": "整条记录",
        "value": "该值",
        "text": "自由文本",
        "text told": "{columns}：共 {texts} 段不同文本，用本项目密钥去标识：姓名、号码、地址、机构"
        "及 {oldest} 岁以上年龄已替换，日期与数据表移动同样天数。"
        "{oldest} 岁以上或年龄不明者的文本不提供（{withheld}）。随后在 {searched} 段文本中"
        "检索本人的一切已知信息，其中 {named} 段亦检索姓名；均未发现，否则不会生成本数据。",
        "replaced heads": "替换内容,次数",
        "recall heads": "病历,语言,标识信息,找出比例,下限,上限,n",
        "recall caption": "事先不知患者任何信息时，在他人编写的虚构病历中找出的比例；95% 区间",
        "recall hospital": "常规文书",
        "recall clinic": "姓名藏于叙述之中",
        "recall all": "全部",
        "recall name": "姓名",
        "recall date": "日期",
        "zh": "中文",
        "en": "英文",
        "text limits": "已知的个人信息均已检索；无人登记的信息（亲属、其他患者、医护、昵称、地点）会有一部分"
        "留在文本中，比例见上表。文本中 89 岁以下的年龄、性别、职业和病程保持原样，k 与最小单元对其均不适用。"
        "仅可在允许阅读可识别病历的条件下阅读。",
        "tables": "数据表",
        "left out": "{name}：{persons} 人的 {rows} 条记录；略去：无日期 {undated}，时间窗外 {outside}，年龄规则 {aged}",
        "person rows": "person：{rows} 条记录",
        "column heads": "列,处理方式,缺失,缺失 (%),概念 0",
        "top": "最常见的概念",
        "top heads": "名称,概念,人数,记录数",
        "quality": "来源及其质量",
        "source heads": "项目,值",
        "quality text": "对本数据所依据的来源表执行 OHDSI Data Quality Dashboard 的检查；“未来”自 {day} 之后算起。",
        "quality heads": "表,未通过,通过,不适用,无法执行",
        "failed heads": "未通过的检查,表,违反 (%),阈值 (%)",
        "problem heads": "位置,问题,值的个数",
        "malformed": "无法使用",
        "lacking": "缺少",
        "not of its type": "类型不符的值",
        "source": "来源",
        "drift": "机构之间与年份之间的差异",
        "drift text": "每一年份、每一机构与其余全部相比，用群体稳定性指数（PSI），即 (p − q) ln(p / q) 之和，"
        "按编码、性别、索引日期时的年龄或数值十分位计算；每人在一组内每项只计一次。解读：偶然——不超过无差异时百项特征中"
        "偶现一次的水平（计数的卡方）；否则为小（低于 {moderate}）、中（{moderate} 起）、大（{large} 起）。"
        "少于 {least} 人的年份和机构不显示。年份为真实年份；数据中的日期已移动。",
        "no drift": "没有两个各有 {least} 人以上的年份或机构，无法比较。",
        "drift heads": "表,特征,按,组,人数,PSI,偶然上限,JS 距离,解读",
        "drift shown": "{far} 项中等和较大差异中最大的 {shown} 项；全部 {count} 项比较见 card.json",
        "drift none": "{count} 项比较中没有中等或较大的差异。",
        "figure": "按{by}：各表各特征的解读",
        "chance": "偶然",
        "small": "小",
        "moderate": "中",
        "large": "大",
        "year": "年份",
        "site": "机构",
        "feature codes": "编码",
        "feature sex": "性别",
        "feature age": "年龄",
        "feature values": "{concept} 的数值",
        "none": "没有。",
        "all": "数据库全部人员",
        "single": "person 中仅一条记录",
        "entry": "有入组事件",
        "dates": "索引日期在范围内",
        "age": "索引日期时的年龄",
        "sex": "性别（概念）",
        "observed": "前后观察天数",
        "include": "有",
        "exclude": "无",
        "anonymity": "抑制后剩余",
        "PERSON": "个人假名",
        "PSEUDONYM": "密钥假名",
        "SHIFTED": "按个人天数移动",
        "QUASI": "概化以达到 k",
        "CODE": "持有者过少则不予公布",
        "NUMBER": "原样",
        "TEXT": "自由文本，已去标识",
    },
}
