"""Notes come out without what identifies, and otherwise as they were."""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bencao.kernel.errors import InputError
from bencao.records import deidentify_text
from bencao.records.deidentify import Patient, Secret, find_spans
from bencao.records.deidentify.audit import audit
from bencao.records.deidentify.finding.checks import is_card, luhn_check
from bencao.records.values.id_cards import check_character, is_identity

SECRET = Secret(b"a key for the tests only")
NOTE = (
    "姓名：张建国  性别：男  年龄：93岁  住院号：ZY00123456\n住址：浙江省杭州市西湖区文三路478号3栋2单元501室  "
    "电话：138-1234-5678\n"
    "患者于2023年3月5日因“反复咳嗽3天”就诊于杭州市第一人民医院，"
    "家属王秀英代诉。主治医师李伟查房。2023-03-12出院。\n记录者：欧阳晓明"
)
ENGLISH = (
    "Patient Name: John A. Smith  MRN: 00123456  DOB: 03/05/1930\nDr. Emily Chen saw Mr. Smith, a 93-year-old "
    "man of 123 Main Street, Apt 4B, "
    "Springfield, IL 62704, on March 5, 2023. Phone (555) 123-4567, email john.smith@gmail.com. Transferred "
    "from Massachusetts General Hospital."
)


def _tagged(text: str) -> str:
    return deidentify_text([text], secret=SECRET, style="tag")[0].text


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        (NOTE, "张建国 ZY00123456 文三路 5678 第一人民医院 王秀英 李伟 欧阳晓明 93岁 2023年3月5日"),
        (ENGLISH, "John Smith 00123456 1930 Emily Chen Main Springfield 4567 gmail Massachusetts 93-year"),
        ("其妻古丽娜尔·阿不都热依木陪同，扎西卓玛护士接诊。", "古丽娜尔 阿不都热依木 扎西卓玛"),
        ("请张主任会诊，与李某某沟通，诸葛文医生签字。", "张主 李某 诸葛文"),
        ("身份证11010519491231002X，车牌沪A·D1234，微信号：wxid_abc123，护照号E12345678", "11010519 D1234 wxid E1234"),
        ("手机１３８１２３４５６７８，邮箱 a.b@163.com", "３８１２ 163"),
        ("二〇二二年十二月三十日入院，十二月三十一日手术。", "二〇二二年十二月三十日 十二月三十一日手"),
        ("電話：9123 4567，醫生：黃麗珍，陳大文先生，地址：香港九龍彌敦道123號", "9123 黃麗珍 陳大文 彌敦道"),
        (
            "dr patricia s. wood aware, pt robert smith c/o pain, son edward h. cook called",
            "patricia wood robert edward cook",
        ),
        (
            "Oluwaseun Adeyemi (0096580) was admitted; 98年曾手术，患儿豆豆（小名）。",
            "Oluwaseun Adeyemi 0096580 98年 豆豆",
        ),
        ("Zhao Lihua was seen; husband Li Qiang at bedside.", "Zhao Lihua Qiang"),
        ("请傅主任看，由其堂弟萧援朝领取，责护綦雪梅，值班逄永宁。", "傅主 萧援朝 綦雪梅 逄永宁"),
        ("患者次仁央宗，邻居木合塔尔江报警，护士图门吉日嘎拉。", "次仁央宗 木合塔尔江 吉日嘎拉"),
        (
            "Req: Katarzyna Lindqvist. WR Mensah/Venkataraman. d/w Oluwaseun Okonkwo",
            "Katarzyna Mensah Venkata Oluwaseun",
        ),
        ("pt seen by rn ingrid lindqvist, lives in upper marlow with her son tariq", "ingrid lindqvist tariq"),
        ("FOLLOW UP WITH XIAOLI KEALOHA AT KIRKBRIDE INFIRMARY.", "XIAOLI KEALOHA KIRKBRIDE"),
        ("Transferred from Ballymore VA to St. Brigid's Hospital, Walla Creek.", "Ballymore Brigid Walla"),
    ],
)
def test_what_identifies_is_gone(text: str, hidden: str) -> None:
    done = _tagged(text)
    assert [word for word in hidden.split() if word in done] == []


@pytest.mark.parametrize(
    "text",
    [
        "高血压3级，黄疸待查，张力性气胸，单核细胞增多，白蛋白低，金黄色葡萄球菌生长，明显好转。",
        "帕金森病，阿尔茨海默病，霍奇金淋巴瘤，墨菲征阴性，巴宾斯基征未引出，唐氏筛查低风险。",
        "给予安宫牛黄丸、甘露醇、罗红霉素、华法林、贝那普利、雷贝拉唑、尼莫地平、艾司唑仑。",
        "患者3天前受凉后出现发热，体温39.2℃，血小板256000/ul，血压120/80mmHg，予左氧氟沙星。",
        "查体：神志清楚，双肺呼吸音清，未闻及干湿性啰音，腹平软，余未见异常，向家属说明病情。",
        "Foley catheter, Parkinson disease, Bell's palsy, Murphy's sign, Glasgow Coma Scale 15, strength 5/5, "
        "BP 120/80.",
        "Metoprolol 25 mg BID, WBC 12,500, EF 55-60%, aged 45, 70-year-old woman, CT chest tomorrow.",
        "患者67岁，术后第3天，3-5天后复查，每日2次。",
        "睡眠尚安，原因何在，龙胆泻肝汤加减，半月板高信号，石膏固定，金水宝4粒，易发，谢邀。",
        "BP110/70，P84，Apgar 8-9-10，SNOMED T-01000 M-80703，PSA 6.2 (4.8 prior), Bence Jones protein negative.",
        "Tinel's and Phalen's positive, Aquacel in place, Ivor Lewis oesophagectomy, E. coli grew, SIADH vs "
        "salt wasting.",
    ],
)
def test_words_of_the_ward_stay(text: str) -> None:
    assert _tagged(text) == text


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("2016年11月22日19时33分接单，采集2023年5月16日17时58分", "2016 22日 16日"),
        ("CTCAE 2级，2009.5.24—2009.5.28，再用4/19~4/26", "5.24 5.28 4/19 4/26"),
        ("日期二〇二四.一.十五，农历八月初六起病，中秋节前一天加重", "二〇二四 八月初六 中秋"),
        ("自服无效，4.25到当地就诊，约您8.31的门诊", "4.25 8.31"),
        ("d.o.b. 17 / 09 / 1958, MDM Sep 5th: reviewed", "09 1958 Sep"),
        ("登记号4137122012年3月21日送检", "413712 2012 21日"),
        ("住院号A670 5331，就诊卡2457 9754 9206，Hosp No H 9794 4626", "5331 2457 9206 9794"),
        ("card says 3485-962-781-KB, 磁共振号3594.209902，证件5329011947****1221", "962 3594 5329 1221"),
        ("电话158.2331.2799，内线32079580转4653，或1338 6946 396", "2331 4653 6946"),
        ("执业编码浙医执820543，加您gulinar519，微信群里wxid_4608ab55", "820543 gulinar 4608"),
        ("Images: example.social/@p280886455", "p28088"),
        ("搬到喀什市翠屏巷20号附9号，父就职于通化钢铁集团炼铁厂，在喀什东城建材店上班", "翠屏 附9 通化 建材"),
        ("lives at Flat 6, 42 Quay St, or RR 5, County Road 40", "Flat Quay RR Road"),
    ],
)
def test_every_form_of_a_date_a_number_or_a_place_is_gone(text: str, hidden: str) -> None:
    done = deidentify_text([text], style="tag")[0].text
    assert [word for word in hidden.split() if word in done] == []


def test_the_same_person_has_one_surrogate_everywhere() -> None:
    first, second = (
        done.text for done in deidentify_text(["患者王建国入院。", "与王建国沟通。王主任查房。"], secret=SECRET)
    )
    name = first.removeprefix("患者").removesuffix("入院。")
    assert len(name) == 3
    assert second == f"与{name}沟通。{name[0]}主任查房。"
    other = deidentify_text(["患者王建国入院。"], secret=Secret(b"another key of the house"))[0].text
    assert other != first


def test_a_number_keeps_its_form_and_is_marked_as_made_up() -> None:
    identity, card = "11010519491231002", "622202120300123456"
    text = f"身份证：{identity}{check_character(identity)}，"
    text += f"银行卡6222 0212 0300 1234 56{luhn_check(card)}，电话：138-1234-5678"
    done = deidentify_text([text], secret=SECRET)[0].text
    identity, card, phone = re.findall(r"\d[\dX -]{9,}[\dX]", done)
    assert identity.startswith("999999")
    assert is_identity(identity)
    assert (int(identity[16]) % 2, card[4], card[9]) == (0, " ", " ")
    assert is_card(card.replace(" ", ""))
    assert re.fullmatch(r"100-\d{4}-\d{4}", phone)


def test_a_patients_dates_move_together_and_keep_their_form() -> None:
    patient = Patient("0042")
    texts = ["2023年3月5日入院，2023-03-12出院。", "seen on March 5, 2023 and 05/03/2023", "于二〇二三年三月五日手术"]
    done = [one.text for one in deidentify_text(texts, secret=SECRET, patients=[patient] * 3)]
    first = date(*map(int, re.findall(r"(\d{4})年(\d+)月(\d+)日", done[0])[0]))
    second = date.fromisoformat(re.findall(r"\d{4}-\d\d-\d\d", done[0])[0])
    assert (second - first).days == 7
    assert abs((first - date(2023, 3, 5)).days) >= 30
    assert f"{first:%B} {first.day}, {first.year}" in done[1]
    assert re.fullmatch(
        r"于[〇零一二三四五六七八九]{4}年[一二三四五六七八九十]+月[一二三四五六七八九十]+日手术", done[2]
    )


def test_ages_over_89_are_told_as_90() -> None:
    done = deidentify_text(["患者93岁，其母一百零二岁，其子67岁。A 95-year-old man."], secret=SECRET)[0].text
    assert done == "患者90岁，其母九十岁，其子67岁。A 90-year-old man."


@pytest.mark.parametrize(
    "written",
    [
        "欧阳晓明",
        "欧 阳 晓明",
        "Ouyang Xiaoming",
        "OUYANG, Xiao-ming",
        "xiaoming ouyang",
        "77 123-4567",
        "７７１２３４５６７",
    ],
)
def test_what_the_tables_know_is_found_in_all_spellings(written: str) -> None:
    patient = Patient("77", (("name", "欧阳晓明"), ("number", "771234567")))
    done = deidentify_text([f"据述 {written} 已知情"], secret=SECRET, patients=[patient], style="tag")
    assert re.fullmatch(r"据述 \[(姓名|编号|电话)\] 已知情", done[0].text)
    assert audit(done, [patient]) == []


def test_the_audit_finds_what_was_left() -> None:
    patient = Patient("77", (("name", "欧阳晓明"), ("number", "771234567")))
    left = deidentify_text(["欧阳 晓明 号码 7712 34567"], secret=SECRET, categories=["date"])
    assert {leak.category for leak in audit(left, [patient])} == {"name", "number"}


def test_surrogates_need_a_key_and_a_known_category() -> None:
    with pytest.raises(InputError, match="need a key"):
        deidentify_text(["张三"], style="surrogate")
    with pytest.raises(InputError, match="no category"):
        deidentify_text(["张三"], secret=SECRET, categories=["shoe size"])


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.sampled_from(
                ["张伟", "患者", "2023-01-02", "13812345678", "主任", "Dr. Smith", "，", "\n", "岁", "９３"]
            ),
            st.text(max_size=6),
        ),
        max_size=14,
    )
)
def test_only_the_spans_are_changed(parts: list[str]) -> None:
    text = "".join(parts)
    done = deidentify_text([text], secret=SECRET)[0]
    spans = find_spans(text)
    assert list(done.spans) == spans
    assert all(one.end <= other.start for one, other in pairwise(spans))
    kept = [
        text[start:end]
        for start, end in zip(
            [0, *(span.end for span in spans)], [*(span.start for span in spans), len(text)], strict=True
        )
    ]
    fresh = [
        done.text[start:end]
        for start, end in zip(
            [0, *(end for _, end in done.replaced)],
            [*(start for start, _ in done.replaced), len(done.text)],
            strict=True,
        )
    ]
    assert kept == fresh
