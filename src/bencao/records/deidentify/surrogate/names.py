"""Names in the place of names: surname for surname, given name for given name, of the same length and sex."""

from __future__ import annotations

import re
from functools import cache

from bencao.records.deidentify.finding.lexicon import latin
from bencao.records.deidentify.finding.names.model import name_model
from bencao.records.deidentify.secret import Secret


def _listed(line: str) -> tuple[str, ...]:
    return tuple(line.split())


_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜"
    "戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
_COMPOUND = ("欧阳", "上官", "司马", "诸葛", "皇甫", "慕容", "司徒", "夏侯", "端木", "南宫", "令狐", "公孙")
_MALE = "伟强磊军勇杰涛超明刚平辉鹏华飞波斌宇浩凯健俊帆旭宁林峰国志文海东亮成康光德福生贵庆祥义仁才宝山川发永春来"
_FEMALE = "芳娜敏静丽艳娟霞秀英兰珍玉凤梅莉燕萍玲琴香菊莲翠云淑慧洁婷雪琳倩颖蕾瑶璐怡欣妍彤涵菲蓉薇莹楠晴丹茜芸"
_PEOPLES = (
    "阿力木",
    "巴特尔",
    "扎西",
    "卓玛",
    "古丽",
    "托合提",
    "其其格",
    "斯琴",
    "多吉",
    "央金",
    "吐尔逊",
    "娜仁",
    "尼玛",
    "买买提",
    "努尔",
    "格桑",
)
_GIVEN_MALE = _listed(
    "Adam Alan Brian Carl Colin Craig Dennis Derek Edward Eric Felix Gordon Graham Harold Hugo Ian Isaac Joel "
    "Keith Leon Louis Martin Miles Neil Nigel Oscar Owen Peter Philip Ralph Roger Ross Simon Stuart Theo Trevor "
    "Vernon Warren"
)
_GIVEN_FEMALE = _listed(
    "Alice Amanda Beth Carla Clara Diana Doris Edith Elena Erica Esther Flora Gloria Helen Hilda Irene Janet "
    "Joan Judith Karen Laura Linda Lydia Marian Martha Monica Nadia Nora Paula Rachel Rhoda Sandra Sheila Sonia "
    "Stella Teresa Ursula Vera"
)
_FAMILY = _listed(
    "Abbot Barlow Bexley Calder Corwin Dalton Denholm Easton Elwood Fenwick Garland Halston Harwell Ingram "
    "Jarvis Kendall Langley Lowell Marlow Merton Norwood Oakley Penrose Quincy Radley Selby Stanton Tilbury "
    "Upton Vance Wexford Whitby Yardley Ashby Brandt Colby Dunmore Ellery Farley Hadley"
)


def surrogate(secret: Secret, words: str) -> str:
    """A name in the place of another: the same for the same under one key.

    Parameters
    ----------
    secret : Secret
    words : str
        As it stands in the text; spaces, case and punctuation are kept.

    Returns
    -------
    str
        Of the same length in Han characters.
    """
    if re.search("[\u4e00-\u9fff]", words):
        return _in_han(secret, words)
    return _in_latin(secret, words)


def _in_han(secret: Secret, words: str) -> str:
    if "·" in words:
        return "·".join(_PEOPLES[secret.number("people", part, len(_PEOPLES))] for part in words.split("·"))
    signs = [sign for sign in words if "\u4e00" <= sign <= "\u9fff"]
    drawn = iter(_drawn(secret, "".join(signs)))
    return "".join(next(drawn, sign) if "\u4e00" <= sign <= "\u9fff" else sign for sign in words)


@cache
def _drawn(secret: Secret, name: str) -> str:
    compound = name[:2] in name_model().compounds and len(name) != 2
    surname, given = (name[:2], name[2:]) if compound else (name[:1], name[1:])
    pool = _COMPOUND if compound else _SURNAMES
    # The surname alone settles its surrogate, so that 王建国 and 王主任 stay one person.
    new = pool[secret.number("surname", surname, len(pool))]
    if new == surname:
        new = pool[(pool.index(new) + 1) % len(pool)]
    if set(given) <= {"某"}:
        return new + given
    female = sum((sign in _FEMALE) - (sign in _MALE) for sign in given)
    signs = _FEMALE if female > 0 or (female == 0 and secret.number("sex", name, 2)) else _MALE
    fresh = "".join(signs[secret.number(f"given{place}", name, len(signs))] for place in range(len(given)))
    return new + (fresh if fresh != given else "".join(signs[(signs.index(sign) + 1) % len(signs)] for sign in fresh))


def _in_latin(secret: Secret, words: str) -> str:
    parts = re.split(r"([A-Za-z\u00c0-\u024f'-]+)", words)
    chinese = sum(_of_pinyin(part) for part in parts[1::2] if len(part) > 1)
    whole = [part for part in parts[1::2] if len(part) > 1]
    out = []
    for place, part in enumerate(parts):
        if place % 2 == 0:
            out.append(part)
        elif len(part) == 1:
            out.append("ABCDEFGHJKLMNPRSTW"[secret.number("initial", part.upper(), 18)])
        else:
            out.append(_cased(_word(secret, part, chinese == len(whole) and chinese > 0), part))
    return "".join(out)


def _of_pinyin(part: str) -> bool:
    bare = part.lower().replace("-", "").replace("'", "")
    given, family = latin("given"), latin("family")
    return bare in latin("pinyin") or (bare not in given and bare not in family and _two(bare))


def _two(bare: str) -> bool:
    return any(bare[:cut] in latin("pinyin") and bare[cut:] in latin("pinyin") for cut in range(1, len(bare)))


def _word(secret: Secret, part: str, chinese: bool) -> str:
    bare = part.lower()
    if chinese:
        from pypinyin import lazy_pinyin  # takes a quarter of a second, and few names need it

        short = bare in latin("pinyin")
        pool = _SURNAMES if short else _FEMALE + _MALE
        signs = pool[secret.number("pinyin", bare, len(pool))] + (
            "" if short else pool[secret.number("pinyin2", bare, len(pool))]
        )
        return "".join(lazy_pinyin(signs)).capitalize()
    if bare in latin("given") and bare not in latin("words"):
        pool_given = (
            _GIVEN_FEMALE
            if bare.endswith(("a", "e", "i", "y", "n")) and not bare.endswith(("on", "en"))
            else _GIVEN_MALE
        )
        return pool_given[secret.number("given_latin", bare, len(pool_given))]
    return _FAMILY[secret.number("family_latin", bare, len(_FAMILY))]


def _cased(word: str, like: str) -> str:
    return word.upper() if like.isupper() else word.lower() if like.islower() else word
