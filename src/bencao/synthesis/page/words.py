"""The fixed words of page and picture, in English and Chinese."""

from __future__ import annotations

import re
from typing import Literal

from bencao.synthesis.route import (
    REACTION_CLASSES,
    ConditionSet,
    ConstraintOutcome,
    EvidenceLevel,
    ForwardVerdict,
    NamedChemical,
    Precedent,
    Proposal,
    Route,
    StockEntry,
)

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = ("en", "zh")

WORDS: dict[Language, dict[str, str]] = {
    "en": {
        "title": "How to make {name}",
        "title unnamed": "How to make this molecule",
        "subtitle": "Routes found by the planner; each step is a suggestion to check, not a tried procedure.",
        "target": "Target",
        "given": "Given as",
        "smiles": "SMILES",
        "inchikey": "InChIKey",
        "formula": "Formula",
        "solved": "Solved",
        "routes": "Routes",
        "longest line": "Longest line",
        "best steps": "Steps of route 1",
        "stopped": "The search ended because {reason}.",
        "expansions": "Expansions",
        "reproducible": "Reproducible",
        "no route": "No usable step to this molecule was found.",
        "unsolved": "No route ends in the stock asked for. Shown are the best partial routes;"
        " what is missing is framed in red.",
        "route solved": "Route {number}: {steps}",
        "route unsolved": "Route {number}: {steps}, not solved",
        "one step": "1 step",
        "many steps": "{count} steps",
        "one possible": "1 product possible",
        "many possible": "{count} products possible: selectivity",
        "step": "Step",
        "class": "Reaction class",
        "probability": "Probability",
        "forward": "Forward run",
        "gives product": "gives the product",
        "products": "Products possible",
        "stereo": "Stereo",
        "leaving": "Leaves",
        "molecule": "Molecule",
        "tier": "Stock tier",
        "uses": "Used as a starting material in … patent reactions",
        "price": "Price",
        "steps table": "The steps, in the order they are done. The probability is the model's, among all ways it knows;"
        " the forward run applies the same reaction rule to the reactants.",
        "leaves table": "The starting materials, each once. A use in patents is no statement that it can be bought.",
        "precedent": "Nearest precedent",
        "precedents table": "Reported reactions with the same reaction centre whose product is like that of the step:"
        " Tanimoto (ECFP4) 0.4 or more, another molecule, at most three a step. They say that the like was done, not"
        " how, nor that this step works. The shipped data carry no patent numbers: row is the line of the table the"
        " index was made from.",
        "precedents short": "Reported reactions like the steps.",
        "precedents picture": "The nearest precedent of each step.",
        "one precedent": "precedent {similarity:.2f}",
        "origin": "{source}, row {row}",
        "no precedent": "no precedent",
        "similarity": "Similarity",
        "source": "Source",
        "row": "Row",
        "source id": "Number",
        "reaction": "Reaction",
        "conditions": "Conditions",
        "conditions table": "What each step may be run with: at most three sets of reagents and catalyst, likeliest"
        " first, as like reactions were reported in patents, each with the solvent that goes with it. Reported says how"
        " many of the reactions of a kind had just these reagents. No amounts, temperatures, times, order of addition"
        " or yields: the precedents' own procedures have them.",
        "conditions short": "What each step may be run with.",
        "no conditions": "no conditions known",
        "no reagent": "no further reagent",
        "reagents": "Reagents",
        "catalysts": "Catalyst, ligand",
        "solvents": "Solvent",
        "other solvents": "Or in",
        "evidence": "Reported",
        "steps short": "The steps, in the order they are done.",
        "leaves short": "The starting materials.",
        "picture": "Read from right to left: starting materials on the right, the target on the left. Atoms and bonds"
        " that a step changes are marked in yellow in its product. After a minus sign stand the fragments of the"
        " reactants that are not in the product.",
        "figures": "{steps}, {line} on the longest line, score {score} (product of the probabilities: a rank, not a"
        " yield).",
        "compared": "The routes compared",
        "compared table": "Score: weighted mean of probability, feasibility, steps, longest line, stock evidence,"
        " hazard and price, 0 to 1. It ranks routes; it is no chance of success and no yield. Convergence: share of the"
        " steps beside the longest line. Stock evidence: of the least evidenced starting material, 0 to 1. Hazard:"
        " highest GHS score among the molecules that are in the table, which is short. Routes of one strategy make"
        " about the same bonds in about the same order.",
        "route": "Route",
        "route score": "Score",
        "steps": "Steps",
        "convergence": "Convergence",
        "stock evidence": "Stock evidence",
        "highest hazard": "Highest hazard",
        "hazard known": "Molecules in the hazard table",
        "strategy": "Strategy",
        "alike": "Others found of this strategy",
        "least feasible": "Least feasible step",
        "leaves price": "Prices of the starting materials, summed",
        "series title": "How to make {count} molecules together",
        "series subtitle": "Routes chosen so that what is shared is made once; each step is a suggestion to check.",
        "series targets": "Targets",
        "series solved": "Targets with a route from stock",
        "series together": "Steps together",
        "series apart": "Steps apart",
        "series saved": "Steps saved",
        "series to buy": "Starting materials together",
        "series to buy apart": "Starting materials apart",
        "series shared": "Shared intermediates",
        "series shared text": "From here the routes part: made once, used for several targets.",
        "series shared caption": "{smiles}, for targets {members}",
        "series all": "All steps",
        "series all table": "Each step once, in an order in which they can be done. The routes of the targets alone"
        " would add up to {apart} steps.",
        "series step for": "For targets",
        "series product": "Product",
        "series reactants": "Reactants",
        "series name": "Name",
        "series alone": "Steps alone",
        "series target": "Target {number}: {name}",
        "series steps": "{steps} steps, {alone} if planned alone",
        "series summary": "{solved} of {count} targets solved; {together} steps together, {apart} apart",
        "is solved": "solved",
        "is not solved": "not solved",
        "expanded": "{count} expansions",
        "missing": "not in stock",
        "limits": "What this page does not say",
        "limits text": "No amounts, temperatures, times, yields, scale or cost. A probability says how often the model"
        " saw the kind of step on such molecules. A forward run knows the reaction rule only: other sites that react,"
        " poor selectivity and unstable intermediates need a chemist's eye. A dash under stereo: the step has none.",
        "yes": "✓",
        "no": "✗",
    },
    "zh": {
        "title": "{name} 的合成路线",
        "title unnamed": "该分子的合成路线",
        "subtitle": "以下路线由程序规划；每一步都是待核实的建议，而非经过验证的操作规程。",
        "target": "目标分子",
        "given": "输入",
        "smiles": "SMILES",
        "inchikey": "InChIKey",
        "formula": "分子式",
        "solved": "已解决",
        "routes": "路线数",
        "longest line": "最长线性步数",
        "best steps": "路线 1 的步数",
        "stopped": "搜索终止原因：{reason}。",
        "expansions": "展开次数",
        "reproducible": "可重现",
        "no route": "没有找到可用于该分子的反应步骤。",
        "unsolved": "没有路线能全部追溯到所选库存。下面是最好的部分路线，缺少的分子以红框标出。",
        "route solved": "路线 {number}：{steps}",
        "route unsolved": "路线 {number}：{steps}，未解决",
        "one step": "1 步",
        "many steps": "{count} 步",
        "one possible": "仅有 1 种可能产物",
        "many possible": "有 {count} 种可能产物：注意选择性",
        "step": "步骤",
        "class": "反应类型",
        "probability": "概率",
        "forward": "正向验证",
        "gives product": "得到该产物",
        "products": "可能产物数",
        "stereo": "立体化学",
        "leaving": "离去部分",
        "molecule": "分子",
        "tier": "库存级别",
        "uses": "用作起始原料的专利反应数",
        "price": "价格",
        "steps table": "按操作顺序列出的步骤。概率由模型给出，是在它所知的全部方法中的占比；"
        "正向验证把同一反应规则作用于反应物。",
        "leaves table": "起始原料，每种列一次。在专利中用过并不表示可以买到。",
        "precedent": "最近的先例",
        "precedents table": "反应中心相同、产物与该步产物相似的已报道反应：Tanimoto 相似度（ECFP4）不低于 0.4，"
        "产物不是同一分子，每步至多三条。先例说明做过类似的反应，不说明条件，也不说明该步一定可行。"
        "随附数据不含专利号；行号指建立索引所用表格的行。",
        "precedents short": "与各步相似的已报道反应。",
        "precedents picture": "各步最近的先例。",
        "one precedent": "先例相似度 {similarity:.2f}",
        "origin": "{source}，第 {row} 行",
        "no precedent": "无先例",
        "similarity": "相似度",
        "source": "来源",
        "row": "行号",
        "source id": "编号",
        "reaction": "反应",
        "conditions": "反应条件",
        "conditions table": "各步可用的条件：至多三组试剂与催化剂，最可能的在前，依据专利中类似反应的报道；"
        "每组附与之相配的溶剂。“报道”一栏说明某类已报道反应中有多少例恰好使用这些试剂。不含用量、温度、时间、加料顺序和收率：请查阅先例的原始操作。",
        "conditions short": "各步可用的条件。",
        "no conditions": "无已知条件",
        "no reagent": "无其他试剂",
        "reagents": "试剂",
        "catalysts": "催化剂、配体",
        "solvents": "溶剂",
        "other solvents": "或用",
        "evidence": "报道",
        "steps short": "按操作顺序列出的步骤。",
        "leaves short": "起始原料。",
        "picture": "自右向左阅读：右侧为起始原料，左侧为目标分子。每一步所改变的原子和化学键在其产物中以黄色标出。"
        "减号后面是不进入产物的反应物片段。",
        "figures": "共 {steps}，最长线性 {line}，评分 {score}（各步概率之积，仅用于排序，不是收率）。",
        "compared": "路线比较",
        "compared table": "评分：概率、可行性、步数、最长线性步数、库存依据、危害和价格的加权平均，0 到 1，"
        "仅用于排序，既不是成功率，也不是收率。汇聚度：不在最长线性序列上的步骤占比。"
        "库存依据：依据最弱的起始原料，0 到 1。危害：危害表中各分子的最高 GHS 分，该表收录很少。"
        "同一策略的路线大致以相同顺序形成相同的键。",
        "route": "路线",
        "route score": "评分",
        "steps": "步数",
        "convergence": "汇聚度",
        "stock evidence": "库存依据",
        "highest hazard": "最高危害分",
        "hazard known": "危害表中的分子数",
        "strategy": "策略",
        "alike": "同策略的其他路线数",
        "least feasible": "最不可行的一步",
        "leaves price": "起始原料价格之和",
        "series title": "{count} 个分子的联合合成",
        "series subtitle": "所选路线使共用的中间体只合成一次；每一步都是待核实的建议。",
        "series targets": "目标分子",
        "series solved": "可追溯到库存的目标分子数",
        "series together": "联合步数",
        "series apart": "分别合成的步数",
        "series saved": "节省的步数",
        "series to buy": "联合合成的起始原料数",
        "series to buy apart": "分别合成的起始原料数",
        "series shared": "共用中间体",
        "series shared text": "各路线由此分开：合成一次，用于多个目标分子。",
        "series shared caption": "{smiles}，用于目标分子 {members}",
        "series all": "全部步骤",
        "series all table": "每一步列一次，按可操作的顺序排列。若分别合成，各目标分子的路线合计 {apart} 步。",
        "series step for": "用于目标分子",
        "series product": "产物",
        "series reactants": "反应物",
        "series name": "名称",
        "series alone": "单独合成的步数",
        "series target": "目标分子 {number}：{name}",
        "series steps": "{steps} 步，单独规划为 {alone} 步",
        "series summary": "{count} 个目标分子中已解决 {solved} 个；联合 {together} 步，分别合成 {apart} 步",
        "is solved": "已解决",
        "is not solved": "未解决",
        "expanded": "展开 {count} 次",
        "missing": "不在库存中",
        "limits": "本页没有说明的内容",
        "limits text": "没有用量、温度、时间、收率、放大和成本。概率表示模型在类似分子上见到该类步骤的频率。"
        "正向验证只了解反应规则：其他反应位点、选择性差、中间体不稳定等问题仍须由化学工作者判断。立体化学一栏的短横表示该步骤不涉及立体化学。",
        "yes": "✓",
        "no": "✗",
    },
}

CLASSES_ZH: dict[int, str] = {
    0: "未分类",
    1: "杂原子烷基化和芳基化",
    2: "酰化及相关过程",
    3: "碳–碳键形成",
    4: "杂环形成",
    5: "保护",
    6: "脱保护",
    7: "还原",
    8: "氧化",
    9: "官能团转化",
    10: "官能团引入",
}

STOPPED: dict[Language, dict[str, str]] = {
    "en": {
        "routes": "it had as many routes as it looked for, and no cheaper one was open",
        "exhausted": "nothing was left to expand",
        "expansions": "the limit of expansions was reached",
        "time": "the limit of time was reached; a second run may find other routes",
    },
    "zh": {
        "routes": "已得到所要查找的路线数，且没有更优的待展开路线",
        "exhausted": "没有可展开的分子",
        "expansions": "达到展开次数上限",
        "time": "达到时间上限；再次运行可能得到不同的路线",
    },
}

STEREO: dict[Language, dict[str, str]] = {
    "en": {"kept": "stereo kept", "lost": "stereo lost"},
    "zh": {"kept": "构型保持", "lost": "构型丢失"},
}

TIERS: dict[Language, dict[str, str]] = {
    "en": {
        "building-block": "building block",
        "commodity": "commodity",
        "paroutes": "PaRoutes stock",
        "seen": "seen only",
        "supplier": "supplier's list",
        "perhaps": "perhaps",
    },
    "zh": {
        "building-block": "砌块",
        "commodity": "大宗试剂",
        "paroutes": "PaRoutes 库存",
        "seen": "仅见于专利",
        "supplier": "供应商目录",
        "perhaps": "或许",
    },
}

_EVIDENCE: dict[Language, dict[EvidenceLevel, str]] = {
    "en": {
        "surroundings": "{reported} of {support} with the same change and all within two bonds",
        "neighbours": "{reported} of {support} with the same change and neighbours",
        "change": "{reported} of {support} with the same change",
        "bonds": "{reported} of {support} with the same changed atoms, whatever leaves",
        "class": "{reported} of {support} of the reaction class",
        "all": "{reported} of all {support}",
    },
    "zh": {
        "surroundings": "变化及两键以内的环境均相同的 {support} 例中有 {reported} 例",
        "neighbours": "变化及相邻原子均相同的 {support} 例中有 {reported} 例",
        "change": "变化相同的 {support} 例中有 {reported} 例",
        "bonds": "变化的原子相同（离去部分不论）的 {support} 例中有 {reported} 例",
        "class": "同一反应类型的 {support} 例中有 {reported} 例",
        "all": "全部 {support} 例中有 {reported} 例",
    },
}

_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")

_WARNINGS_ZH = [
    (re.compile(r"left out as counter-ion or solvate: (.*)"), r"已除去反离子或溶剂：\1"),
    (re.compile(r"given (\d+) times over: planned once"), r"同一分子出现 \1 次：只规划一次"),
    (re.compile(r"acids and bases written uncharged"), "酸和碱已写成不带电的形式"),
    (re.compile(r"the parent keeps its charge of (.*)"), r"母体保留其电荷 \1"),
    (re.compile(r"atom-map numbers removed"), "已去掉原子映射编号"),
    (
        re.compile(r"isotope labels kept \((.*)\): few labelled starting materials are in stock"),
        r"保留同位素标记（\1）：库存中几乎没有标记的原料",
    ),
    (
        re.compile(r"the target is itself in stock \(tier (.*)\); it is planned all the same"),
        r"目标分子本身就在库存中（级别 \1），仍照常规划",
    ),
    (
        re.compile(
            r"scheduled: (\S+) \((.*); Schedule (\S+) of the Chemical Weapons Convention\)"
            r" may be bought, and is not made here"
        ),
        r"受管制化学品：\1（\2；《化学武器公约》附表 \3）可以购买，此处不合成",
    ),
    (
        re.compile(r"controlled drug: (\S+) \((.*); Schedule (.*) of the Single Convention on Narcotic Drugs, 1961\)"),
        r"管制药品：\1（\2；1961 年《麻醉品单一公约》附表 \3）",
    ),
    (
        re.compile(
            r"controlled drug: (\S+) \((.*); Schedule (.*) of the Convention on Psychotropic Substances, 1971\)"
        ),
        r"管制药品：\1（\2；1971 年《精神药物公约》附表 \3）",
    ),
    (re.compile(r"energetic: (\S+) \((.*)\)"), r"含能化合物：\1（\2）"),
]
_CONSTRAINTS_ZH = {
    "freeze": "保留的键",
    "require-break": "须断开的键",
    "require-leaf": "须用的原料",
    "ban-leaf": "禁用的原料",
    "ban-element": "禁用的元素",
    "ban": "禁用的分子",
    "ban-pattern": "禁用的结构",
    "ban-class": "禁用的反应类型",
    "hazard": "危害分上限",
    "max-steps": "步数上限",
    "max-price": "价格上限",
}
_MET: dict[Language, dict[bool | None, str]] = {
    "en": {True: "met", False: "not met", None: "not known"},
    "zh": {True: "满足", False: "不满足", None: "未知"},
}
_DETAILS_ZH = [
    (re.compile(r"highest: (.*)"), r"最高：\1"),
    (re.compile(r"not in the table: (.*)"), r"表中没有：\1"),
    (re.compile(r"without a price: (.*)"), r"没有价格：\1"),
]
_SOURCES_ZH = [
    (re.compile(r"used as a starting material in (\d+) patent reactions?"), r"在 \1 个专利反应中用作起始原料"),
    (
        re.compile(r"seen as a reactant in (\d+) patent reactions?, outside the building blocks"),
        r"在 \1 个专利反应中作为反应物出现，不属于砌块",
    ),
    (re.compile(r"reviewed list of commodity chemicals"), "经审核的大宗试剂清单"),
    (re.compile(r"PaRoutes stock n1 or n5"), "PaRoutes 库存 n1 或 n5"),
    (
        re.compile(r"same skeleton, other stereo or isotopes, in tier (.*)"),
        r"级别 \1 中有骨架相同、立体化学或同位素不同的分子",
    ),
    (re.compile(r"listed( by .*)?( as .*)? in (.*)"), r"列于 \3"),
    (
        re.compile(r"perhaps in the catalogue of (.*): a Bloom filter's yes can be wrong"),
        r"或许在 \1 的目录中：布隆过滤器的肯定回答可能有误",
    ),
]


def class_name(step: Proposal, language: Language) -> str:
    """Name of a step's reaction class."""
    return REACTION_CLASSES[step.reaction_class] if language == "en" else CLASSES_ZH[step.reaction_class]


def precedent_in_words(step: Proposal, language: Language) -> str:
    """How near the nearest precedent of a step is; empty where none was looked up."""
    if step.precedents is None:
        return ""
    if not step.precedents:
        return WORDS[language]["no precedent"]
    return WORDS[language]["one precedent"].format(similarity=step.precedents[0].similarity)


def conditions_in_words(step: Proposal, language: Language) -> str:
    """The likeliest conditions of a step, ``reagents; solvents``; empty where they were not looked up."""
    if step.conditions is None:
        return ""
    if not step.conditions:
        return WORDS[language]["no conditions"]
    best = step.conditions[0]
    acting = chemicals_in_words((*best.reagents, *best.catalysts), language) or WORDS[language]["no reagent"]
    return "; ".join(filter(None, (acting, chemicals_in_words(best.solvents, language))))


def chemicals_in_words(chemicals: tuple[NamedChemical, ...], language: Language) -> str:
    """Names of what stands together; a plus between, as many names hold a comma."""
    return " + ".join(one.en if language == "en" else one.zh for one in chemicals)


def evidence_in_words(conditions: ConditionSet, language: Language) -> str:
    """How often the reagents of a set were reported, and in how like reactions."""
    words = _EVIDENCE[language][conditions.level]
    return words.format(reported=conditions.reported, support=conditions.support)


def origin_in_words(precedent: Precedent, language: Language) -> str:
    """Where a precedent stands: collection, row, and the collection's own name for it."""
    row = WORDS[language]["origin"].format(source=precedent.source, row=precedent.row)
    return ", ".join(filter(None, (row, precedent.source_id)))


def steps_in_words(count: int, language: Language) -> str:
    """``3 steps``."""
    words = WORDS[language]
    return words["one step"] if count == 1 else words["many steps"].format(count=count)


def selectivity(verdict: ForwardVerdict, language: Language) -> str:
    """How many products a step can give."""
    words = WORDS[language]
    return words["one possible"] if verdict.outcomes == 1 else words["many possible"].format(count=verdict.outcomes)


def formulas(fragments: tuple[str, ...]) -> str:
    """``BH₂O₂, Br``."""
    return ", ".join(fragments).translate(_SUBSCRIPTS)


def figures_of(route: Route, language: Language) -> str:
    """Steps, longest line and score in a sentence."""
    return WORDS[language]["figures"].format(
        steps=steps_in_words(route.steps, language),
        line=route.longest_line if language == "en" else steps_in_words(route.longest_line, language),
        score=f"{route.score:.2g}",
    )


def source_in_words(entry: StockEntry, language: Language) -> str:
    """Where a starting material is known from."""
    return entry.source if language == "en" else "；".join(map(_source_zh, entry.source.split("; ")))


def _source_zh(source: str) -> str:
    return _translated(source, _SOURCES_ZH)


def warning_in_words(warning: str, language: Language) -> str:
    """What was changed about the input."""
    return warning if language == "en" else _translated(warning, _WARNINGS_ZH)


def outcome_in_words(outcome: ConstraintOutcome, language: Language) -> str:
    """``require-break 3-4: met``."""
    met = _MET[language][outcome.met]
    if language == "en":
        return f"{outcome.constraint} {outcome.asked}: {met}" + (f" ({outcome.detail})" if outcome.detail else "")
    detail = "；".join(_translated(part, _DETAILS_ZH) for part in outcome.detail.split("; "))
    return f"{_CONSTRAINTS_ZH[outcome.constraint]} {outcome.asked}：{met}" + (f"（{detail}）" if detail else "")


def _translated(text: str, table: list[tuple[re.Pattern[str], str]]) -> str:
    for pattern, words in table:
        if found := pattern.fullmatch(text):
            return found.expand(words)
    return text
