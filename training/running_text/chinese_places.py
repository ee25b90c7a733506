"""Towns, addresses and institutions in China, most of which nobody listed."""

from __future__ import annotations

import random

from deidentify.names import Names


def words_of(line: str) -> tuple[str, ...]:
    """The words of a line."""
    return tuple(line.split())


_HOSPITALS = words_of(
    "医院 人民医院 第一人民医院 第二人民医院 第三医院 中医院 妇幼保健院 中心医院 附属医院 肿瘤医院 儿童医院 "
    "卫生院 中心卫生院 社区卫生服务中心 诊所 门诊部 卫生服务站 精神病院 骨科医院 眼科医院 口腔医院 职工医院 "
    "疗养院 急救中心 血站 体检中心 护理院 康复医院 医科大学附属第一医院 大学第二附属医院 县医院 市一院 二院 三院 "
    "人医 中医 妇保 市立医院 总医院 透析中心 疾控中心 养老院 敬老院 福利院 影像中心 检验所 药房 大药房 肛肠医院 "
    "皮防所 胸科医院 传染病医院 友谊医院 协和医院 同仁医院 红十字会医院 武警医院 铁路医院 矿务局总医院 附一 "
    "附二院"
)
_FIRMS = words_of(
    "有限公司 公司 集团 厂 机械厂 纺织厂 中学 小学 大学 幼儿园 派出所 公安局 法院 保险公司 银行 支行 酒店 超市 "
    "饭店 物流 工地 建筑公司 学院 职业技术学院 实验小学 一中 二中 附中 科技 律师事务所 村委会 居委会 街道办 "
    "民政局 电厂 煤矿 钢铁厂 农场 合作社 火车站 机务段 邮局 供电所 养殖场 茶厂 殡仪馆 司法鉴定所 福利院 教会 寺 "
    "驾校 公交公司 快递 服装厂 电子厂 商场 税务局 消防队 看守所 监狱 社区 工商局 设计院 研究所 报社 出租车公司"
)
_SCHOOLS = words_of("小学 中学 一中 幼儿园 实验学校 大学 职业学院 中心小学 第三小学 附小 高中 技校 外国语学校")
_OFFICES = words_of("派出所 公安局 交警大队 公安分局 刑警队 法院 检察院 司法所 看守所")
_SHORT = words_of(
    "市一 市二 市三 省人民 附一 附二 附中 中心 妇幼 肿瘤 儿童 胸科 口腔 眼科 肝胆 脑科 骨科 一院 二院 人民 中医 国际部 "
    "体检 血透中心 血液透析中心 康复 护理 医养中心 门诊 医美 影像 检验 基因"
)
_PARTS = words_of("东院 南院 西院 北院 分院 新院 新院区 老院区 国际部 本部 急诊 门诊部 分部 住院部 血液透析中心 体检部")
_WORKS = words_of(
    "中心 研发中心 基地 市场 仓库 门店 分公司 车间 项目部 俱乐部 工作室 食堂 便利店 菜场 批发部 理发店 修车铺 网吧 "
    "电站 养老院 棋牌室 团队 店 馆 站 园 部 队 所 社"
)
_BESIDE = words_of("对面 楼上 旁 底楼 隔壁 后门 门口 斜对面 二楼 边上 后面 附近 地下室")
_ROADS = words_of(
    "路 路 街 大街 大道 巷 胡同 里 弄 东路 西路 南路 北路 中路 东街 西街 南街 支路 一路 二路 三路 条 桥 横街 后街 "
    "公路 环路 新村"
)
_ESTATES = words_of(
    "花园 小区 苑 新村 公寓 家园 名邸 府 城 里 大院 家属院 广场 山庄 雅居 华庭 国际 一期 佳园 大厦 工人新村 宿舍 "
    "职工楼 安置房"
)
_TOWNS = words_of("镇 乡 村 屯 街道 社区 沟 湾 坪 寨 庄 营 店 集 口 桥 岛 港 堡 旗")
_VILLAGES = words_of("村 村 屯 庄 寨 沟 湾 自然村 嘎查 队 坪 埠")
_PROVINCES = ("浙江省", "四川", "河南省", "广东省", "江苏", "山东省", "湖南", "云南省")
_NUMERALS = "一二三四五六七八九"


class Places:
    """Draws places; `listed` are names of China's provinces, prefectures and counties."""

    def __init__(self, dictionary: dict[str, tuple[int, str]], listed: list[str]) -> None:
        self._names, self._listed = Names(dictionary), listed
        self._characters = sorted(
            {
                char
                for word, (_, kind) in dictionary.items()
                if kind == "ns"
                for char in word
                if "\u4e00" <= char <= "\u9fff"
            }
        )
        kinds = ("n", "nz", "a", "ns", "z", "i", "vn", "b", "nr")
        self._words = [
            word for word, (many, kind) in dictionary.items() if len(word) == 2 and kind in kinds and many > 2
        ]

    def _made_up(self, draw: random.Random) -> str:
        chance = draw.random()
        if chance < 0.45:
            return draw.choice(self._words)
        if chance < 0.8:
            return draw.choice(self._characters) + draw.choice(self._characters)
        return (
            self._names.surname(draw)
            + draw.choice(("家", "氏", ""))
            + draw.choice("湾坪沟坡塘岭坝店桥集庄营堡湖山河井村屯")
        )

    def town(self, draw: random.Random) -> str:
        """A county, a town or a village."""
        chance, made_up = draw.random(), self._made_up(draw)
        listed = draw.choice(self._listed)
        if chance < 0.25:
            return listed
        if chance < 0.45:
            return listed + made_up + draw.choice(("镇", "乡", "街道", "村", "苏木", "农场", "林场"))
        if chance < 0.75:
            return made_up + draw.choice(_TOWNS)
        return listed + (draw.choice(self._listed) if chance < 0.85 else draw.choice("市县区"))

    def _number(self, draw: random.Random) -> str:
        house, block, room = draw.randint(1, 999), draw.randint(1, 40), draw.randint(101, 2404)
        entry, word = draw.randint(1, 6), draw.choice(_NUMERALS)
        return draw.choice(
            (
                f"{house}号",
                f"{block}号",
                f"{block}弄{entry}号{room}室",
                f"{house}号{block}室",
                f"{block}栋{entry}单元{room}",
                f"{block}幢{room}",
                f"{block}号楼{entry}门{room}",
                f"{block}-{entry}-{room}",
                f"{house}号院{block}楼",
                f"甲{block}号",
                f"{house}号附{block}号",
                f"{word}号",
                f"{house}-{block}号",
                f"{block}组",
                f"{block}座{room}",
                f"{word}单元{block}层",
                "",
                f"{house}号{draw.choice('东西南北')}门",
                f"{block}号楼{word}零{draw.choice(_NUMERALS)}室",
            )
        )

    def address(self, draw: random.Random) -> str:
        """An address, with its county or without."""
        chance = draw.random()
        road = self._made_up(draw) + draw.choice(_ROADS)
        estate = self._made_up(draw) + draw.choice(_ESTATES) + self._number(draw)
        if chance < 0.3:
            tail = road + self._number(draw)
        elif chance < 0.45:
            tail = road + self._number(draw) + estate
        elif chance < 0.65:
            tail = estate
        elif chance < 0.9:
            tail = self._village(draw)
        elif chance < 0.95:
            tail = road + draw.choice(("口", "交叉口", "附近", "西侧", "对面", "南头"))
        else:
            tail = draw.choice(("", road)) + self._work(draw) + draw.choice(_BESIDE)
        return self._above(draw) + draw.choice(("", "", "", " ")) + tail

    def _village(self, draw: random.Random) -> str:
        town = self._made_up(draw) + draw.choice(("镇", "乡", "街道", "公社", "")) if draw.random() < 0.6 else ""
        number, word = draw.randint(1, 20), draw.choice(_NUMERALS)
        groups = (
            f"{number}组",
            f"{word}组",
            f"{number}队",
            f"{number * 13}号",
            f"{word}社",
            f"{number}组{number * 4}号",
        )
        group = draw.choice((*groups, draw.choice("东西南北前后上下") + "头", ""))
        return town + self._made_up(draw) + draw.choice(_VILLAGES) + group

    def _above(self, draw: random.Random) -> str:
        chance, listed = draw.random(), draw.choice(self._listed)
        if chance < 0.4:
            return ""
        if chance < 0.6:
            return listed
        if chance < 0.75:
            return listed + draw.choice(self._listed)
        if chance < 0.92:
            return listed + self._made_up(draw) + draw.choice(("区", "县", "镇", "街道", "乡"))
        return draw.choice(_PROVINCES) + listed

    def _core(self, draw: random.Random, listed: float) -> str:
        return draw.choice(self._listed) if draw.random() < listed else self._made_up(draw)

    def hospital(self, draw: random.Random) -> str:
        """A hospital, a clinic or a home."""
        if draw.random() < 0.05:
            army = draw.choice(("解放军", "武警", "海军", "空军", "联勤保障部队第"))
            return army + "".join(draw.choice("0123456789") for _ in range(3)) + "医院"
        more = self._made_up(draw) if draw.random() < 0.1 else ""
        if draw.random() < 0.18:  # as the people of the place call it
            return draw.choice((self._core(draw, 0.5), draw.choice(self._words), "")) + more + draw.choice(_SHORT)
        part = draw.choice(_PARTS) if draw.random() < 0.08 else ""
        return self._core(draw, 0.65) + more + draw.choice(_HOSPITALS) + part

    def firm(self, draw: random.Random) -> str:
        """Where somebody works."""
        more = self._made_up(draw) if draw.random() < 0.25 else ""
        if draw.random() < 0.25:
            return self._work(draw)
        return self._core(draw, 0.4) + more + draw.choice(_FIRMS)

    def _work(self, draw: random.Random) -> str:
        """A shop, a workshop, a centre of any trade."""
        core = self._core(draw, 0.5) if draw.random() < 0.6 else ""
        return core + draw.choice(self._words) + draw.choice(_WORKS)

    def school(self, draw: random.Random) -> str:
        """A school."""
        return self._core(draw, 0.5) + draw.choice(_SCHOOLS)

    def office(self, draw: random.Random) -> str:
        """A police station, a court."""
        return self._core(draw, 0.5) + draw.choice(_OFFICES)
