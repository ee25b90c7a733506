"""Reagents and solvents of the condition model on held-out reactions, beside the frequency by class.

python benchmarks/synthesis/conditions.py RECORDS.tsv.xz [--fold test] [--model DIR] [--json] [--predictions FILE]

The records are written by ``training/synthesis_conditions.py``; the fold was split off by the scaffold of the product.
What a step is shown is compared with what was reported, sets whole, salts merged. The baseline names the commonest
reported sets of the reaction's class in the folds that are learned from.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from command import run
from intervals import bootstrap, percent
from rdkit import Chem
from rich.console import Console
from rich.table import Table

from bencao.kernel.files import write_text
from bencao.synthesis.conditions.change import Change
from bencao.synthesis.conditions.chemicals import chemical_list
from bencao.synthesis.conditions.demands import is_alkali
from bencao.synthesis.conditions.model import SHIPPED_CONDITIONS, ConditionModel, load_conditions
from bencao.synthesis.route import ConditionSet
from bencao.synthesis.train.condition_records import ConditionRecord, read_records
from bencao.synthesis.train.conditions import Learned, learnable

RANKS = (1, 3, 10)
SEED = 7  # of the bootstrap; nothing else is drawn

Members = frozenset[str]


@dataclass(frozen=True)
class Reaction:
    """A held-out reaction with all that was reported of it.

    Attributes
    ----------
    record : ConditionRecord
        The first of its records.
    change : Change
    acting, solvents : frozenset of frozenset of str
        Reported sets: reagents with catalysts, and solvents.
    complete : frozenset of frozenset of str
        Those of `acting` that can be all that was used, see `Demands.completed`.
    filed : frozenset of str
        Solvents that ORD rows file first.
    """

    record: ConditionRecord
    change: Change
    acting: frozenset[Members]
    solvents: frozenset[Members]
    complete: frozenset[Members]
    filed: frozenset[str]


@dataclass(frozen=True)
class Answer:
    """What is ranked for a reaction, best first.

    Attributes
    ----------
    acting, solvents : tuple of frozenset of str
        Sets, those of the model as a step is shown them; those of the solvents without the empty one.
    single : tuple of str
        Solvents: the baseline's by the number of all sets that hold them, the model's each the likeliest where none
        before it is used.
    """

    acting: tuple[Members, ...]
    solvents: tuple[Members, ...]
    single: tuple[str, ...]


def held_out(learned: Iterable[Learned], fold: str) -> list[Reaction]:
    """Distinct reactions of a fold of which reagents or solvents are known."""
    groups: dict[tuple[str, str], list[Learned]] = defaultdict(list)
    for one in learned:
        if one.record.fold == fold and one.reported is not None:
            groups[one.record.key].append(one)
    return [
        Reaction(
            members[0].record,
            members[0].change,
            frozenset(one.reported for one in members if one.reported is not None),
            frozenset(one.solvents for one in members),
            frozenset(one.acting for one in members if one.acting is not None),
            frozenset(one.record.solvent for one in members) - {""},
        )
        for members in groups.values()
    ]


class FrequencyByClass:
    """The baseline: the commonest sets of each class, the class given where it is known, else by the classifier."""

    def __init__(self, learned: Iterable[Learned], fold: str, model: ConditionModel) -> None:
        self._model = model
        acting: dict[int, Counter[Members]] = defaultdict(Counter)
        solvents: dict[int, Counter[Members]] = defaultdict(Counter)
        for one in learned:
            if one.record.fold not in (fold, "test") and one.reported is not None:
                number = self.class_of(one.record, one.change)
                solvents[number][one.solvents] += 1
                acting[number][one.reported] += 1
        self._answers = {number: _answer_of(acting[number], solvents[number]) for number in solvents}

    def class_of(self, record: ConditionRecord, change: Change) -> int:
        """The class a collection gives, else the classifier's."""
        return record.reaction_class or self._model.reaction_class(change)

    def answer(self, reaction: Reaction) -> Answer:
        """The ranking of the reaction's class."""
        return self._answers[self.class_of(reaction.record, reaction.change)]


def _answer_of(acting: Counter[Members], solvents: Counter[Members]) -> Answer:
    single: Counter[str] = Counter()
    for members, count in solvents.items():
        for member in members:
            single[member] += count
    return Answer(
        tuple(_by_count(acting)),
        tuple(filter(None, _by_count(solvents))),
        tuple(sorted(single, key=lambda one: (-single[one], one))),
    )


def _by_count(counts: Counter[Members]) -> list[Members]:
    return sorted(counts, key=lambda members: (-counts[members], sorted(members)))


def model_answer(model: ConditionModel, reaction: Reaction, shown: Sequence[ConditionSet]) -> Answer:
    """What the model shows of a step, and its solvents whatever the reagents."""
    ranking = model.ranking(reaction.change)
    solvents = np.argsort(-ranking.solvents, kind="stable")[: max(RANKS) + 1]
    return Answer(
        tuple(frozenset(one.smiles for one in each.reagents + each.catalysts) for each in shown),
        tuple(filter(None, (model.solvents[index] for index in solvents))),
        tuple(model.single_solvents(ranking.solvents, max(RANKS))),
    )


@dataclass(frozen=True)
class Question:
    """A figure: of which reactions, and what counts as found among the first k."""

    asks: Callable[[Reaction], bool]
    hit: Callable[[Reaction, Answer, int], bool]


def _true_acting(reaction: Reaction, answer: Answer, k: int) -> bool:
    return bool(set(answer.acting[:k]) & reaction.acting)


def _true_solvents(reaction: Reaction, answer: Answer, k: int) -> bool:
    return bool(set(answer.solvents[:k]) & reaction.solvents)


def _any_solvent(reaction: Reaction, answer: Answer, k: int) -> bool:
    return bool(set(answer.single[:k]) & frozenset[str]().union(*reaction.solvents))


def _filed_solvent(reaction: Reaction, answer: Answer, k: int) -> bool:
    return bool(set(answer.single[:k]) & reaction.filed)


def _is_ord(reaction: Reaction) -> bool:
    return reaction.record.collection == "ord"


def _named_acting(reaction: Reaction, answer: Answer, k: int) -> bool:
    return bool(set(filter(None, answer.acting[:k])) & reaction.acting)


def _complete_acting(reaction: Reaction, answer: Answer, k: int) -> bool:
    return bool(set(filter(None, answer.acting[:k])) & reaction.complete)


QUESTIONS = {
    # Reactions with a reagent or catalyst; that none is needed may be answered, and is then a place lost.
    "reagents": Question(lambda one: any(one.acting), _named_acting),
    # The same with those of which only solvents are reported: that none is needed is then the true answer.
    "reagents_or_none": Question(lambda one: bool(one.acting), _true_acting),
    # Without those whose reported reagents cannot be all that was used.
    "complete_reagents": Question(lambda one: any(one.complete), _complete_acting),
    "solvent_set": Question(lambda one: any(one.solvents), _true_solvents),
    "solvent": Question(lambda one: any(one.solvents), _any_solvent),
    "ord_solvent_set": Question(lambda one: _is_ord(one) and any(one.solvents), _true_solvents),
    "ord_solvent": Question(lambda one: _is_ord(one) and any(one.solvents), _any_solvent),
    "ord_filed_solvent": Question(lambda one: _is_ord(one) and bool(one.filed), _filed_solvent),
}


# Groups are counted on both sides: an oracle that knows neither the maps nor the demands of the model.
_ESTER = Chem.MolFromSmarts("[#6][CX3](=[OX1])[OX2][#6]")
_ACID = Chem.MolFromSmarts("[#6][CX3](=[OX1])[OX2H1,OX1-]")


def _more(record: ConditionRecord, group: Chem.Mol) -> int:
    """How many more of a group the product has than the reactants."""
    counts = [len(Chem.MolFromSmiles(side).GetSubstructMatches(group)) for side in (record.product, record.reactants)]
    return counts[0] - counts[1]


def _holds_alkali(members: Members) -> bool:
    return any(map(is_alkali, members))


def _holds_activator(members: Members) -> bool:
    acts = [chemical_list().chemical(smiles).acts for smiles in members]
    return any("activator" in each and "acid" not in each for each in acts)


# Steps, and what would bring about their reverse.
DIRECTIONS: tuple[tuple[str, Callable[[ConditionRecord], bool], Callable[[Members], bool]], ...] = (
    ("ester_made", lambda one: _more(one, _ESTER) > 0, _holds_alkali),
    ("ester_cut_to_acid", lambda one: _more(one, _ESTER) < 0 < _more(one, _ACID), _holds_activator),
)


@dataclass(frozen=True)
class Scored:
    """A reaction with both answers.

    Attributes
    ----------
    reaction : Reaction
    model, baseline : Answer
    milliseconds : float
        CPU time of the condition sets of a step, ten of them.
    """

    reaction: Reaction
    model: Answer
    baseline: Answer
    milliseconds: float

    def as_json(self) -> dict[str, Any]:
        """What ``--predictions`` writes."""
        record = self.reaction.record
        return {
            "collection": record.collection,
            "row": record.row,
            "mapped": record.mapped,
            "reported_reagents": _listed(self.reaction.acting),
            "reported_solvents": _listed(self.reaction.solvents),
            "filed_solvents": sorted(self.reaction.filed),
            "reagents": [sorted(members) for members in self.model.acting],
            "solvent_sets": [sorted(members) for members in self.model.solvents],
            "solvents": list(self.model.single),
            "baseline_reagents": [sorted(members) for members in self.baseline.acting[: max(RANKS)]],
            "baseline_solvents": list(self.baseline.single[: max(RANKS)]),
        }


def _listed(sets: Iterable[Members]) -> list[list[str]]:
    return sorted(sorted(members) for members in sets)


def score_all(learned: Sequence[Learned], fold: str, model: ConditionModel) -> list[Scored]:
    """Ask model and baseline for every held-out reaction."""
    baseline = FrequencyByClass(learned, fold, model)
    scored = []
    for reaction in held_out(learned, fold):
        began = time.process_time()
        shown = model.find(reaction.record.mapped, top=max(RANKS))
        spent = 1_000 * (time.process_time() - began)
        scored.append(Scored(reaction, model_answer(model, reaction, shown), baseline.answer(reaction), spent))
    return scored


def figures(scored: Sequence[Scored], learned: Sequence[Learned], fold: str, model: ConditionModel) -> dict[str, Any]:
    """Shares in percent with Wilson intervals; the gain over the baseline with a bootstrap over reactions."""
    result: dict[str, Any] = {"n": len(scored)}
    for name, question in QUESTIONS.items():
        asked = [one for one in scored if question.asks(one.reaction)]
        for k in RANKS:
            hits = [
                (question.hit(one.reaction, one.model, k), question.hit(one.reaction, one.baseline, k)) for one in asked
            ]
            for whose, place in ((f"{name}_top{k}", 0), (f"baseline_{name}_top{k}", 1)):
                result |= percent(whose, sum(pair[place] for pair in hits), len(asked))
                result[f"{whose}_n"] = len(asked)
            if k == 3 and asked:
                gains = [100.0 * (ours - theirs) for ours, theirs in hits]
                low, high = bootstrap(gains, np.mean, SEED, draws=2_000)
                result[f"{name}_gain"] = round(float(np.mean(gains)), 3)
                result |= {
                    f"{name}_gain_low": round(low, 3),
                    f"{name}_gain_high": round(high, 3),
                    f"{name}_gain_n": len(asked),
                }
    for name, makes, wrong in DIRECTIONS:
        asked = [one for one in scored if makes(one.reaction.record)]
        shown = [members for one in asked for members in one.model.acting[:3]]
        result |= {f"{name}_n": len(asked), f"{name}_sets": len(shown), f"{name}_wrong": sum(map(wrong, shown))}
    inside = [one for one in learned if one.record.fold == fold]
    classed = [one for one in inside if one.record.reaction_class]
    right = sum(one.record.reaction_class == model.reaction_class(one.change) for one in classed)
    result |= percent("class", right, len(classed)) | {"class_n": len(classed)}
    reported = [one for one in inside if one.reported is not None]
    result |= percent("incomplete", sum(one.acting is None for one in reported), len(reported))
    result["incomplete_n"] = len(reported)
    unlisted = [one for one in scored if one.reaction.acting and not any(map(_is_listed, one.reaction.acting))]
    result |= percent("unlisted_reagent", len(unlisted), len(scored)) | {"unlisted_reagent_n": len(scored)}
    result["median_ms"] = round(median(one.milliseconds for one in scored), 2)
    return result


def _is_listed(members: Members) -> bool:
    return all(member in chemical_list().by_smiles for member in members)


def show(result: dict[str, Any]) -> None:
    """Print the shares beside the baseline."""
    table = Table(title="share of held-out reactions with a true answer among the first k, % (95 % interval)")
    for heading in ("", "n", *(f"top {k}" for k in RANKS), "baseline top 3", "gain at 3"):
        table.add_column(heading, justify="right" if heading else "left")
    for name in QUESTIONS:
        tops = [_with_interval(result, f"{name}_top{k}") for k in RANKS]
        base, gain = _with_interval(result, f"baseline_{name}_top3"), _with_interval(result, f"{name}_gain")
        table.add_row(name.replace("_", " "), str(result[f"{name}_top3_n"]), *tops, base, gain)
    console = Console()
    console.print(table)
    for name, _, _ in DIRECTIONS:
        console.print(
            f"{name.replace('_', ' ')}: {result[f'{name}_n']} steps are shown {result[f'{name}_sets']} sets,"
            f" {result[f'{name}_wrong']} of them for the reverse"
        )
    console.print(f"class right: {_with_interval(result, 'class')} of {result['class_n']}")
    console.print(f"records whose reagents cannot be all that was used: {_with_interval(result, 'incomplete')}")
    console.print(f"a reagent that the reviewed list lacks: {_with_interval(result, 'unlisted_reagent')}, all misses")
    console.print(f"median {result['median_ms']} CPU ms a step")


def _with_interval(result: dict[str, Any], name: str) -> str:
    return f"{result[name]:.1f} ({result[f'{name}_low']:.1f} to {result[f'{name}_high']:.1f})"


def main() -> None:
    """Run on a file of records."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, usage="%(prog)s FILE [options]"
    )
    parser.add_argument("file", type=Path, help="records, as training/synthesis_conditions.py writes them")
    parser.add_argument("--fold", choices=("test", "tune"), default="test", help="what is scored")
    parser.add_argument("--model", type=Path, default=SHIPPED_CONDITIONS, help="model folder, else the shipped one")
    parser.add_argument("--json", action="store_true", help="print one flat JSON object")
    parser.add_argument("--predictions", type=Path, help="write each reaction's answers, one JSON a line")
    arguments = parser.parse_args()
    model = load_conditions(arguments.model)
    learned = learnable(read_records(arguments.file), report=lambda line: print(line, file=sys.stderr))
    scored = score_all(learned, arguments.fold, model)
    if arguments.predictions:
        lines = (json.dumps(one.as_json(), ensure_ascii=False) for one in scored)
        write_text(arguments.predictions, "".join(f"{line}\n" for line in lines))
    result = figures(scored, learned, arguments.fold, model) | {"fold": arguments.fold, "seed": SEED}
    if arguments.json:
        print(json.dumps(result | dict(model.identity)))
    else:
        show(result)


if __name__ == "__main__":
    run(main)
