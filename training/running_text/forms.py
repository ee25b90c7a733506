"""Forms of numbers, ages and ways to address people of the wide surrogates: `#` a digit, `%` 2 to 9, `&` A-Z."""

from __future__ import annotations

from collections.abc import Callable

from running_text.chinese_places import words_of

NUMBERS = {
    "mrn": (
        "######",
        "#######",
        "########",
        "&######",
        "&&######",
        "##-##-##",
        "##########",
        "&&##-####",
        "ZY########",
    ),
    "visit": ("########", "&&&######", "##########", "V#######", "&#-#####", "####-#####"),
    "accession": (
        "&&#######",
        "########",
        "&##-#####",
        "####&####",
        "##&######",
        "S##-####",
        "B########",
        "##########",
    ),
    "device": ("SN ########", "&&&######", "########&", "##-####-##", "&&####-##", "(21)########", "#&&###&#"),
    "license": ("&#######", "##############", "&&-#####", "RN######", "#######", "MD#####"),
    "badge": ("####", "#####", "&####"),
    "insurance": ("&&########", "#########", "##########&", "&########", "####-####-##"),
    "passport": ("&########", "#########", "&&#######"),
}
CHINESE_NUMBERS = {
    "phone": (
        "1%#########",
        "1%# #### ####",
        "1%#-####-####",
        "+86 1%#########",
        "1%# ### #####",
        "8%######",
        "0%##-%#######",
        "(0%#) %#######",
        "1%####### #",
        "转%###",
    ),
    "landline": (
        "0%##-%#######",
        "%#######",
        "0%#-%#######",
        "%###-####",
        "%#######转%##",
        "(0%##)%######",
        "0%## %######",
    ),
    "bank": ("62## #### #### #### ###", "################", "#### #### #### ####", "62#################", "尾号####"),
}
ENGLISH_NUMBERS = {
    "phone": (
        "(%##) %##-####",
        "%##-%##-####",
        "%##.%##.####",
        "07### ######",
        "+44 7### ### ###",
        "x####",
        "ext. ###",
        "+1 %## %## ####",
        "0%## ### ####",
        "%## ####",
        "+61 4## ### ###",
    ),
    "bank": ("################", "#### #### #### ####", "##-##-## ########", "ending ####"),
}
TITLES = words_of(
    "主任 医生 大夫 护士长 教授 医师 主治 老师 总 院长 护士 师傅 主任医师 护师 技师 药师 博士 院士 书记 科长 处长 "
    "队长 警官 经理 律师 校长 司机"
)
KIN = words_of(
    "女士 先生 阿姨 大爷 奶奶 叔 大妈 小姐 同志 嫂 伯 姐 哥 爷爷 婆婆 老太 大姐 大哥 叔叔 婶 姨 太太 某 某某 "
    "老先生 师傅"
)
_ENGLISH = "ninety ninety-one ninety-two ninety-three ninety-four ninety-five ninety-six ninety-seven ninety-eight"
_ABOVE = {100: ("a hundred", "one hundred"), 101: ("a hundred and one",), 102: ("one hundred and two",)}


def chinese_ages(count: Callable[[int], str]) -> tuple[str, ...]:
    """Ages of 90 and over as Chinese notes write them; `count` gives Chinese numerals to 99."""
    found = ["⟪九十多⟫⟨岁⟩", "⟪九旬⟫", "⟪百岁⟫⟨老人⟩"]
    for age in range(90, 104):
        words = count(age) if age < 100 else "一百" + (f"零{count(age - 100)}" if age > 100 else "")
        found += [f"⟪{age}⟫⟨岁⟩", f"⟪{age}⟫⟨岁⟩", f"⟪{age}⟫⟨周岁⟩", f"⟪{words}⟫⟨岁⟩", f"⟪{words}⟫⟨岁⟩", f"⟪{age}⟫⟨Y⟩"]
        found += [f"⟪{age}⟫⟨岁高龄⟩", f"⟨高龄⟩⟪{words}⟫", f"⟨虚岁⟩⟪{age}⟫", f"⟨年⟩⟪{words}⟫", f"⟪{words}⟫⟨高龄⟩"]
        found += [f"⟪{words}⟫⟨来岁⟩", f"⟨今年⟩⟪{words}⟫⟨了⟩", f"⟨都⟩⟪{age}⟫⟨了⟩", f"⟪{words}⟫⟨周岁⟩", f"⟪{age}⟫⟨ 岁⟩"]
    return tuple(found)


def english_ages() -> tuple[str, ...]:
    """Ages of 90 and over as English notes write them."""
    found = []
    spelt = {90 + over: (words, words.replace("-", " ")) for over, words in enumerate(_ENGLISH.split())} | _ABOVE
    for age, ways in spelt.items():
        found += [
            f"⟪{age}⟫⟨yo⟩",
            f"⟪{age}⟫⟨ y/o⟩",
            f"⟪{age}⟫⟨-year-old⟩",
            f"⟨aged ⟩⟪{age}⟫",
            f"⟪{age}⟫⟨ yrs⟩",
            f"⟪{age}⟫",
        ]
        found += [
            f"⟪{age}⟫⟨ y.o.⟩",
            f"⟪{age}⟫⟨ years⟩",
            f"⟨turned ⟩⟪{age}⟫",
            f"⟪{age}⟫⟨F⟩",
            f"⟪{age}⟫⟨M⟩",
            f"⟨age ⟩⟪{age}⟫",
        ]
        for words in ways:
            found += [f"⟪{words}⟫⟨-year-old⟩", f"⟪{words}⟫⟨ years old⟩", f"⟪{words}⟫", f"⟪{words}⟫⟨ years of age⟩"]
            found += [f"⟨aged ⟩⟪{words}⟫", f"⟨just turned ⟩⟪{words}⟫", f"⟨nearly ⟩⟪{words}⟫"]
    return tuple(found)
