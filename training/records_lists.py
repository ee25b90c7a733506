"""Make the lists that the de-identification of the room `records` rests on, from facts that others compiled.

    python training/records_lists.py ADCODES_CSV JIEBA_DICT CENSUS_FOLDER AMERICAN_ENGLISH TICO19_TMX

ADCODES_CSV is of cpca 0.5.5 (MIT), codes and names of China's divisions (GB/T 2260). The jieba dictionary (MIT) tells
which short names of places are ordinary words too. CENSUS_FOLDER holds dist.female.first, dist.male.first and
dist.all.last of the US Census of 1990 (public domain), as the package names 0.3.0 carries them.
AMERICAN_ENGLISH is the word list of Debian's wamerican (SCOWL), TICO19_TMX a translation memory (CC0).
"""

from __future__ import annotations

import csv
import gzip
import re
import sys
from pathlib import Path

import opencc
from pypinyin import Style, lazy_pinyin, pinyin
from pypinyin.pinyin_dict import pinyin_dict

from deidentify import contexts
from deidentify.names import lines

TARGET = Path(__file__).resolve().parent.parent / "src" / "bencao" / "records" / "models" / "deidentify"
PROVINCE = re.compile(r"(?:维吾尔|壮族|回族)?(?:特别行政区|自治区|省|市)$")
PREFECTURE = re.compile(r"(?:(?:[\u4e00-\u9fff]{1,3}族){1,3}自治州|市|地区|盟)$")
# Short names that are words of the ward or of the day.
WORDS = frozenset(
    "|".join(
        (
            "天门|朝阳|和平|高明|海城|平和|大同|长治|太平|安康|保健|新生|通化",
            "中卫|阳泉|承德|平安|宁静|安定|光明|永康|建德|兴化|高州|开平",
            "海门|大丰|东方|三明|五常|同江|安达|尚志|临床|大安|宜城|应城",
            "安全|文山|白银|白沙|黄山|黄石|铜仁|金华|银川|神农架|玉树|红河",
            "通州|丹阳|昌都|日照|平度|阳春|化州|信宜|东兴|资阳|安宁|自贡",
            "兴平|都江|大理|保亭|安国|高平|孝义|原平",
        )
    ).split("|")
)
CITIES = (
    "new york|los angeles|chicago|houston|phoenix|philadelphia|san antonio|san diego|dallas|san jose|austin|"
    "jacksonville|fort worth|columbus|charlotte|san francisco|"
    "indianapolis|seattle|denver|boston|el paso|nashville|detroit|oklahoma city|portland|las vegas|memphis|"
    "louisville|baltimore|milwaukee|albuquerque|tucson|fresno|"
    "sacramento|kansas city|atlanta|omaha|colorado springs|raleigh|miami|long beach|virginia beach|oakland|"
    "minneapolis|tulsa|tampa|arlington|new orleans|wichita|"
    "cleveland|bakersfield|honolulu|anaheim|santa ana|riverside|corpus christi|stockton|pittsburgh|cincinnati|"
    "anchorage|greensboro|newark|plano|lincoln|orlando|"
    "toledo|jersey city|chula vista|buffalo|fort wayne|chandler|st. petersburg|laredo|durham|madison|lubbock|"
    "scottsdale|reno|glendale|gilbert|winston-salem|norfolk|"
    "chesapeake|fremont|richmond|boise|spokane|baton rouge|des moines|tacoma|rochester|birmingham|little rock|"
    "salt lake city|tallahassee|worcester|knoxville|providence|"
    "springfield|dayton|hartford|savannah|syracuse|ann arbor|berkeley|albany|burlington|eugene|santa fe|palo "
    "alto|brooklyn|queens|manhattan|bronx|staten island|"
    "london|manchester|liverpool|leeds|sheffield|bristol|glasgow|edinburgh|cardiff|belfast|nottingham|oxford|"
    "cambridge|brighton|toronto|vancouver|montreal|ottawa|"
    "calgary|edmonton|winnipeg|sydney|melbourne|brisbane|perth|adelaide|auckland|wellington|dublin|singapore|"
    "tokyo|osaka|kyoto|seoul|busan|paris|berlin|munich|hamburg|"
    "frankfurt|vienna|zurich|geneva|amsterdam|brussels|madrid|barcelona|rome|milan|naples|lisbon|athens|moscow|"
    "istanbul|cairo|lagos|nairobi|johannesburg|cape town|"
    "mumbai|delhi|new delhi|bangalore|chennai|kolkata|karachi|lahore|dhaka|bangkok|hanoi|ho chi minh city|"
    "manila|jakarta|kuala lumpur|hong kong|macau|taipei|kaohsiung|"
    "mexico city|bogota|lima|santiago|buenos aires|sao paulo|rio de janeiro|havana|san juan|peking|canton"
)
# Ordinary English words, and words of medicine, that are somebody's name as well.
# Words that are a person's name more often than not where another name stands beside them.
ALSO = (
    "mark grace hope faith joy rose lily daisy violet ivy iris olive pearl ruby amber crystal dawn eve "
    "christian frank drew bill art ray chuck dick don gene jack jay jean ken "
    "kit lance les max mel norm otto rusty guy lee sue pat rob ben ann bud val vic victor wade wes will april "
    "june august autumn summer may sterling glen dale cliff rex dean "
    "young wood green bell hill brown white black gray grey baker cook parker fisher walker price reed page "
    "case king prince duke bishop pope knight ward church field forest lake "
    "river stone woods park street rose long short small little sharp rich good best wells hart banks bush day "
    "marshall mason turner taylor miller smith hunter carpenter butler "
    "porter foster wilson jackson graves addison barrett wells child paget kelly norton morse murphy graham "
    "west north strong weeks rice snow frost winter love bond cross "
    "ball bird wolf fox cole moon moss pool post rush sharp silver gold stout sweet swift underwood waters webb "
    "wise york francis major noble early english french holland"
)
ENGLISH = (
    "a an the and or of in on at to for from with by as is was are were be been has have had no not he she his "
    "her him it its they them this that these those i we you my our your who whom "
    "may will mark grace hope joy faith rose lily daisy violet ivy iris olive pearl ruby amber crystal dawn eve "
    "autumn summer april june august christian early young old "
    "long short small little large big strong weak hard sharp white black brown green gray grey red blue gold "
    "silver rich poor good best better well wells sick hurt pain "
    "bone back foot hand head hart heart brain chest neck arm legg leg blood vein cell cells house home hall "
    "room bed ward church hill field forest lake river stone "
    "wood woods park street lane day days week month year night morning noon evening winter spring snow rain "
    "storm frost page price case cases bill bills cash check checks chart ray rays art "
    "drew will can could might must should would shall do does did done make made take took give gave go went "
    "gone come came see saw seen say said tell told know "
    "known think thought look looked feel felt seem left right up down in out over under above below near far "
    "close open start stop begin end first last next past "
    "new nice fine fair fast free full low high hi mild moderate severe acute chronic stable normal male female "
    "man woman men women boy girl child baby infant mother father "
    "son daughter brother sister wife husband king prince duke bishop pope knight major minor general patient "
    "patients doctor nurse nurses physician surgeon resident attending "
    "service care clinic hospital center department unit emergency family history social medical surgical plan "
    "assessment exam examination review systems discharge "
    "admission diagnosis treatment therapy medication medications allergies allergy lab labs laboratory test "
    "tests result results imaging radiology pathology "
    "oncology cardiology neurology pulmonary renal hepatic cardiac abdomen abdominal pelvis pelvic spine lumbar "
    "cervical thoracic follow followed continue continued "
    "monday tuesday wednesday thursday friday saturday sunday january february march july september october "
    "november december "
    "ct mri ekg ecg echo iv po bid tid qid prn ed er icu or or pt ms md rn np pa do phd dr mr mrs miss sir lord "
    "lady saint st van von de la le el al ben ann bud guy lee sue pat rob "
    "bill chuck dick don gene jack jay jean ken kit lance les max mel norm otto ray reed rusty skip sterling "
    "trip ty val vic victor wade ward wes "
    "bell foley parkinson crohn hodgkin murphy babinski apgar glasgow graves cushing addison barrett alzheimer "
    "down turner marfan raynaud kaposi hashimoto wilson "
    "sex age dob mrn gender phone address fax email room date time ward ssn acct account provider accession "
    "specimen received location status marital race ethnicity occupation religion language "
    "insurance policy number record chart note subject reason chief complaint present illness vital signs "
    "objective subjective impression findings technique comparison indication conclusion "
    "pseudomonas aeruginosa staphylococcus staph aureus klebsiella pneumoniae clostridium difficile escherichia "
    "enterococcus faecalis candida albicans streptococcus strep pyogenes proteus mirabilis acinetobacter "
    "baumannii haemophilus influenzae neisseria salmonella shigella helicobacter pylori mycobacterium "
    "tuberculosis aspergillus cryptococcus legionella listeria serratia enterobacter bacteroides "
    "tylenol ativan zosyn lasix eliquis keppra lovenox plavix zofran reglan lopressor norvasc lipitor crestor "
    "zocor xarelto coumadin heparin humalog lantus novolog glucophage januvia jardiance farxiga "
    "ozempic synthroid prilosec nexium protonix pepcid zantac prozac zoloft lexapro celexa paxil effexor "
    "cymbalta wellbutrin xanax klonopin valium ambien seroquel zyprexa risperdal abilify haldol lithium "
    "depakote "
    "tegretol lamictal neurontin lyrica topamax dilantin percocet vicodin norco oxycontin dilaudid morphine "
    "fentanyl narcan toradol motrin advil aleve celebrex flexeril augmentin zithromax levaquin cipro keflex "
    "rocephin vancomycin bactrim flagyl diflucan tamiflu albuterol advair symbicort spiriva singulair flonase "
    "benadryl claritin zyrtec allegra prednisone medrol decadron solumedrol aldactone diovan cozaar "
    "zestril coreg toprol cardizem procardia hydralazine catapres digoxin amiodarone imdur nitro aspirin "
    "ecotrin brilinta effient colace senna miralax dulcolax dobhoff doppler broca wernicke ranson wells "
    "swan ganz holter doppler gram coombs romberg tinel phalen homans kernig brudzinski braden norton morse "
    "wells child pugh kussmaul still bright pick huntington whipple billroth "
    "mallory weiss zollinger ellison paget hirschsprung meckel osler schwann purkinje valsalva trendelenburg "
    "kocher kelly penrose jackson pratt hickman broviac groshong "
    "normal negative positive warm cool cold hot dry wet clear dense firm soft gentle plain sound round square "
    "true false per via plus"
)


def places(adcodes: Path, dictionary: Path) -> list[str]:
    """Names of divisions; the short ones where they are no ordinary word."""
    kinds: dict[str, str] = {}
    for line in dictionary.read_text(encoding="utf-8").splitlines():
        word, _, kind = line.split()
        kinds[word] = kind
    found: set[str] = set()
    with adcodes.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            code, name = row["adcode"], row["name"]
            if name in ("市辖区", "县", "城区", "郊区", "矿区") or len(name) < 2:
                continue
            found.add(name)
            level = PROVINCE if code[2:6] == "0000" else PREFECTURE if code[4:6] == "00" else re.compile("市$")
            short = level.sub("", name)
            usual = code[4:6] == "00" or kinds.get(short, "ns") in ("ns", "nr", "nz", "nt")
            if len(short) >= 2 and short not in WORDS and usual:
                found.add(short)
            if level is PREFECTURE or level is PROVINCE:
                found.add(short + "市") if name.endswith("市") else None
            if name.endswith("区") and len(name) > 2 and kinds.get(name[:-1]) == "ns" and name[:-1] not in WORDS:
                found.add(name[:-1])
            county = re.sub("(?:[县区旗])$", "", name)
            if (
                code[4:6] != "00"
                and len(county) >= 2
                and kinds.get(county) == "ns"
                and county not in WORDS
                and name.endswith("县")
            ):
                found.add(county)
    found |= {
        "内蒙古",
        "广西",
        "西藏",
        "宁夏",
        "新疆",
        "香港",
        "澳门",
        "台湾",
        "台北",
        "高雄",
        "浦东新区",
        "浦东",
        "雄安新区",
        "两江新区",
        "天府新区",
        "滨海新区",
    }
    return sorted(found)


def latin(names: list[str], folder: Path) -> dict[str, set[str]]:
    """Names in Latin letters by kind."""

    def first(file: str, most: int) -> set[str]:
        lines = (folder / file).read_text(encoding="utf-8").splitlines()[:most]
        return {line.split()[0].lower() for line in lines}

    cities = set(CITIES.split("|"))
    for name in names:
        if 2 <= len(name) <= 4 and not re.search("[县区旗州]$", name):
            word = "".join(lazy_pinyin(re.sub("(?:省|市|自治区)$", "", name)))
            if len(word) >= 6:
                cities.add(word)
    syllables = {
        one
        for code in pinyin_dict
        if 0x4E00 <= code <= 0x9FFF
        for one in pinyin(chr(code), style=Style.NORMAL, heteronym=True)[0]
    }
    words = set(ENGLISH.split())
    return {
        "given": first("dist.female.first", 2500) | first("dist.male.first", 1219),
        "family": first("dist.all.last", 12000),
        "cities": cities,
        "pinyin": {one.replace("ü", "v") for one in syllables if (one.isalpha() and one.isascii()) or "ü" in one}
        | {"lyu", "nyu"},
        "also": set(ALSO.split()),
        "words": words,
        "terms": {term.lower() for line in lines("eponyms.txt") for term in line.split("|")},
    }


def traditional() -> list[str]:
    """Traditional characters and their simplified form, one for one (OpenCC, Apache-2.0)."""
    converter = opencc.OpenCC("t2s")
    han = [chr(code) for code in range(0x4E00, 0xA000)]
    pairs = [(sign, converter.convert(sign)) for sign in han]
    return [sign + simple for sign, simple in pairs if len(simple) == 1 and simple != sign and simple < "\ua000"]


def vocabulary(source: Path, memory: Path) -> list[str]:
    """Ordinary English words in lower case: of SCOWL, and those that the TICO-19 texts (CC0) have in lower case."""
    words = {line for line in source.read_text(encoding="utf-8").split() if re.fullmatch("[a-z]{2,}", line)}
    words |= set(re.findall(r"(?<![A-Za-z-])[a-z]{4,}(?![A-Za-z])", memory.read_text(encoding="utf-8-sig")))
    return sorted(words)


def main(adcodes: Path, dictionary: Path, census: Path, english: Path, memory: Path) -> None:
    """Write the lists."""
    notice = (
        "# SCOWL: Copyright 2000-2011 by Kevin Atkinson; permission to use, copy, modify and distribute is granted.\n"
    )
    packed = gzip.compress((notice + "\n".join(vocabulary(english, memory)) + "\n").encode(), mtime=0)
    (TARGET / "english.txt.gz").write_bytes(packed)
    TARGET.mkdir(parents=True, exist_ok=True)
    names = places(adcodes, dictionary)
    (TARGET / "places.txt").write_text("\n".join(names) + "\n", encoding="utf-8")
    (TARGET / "traditional.txt").write_text(" ".join(traditional()) + "\n", encoding="utf-8")
    heads = set("".join(lines("surnames.txt"))) | {name[0] for name in " ".join(lines("compound_surnames.txt")).split()}
    words = {*contexts.MEDICAL, *" ".join(lines("plain.txt")).split()}
    ward = sorted({word for word in words if 1 < len(word) < 7 and word[0] in heads})
    (TARGET / "ward.txt").write_text(" ".join(ward) + "\n", encoding="utf-8")
    kinds = latin(names, census)
    rows = [f"{kind}\t{'|'.join(sorted(found))}" for kind, found in sorted(kinds.items())]
    (TARGET / "latin.txt").write_text("\n".join(rows) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:6]))
