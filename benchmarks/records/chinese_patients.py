"""Made-up patients of two Chinese hospitals, the same person written in two ways: for measuring linkage, nothing else.

The second hospital errs as registration desks do: a homophone or a variant of a character, two characters exchanged, a
digit of the card or the phone mistyped or two exchanged, day and month exchanged, another phone, another address, empty
cells. A few surnames are very common, as in the census, so that many patients share one.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta

from bencao.records.values.id_cards import check_character

FIELDS = ("病案号", "姓名", "性别", "出生日期", "身份证号", "电话", "地址")
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡"
    "余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯"
    "龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
_DOUBLE = ("欧阳", "司马", "上官", "诸葛", "皇甫", "尉迟")
_GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红梅建国志文斌鹏飞慧琴云莲真"
    "环雪荣爱妹香月莺媛艳瑞凡佳嘉琼珍贞素青婷雅欣怡晓春子轩浩宇梓涵思雨一诺晨曦俊熙博"
    "文天佑诗琪若曦"
)
_HOMOPHONES = (
    "伟玮炜",
    "芳方",
    "静婧靖",
    "丽莉俐",
    "强墙",
    "军君钧",
    "杰洁",
    "明铭",
    "秀绣",
    "霞侠",
    "英瑛",
    "华桦",
    "红虹",
    "文雯",
    "飞菲",
    "慧惠",
    "云芸",
    "张章",
    "余于",
    "徐许",
)
_VARIANTS = ("国國", "华華", "丽麗", "云雲", "龙龍", "刘劉", "陈陳", "张張", "赵趙", "吴吳")
_ROADS = (
    "人民路",
    "解放路",
    "中山路",
    "建设路",
    "和平街",
    "新华路",
    "文化路",
    "光明街",
    "朝阳路",
    "胜利路",
    "迎宾大道",
    "长江路",
)
_PLACES = ("110105", "310104", "440106", "510104", "420106", "320102", "330106", "610113", "370102", "210102")


def hospitals(persons: int, seed: int) -> tuple[list[dict[str, str]], list[dict[str, str]], set[tuple[str, str]]]:
    """Patients of two hospitals, and which of them are one person.

    Parameters
    ----------
    persons : int
        In the first hospital; as many are in the second, six of ten of them the same.
    seed : int

    Returns
    -------
    left, right : list of dict
    pairs : set of (str, str)
        Ids of the same person, left and right.
    """
    draw = random.Random(seed)
    left = [_person(draw, f"A{number:06}") for number in range(persons)]
    shared = int(persons * 0.6)
    right, pairs = [], set()
    for number in range(persons):
        identifier = f"B{number:06}"
        if number < shared:
            right.append(_written_otherwise(draw, left[number], identifier))
            pairs.add((left[number]["病案号"], identifier))
        else:
            right.append(_person(draw, identifier))
    draw.shuffle(right)
    return left, right, pairs


def _person(draw: random.Random, identifier: str) -> dict[str, str]:
    born = date(1930, 1, 1) + timedelta(days=draw.randrange(33_000))
    sex = draw.choice("男女")
    place = min(int(draw.expovariate(0.045)), len(_SURNAMES) - 1)
    surname = draw.choice(_DOUBLE) if draw.random() < 0.01 else _SURNAMES[place]
    given = "".join(draw.choice(_GIVEN) for _ in range(1 if draw.random() < 0.15 else 2))
    body = f"{draw.choice(_PLACES)}{born:%Y%m%d}{draw.randrange(100):02}{draw.randrange(5) * 2 + (sex == '男')}"
    return {
        "病案号": identifier,
        "姓名": surname + given,
        "性别": sex,
        "出生日期": born.isoformat(),
        "身份证号": body + check_character(body) if draw.random() < 0.85 else "",
        "电话": f"1{draw.choice('3578')}{draw.randrange(10**9):09}" if draw.random() < 0.9 else "",
        "地址": _address(draw),
    }


def _written_otherwise(draw: random.Random, person: dict[str, str], identifier: str) -> dict[str, str]:
    other = {**person, "病案号": identifier}
    if draw.random() < 0.12:
        other["姓名"] = _misheard(draw, person["姓名"])
    if draw.random() < 0.06:
        year, month, day = person["出生日期"].split("-")
        swapped = int(day) <= 12 and draw.random() < 0.5
        other["出生日期"] = f"{year}-{day}-{month}" if swapped else _mistyped(draw, person["出生日期"])
    for field, chance in (("身份证号", 0.08), ("电话", 0.05)):
        if person[field] and draw.random() < chance:
            other[field] = _mistyped(draw, person[field])
    if draw.random() < 0.2:
        other["电话"] = f"1{draw.choice('3578')}{draw.randrange(10**9):09}"
    if draw.random() < 0.2:
        other["地址"] = (
            f"{draw.choice(_ROADS)}{draw.randrange(1, 400)}号{draw.randrange(1, 30)}栋{draw.randrange(101, 2900)}室"
        )
    for field, chance in (("身份证号", 0.15), ("电话", 0.1), ("地址", 0.1), ("性别", 0.02)):
        if draw.random() < chance:
            other[field] = ""
    return other


def _address(draw: random.Random) -> str:
    number, building, room = draw.randrange(1, 400), draw.randrange(1, 30), draw.randrange(101, 2900)
    return f"{draw.choice(_ROADS)}{number}号{building}栋{room}室"


def _misheard(draw: random.Random, name: str) -> str:
    places = [(place, group) for place, letter in enumerate(name) for group in _alike(letter)]
    if not places or draw.random() < 0.15:
        return name[:-2] + name[-1] + name[-2] if len(name) > 2 else name
    place, group = draw.choice(places)
    return name[:place] + draw.choice([one for one in group if one != name[place]]) + name[place + 1 :]


def _alike(letter: str) -> Iterator[str]:
    yield from (group for group in (*_HOMOPHONES, *_VARIANTS) if letter in group)


def _mistyped(draw: random.Random, text: str) -> str:
    places = [place for place, letter in enumerate(text) if letter.isdigit()]
    place = draw.choice(places)
    if draw.random() < 0.3 and place + 1 < len(text) and text[place + 1].isdigit():
        return text[:place] + text[place + 1] + text[place] + text[place + 2 :]
    return text[:place] + draw.choice("0123456789") + text[place + 1 :]
