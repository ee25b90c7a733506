"""Make the model of `bencao trial suggest`: what is known of SDTM variables, the terminology, and the weights.

python training/trial_mapping.py [--data ../shared/data/trial] [--out src/bencao/trial/models/mapping]

The terminology is an R file: reading it needs pyreadr (AGPL), which is no dependency of the package.
"""

from __future__ import annotations

import argparse
import csv
import json
import lzma
import random
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.optimize import minimize

from bencao.kernel.files import write_bytes, write_text
from bencao.kernel.models import ModelFigure, TrainingSource, write_card
from bencao.trial.mapping.columns import RawColumn, profile_of
from bencao.trial.mapping.features import DOMAIN, FEATURES, Fit
from bencao.trial.mapping.knowledge import NOT_SUBMITTED, read_knowledge
from bencao.trial.mapping.model import KNOWLEDGE, MODELS, NAME, TERMINOLOGY, WEIGHTS, Mapper
from bencao.trial.mapping.similarity import words_of
from bencao.trial.mapping.terminology import DOMAIN as DOMAIN_CODELIST
from bencao.trial.mapping.terminology import Terminology, read_terminology

HERE = Path(__file__).resolve().parent
YES_NO = "C66742"
SEED = 20260101
NEGATIVES = 48
WORDS = ("old", "mild", "right", "pain", "left", "daily", "other", "tablet", "head")
FOLDS = 4
RIDGE = 0.002
# Of the forms of a domain so many at most: lab tests are asked for in the same way hundreds of times.
FORMS_OF_A_DOMAIN = 12


Array = npt.NDArray[np.float64]
Row = tuple[Array, npt.NDArray[np.bool_], str]


@dataclass(frozen=True)
class Field:
    """A field of a standard form."""

    domain: str
    form: str
    name: str
    text: str
    targets: tuple[tuple[str, str, str], ...]
    codelist: str
    shown: tuple[str, ...]
    data_type: str


def read_fields(path: Path) -> list[Field]:
    """Fields of the COSMoS forms with the SDTM variables that they are mapped to."""
    fields = []
    for row in pl.read_csv(path, infer_schema=False).iter_rows(named=True):
        annotation = row["sdtm_annotation"] or ""
        tested = re.search(r"(\w\w)TESTCD = (\w+)", annotation)
        named = [part.split(" in ")[0].strip() for part in (row["sdtm_target_variable"] or "").split(";")]
        # A result's test stands beside it; the test itself is not what the field holds.
        variables = [one for one in named if one and not (len(named) > 1 and re.fullmatch(r"\w\wTEST(CD)?", one))]
        denormalised = "DENORMALIZED" in (row["crf_group_id"] or "") or "_" in (row["crf_item"] or "")
        test = tested.group(2) if tested and denormalised else ""
        targets = tuple(
            (row["domain"], re.sub(r"(DAT|TIM)$", "DTC", one), test if "ORRES" in one else "") for one in variables
        )
        text = row["question_text"] or row["prompt"] or row["short_name"] or ""
        fields.append(
            Field(
                row["domain"], row["crf_group_id"] or row["crf_item"], row["crf_item"], text,
                targets or (("", NOT_SUBMITTED, ""),), row["codelist"] or "",
                tuple((row["value_display_list"] or "").split(";")) if row["value_display_list"] else (),
                row["data_type"],
            )
        )  # fmt: skip
    return fields


def table(name: str) -> list[dict[str, str]]:
    """Rows of a table beside this script."""
    with (HERE / name).open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream, delimiter="\t"))


def edc_fields() -> list[Field]:
    """Columns that EDC systems add to every export, each as a form of its own."""
    fields = []
    for number, row in enumerate(table("edc_fields.tsv")):
        domain = "DM" if row["variable"] in ("SUBJID", "SITEID") else ""
        target = (domain, row["variable"], "")
        kind = "integer" if row["name"].endswith(("ID", "NUM", "NO", "NUMBER", "POSITION", "SEQ")) else "text"
        fields.append(Field("", f"edc {number}", row["name"], row["label"], (target,), "", (), kind))
    return fields


def build_terminology(path: Path) -> bytes:
    """The terminology as the package reads it."""
    try:
        import pyreadr
    except ImportError:
        sys.exit("reading ct.rds needs pyreadr: pip install pyreadr, into an environment of its own")
    frame = pl.from_pandas(pyreadr.read_r(str(path))[None].astype(object).where(lambda data: data.notna(), None))
    lists: dict[str, list[object]] = {}
    for row in frame.iter_rows(named=True):
        row["term"] = row["term"] or "NA"  # the term NA, of "not applicable", is what R takes for missing
        if str(row["is_clst"]) == "True":
            lists[row["clst_code"]] = [row["clst_code"], row["name"], row["term"], str(row["ext"]) == "True", []]
        else:
            synonyms = [
                one.strip() for one in (row["syn"] or "").split(";") if one.strip() and one.strip() != row["term"]
            ]
            lists[row["clst_code"]][4].append([row["term"], row["code"], row["nci"] or "", synonyms])  # type: ignore[attr-defined]
    told = {"version": "2025-03-25", "codelists": list(lists.values())}
    return packed(told)


def packed(told: object) -> bytes:
    """JSON, compressed; the same bytes from run to run."""
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    return lzma.compress(text.encode(), preset=9)


def build_knowledge(fields: Sequence[Field], specialised: Path, terminology: Terminology) -> bytes:
    """Targets, phrases and links from the forms, the dataset specialisations and the table of SDTM variables."""
    names: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    codelists: dict[tuple[str, str, str], Counter[str]] = defaultdict(Counter)
    kinds: dict[tuple[str, str, str], Counter[str]] = defaultdict(Counter)
    counts: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    forms: dict[str, set[str]] = defaultdict(set)
    asked: set[tuple[str, tuple[str, str, str], str, str]] = set()
    for field in fields:
        forms[field.domain].add(field.form)
        for key in field.targets:
            domain, variable, _ = key
            counts[(*key[:2], "")].add(field.form)
            names[key] |= {variable, re.sub(r"^.*_", "", field.name)} if domain else set()
            kinds[key][kind_of_field(field)] += 1
            if field.codelist:
                codelists[key][field.codelist] += 1
            asked.add((field.text, key, field.domain, field.form))
    for row in pl.read_csv(specialised, infer_schema=False).iter_rows(named=True):
        key = (row["domain"], row["sdtm_variable"], "")
        if row["nsv_flag"] == "Y" or not re.fullmatch(r"[A-Z]{1,8}\d?", row["sdtm_variable"]):
            continue
        names[key].add(row["sdtm_variable"])
        if row["codelist"]:
            codelists[key][row["codelist"]] += 1
    for row in table("sdtm_variables.tsv"):
        for domain in row["domains"].split():
            place = "" if domain == "*" else domain
            key = (place, row["stem"].replace("--", domain), "")
            names[key].add(key[1])
            kinds[key][row["kind"]] += 1
            asked.add((row["label"], key, "", ""))
    for field in edc_fields():
        (key,) = field.targets
        names[key].add(field.name)
        asked.add((field.text, key, "", field.form))
    targets = [*sorted(key for key in names if key[1] != NOT_SUBMITTED), ("", NOT_SUBMITTED, "")]
    texts = sorted({text for text, _, _, _ in asked if text})
    place_of, number_of = {text: place for place, text in enumerate(texts)}, {key: n for n, key in enumerate(targets)}
    links = sorted(
        ((place_of[text], number_of[key], domain, form) for text, key, domain, form in asked if text),
        key=lambda link: (link[1], link[0], link[2], link[3]),
    )
    domains = {value: preferred or value for value, _, preferred, _ in terminology.codelists[DOMAIN_CODELIST].terms}
    told = [
        (*key, sorted(names[key]), [code for code, _ in codelists[key].most_common()],
         kind_of_target(key, codelists[key], kinds[key]),
         round(len(counts[(*key[:2], "")]) / len(forms.get(key[0], forms["LB"])), 4))
        for key in targets
    ]  # fmt: skip
    return packed({"targets": told, "phrases": texts, "links": links, "domains": domains})


def kind_of_field(field: Field) -> str:
    """Kind of values that a field holds."""
    if field.targets[0][1] == NOT_SUBMITTED:
        return "not submitted"
    if field.data_type in ("date", "time"):
        return "date"
    if field.codelist:
        return "yesno" if field.codelist == YES_NO else "codelist"
    return "number" if field.data_type in ("decimal", "integer") else "text"


def kind_of_target(key: tuple[str, str, str], codes: Counter[str], kinds: Counter[str]) -> str:
    """Kind of values that a target holds, as most of what is known of it says."""
    if key[1] == NOT_SUBMITTED:
        return "not submitted"
    if key[1].endswith("DTC"):
        return "date"
    if kinds:
        return kinds.most_common(1)[0][0]
    return "text" if not codes else "yesno" if codes.most_common(1)[0][0] == YES_NO else "codelist"


class Columns:
    """Makes columns as an EDC system might export the fields: names and labels worn, values drawn."""

    def __init__(self, terminology: Terminology, draw: random.Random) -> None:
        self.terminology, self.draw = terminology, draw

    def of(self, field: Field) -> RawColumn:
        """One column for a field."""
        label = "" if self.draw.random() < 0.4 else field.text
        values = self.values(field)
        filled = len(values)
        different = tuple(dict.fromkeys(values))
        return RawColumn(self.name(field), label, different[:200], profile_of(different, filled, len(different)))

    def name(self, field: Field) -> str:
        """The standard name, or one that a data manager might have made of the question."""
        way = self.draw.random()
        if way < 0.35:
            return field.name
        if way < 0.5:
            return f"IT.{field.name}"
        words = words_of(field.text) or ("field",)
        prefix = self.draw.choice(["", field.domain, "".join(self.draw.choices("BCDFGMPQRX", k=2))])
        if way < 0.75:
            parts = [self.short(word) for word in words[-3:]]
            return (prefix + "".join(parts))[:10].upper()
        if way < 0.9:
            return "_".join(words[-3:]).upper()
        return f"{self.draw.choice(['Q', 'F', 'ITM'])}{self.draw.randint(1, 99)}"

    def short(self, word: str) -> str:
        """A word cut off, or without its vowels."""
        if self.draw.random() < 0.5:
            return word[: self.draw.randint(2, 4)]
        return (word[0] + re.sub("[aeiou]", "", word[1:]))[: self.draw.randint(2, 4)]

    def values(self, field: Field) -> list[str]:
        """Values of some thirty records; sometimes none."""
        count = self.draw.choice([0, 8, 30, 60])
        if field.data_type == "date":
            form = self.draw.choice(["%d-%b-%Y", "%m/%d/%Y", "%Y-%m-%d", "%d%b%Y", "%d-%b-%y"])
            start = date(2012, 1, 1)
            return [(start + timedelta(days=self.draw.randint(0, 900))).strftime(form) for _ in range(count)]
        if field.data_type == "time":
            return [f"{self.draw.randint(0, 23)}:{self.draw.randint(0, 59):02}" for _ in range(count)]
        listed = list(field.shown)
        if not listed and field.codelist in self.terminology.codelists:
            terms = self.draw.sample(self.terminology.codelists[field.codelist].terms, k=min(
                self.draw.randint(1, 6), len(self.terminology.codelists[field.codelist].terms)))  # fmt: skip
            listed = [
                self.draw.choice([value, preferred or value, *synonyms]) for value, _, preferred, synonyms in terms
            ]
        if listed:
            worn = [self.draw.choice([one, one.upper(), one.capitalize()]) for one in listed]
            return [self.draw.choice(worn) for _ in range(count)]
        if field.data_type == "decimal":
            return [f"{self.draw.uniform(0, 200):.1f}" for _ in range(count)]
        if field.data_type == "integer":
            return [str(self.draw.randint(0, 200)) for _ in range(count)]
        return [" ".join(self.draw.choices(WORDS, k=3)) + f" {n}"
                for n in range(count)]  # fmt: skip


def examples_of(fields: Sequence[Field], draw: random.Random) -> list[Field]:
    """Fields to learn from: domains with very many forms thinned out, and the tables' rows as fields."""
    forms: dict[str, list[str]] = defaultdict(list)
    for field in fields:
        if field.form not in forms[field.domain]:
            forms[field.domain].append(field.form)
    kept = {form for listed in forms.values() for form in draw.sample(listed, k=min(FORMS_OF_A_DOMAIN, len(listed)))}
    chosen = [field for field in fields if field.form in kept]
    for row in table("sdtm_variables.tsv"):
        if row["domains"] == "*" or row["domains"] == "DM":
            domain = "" if row["domains"] == "*" else "DM"
            data_type = {"date": "date", "number": "integer"}.get(row["kind"], "text")
            target = (domain, row["stem"], "")
            chosen += [Field(domain or "DM", "table", row["stem"], row["label"], (target,), "", (), data_type)] * 4
    return chosen + edc_fields() * 3


def training_rows(fit: Fit, fields: Sequence[Field], columns: Columns, domains: Sequence[str]) -> Iterator[Row]:
    """Features of the targets that a column is compared with, which of them are right, and the form's domain."""
    targets = fit.knowledge.targets
    number_of = {(one.domain, one.variable, one.test): n for n, one in enumerate(targets)}
    draw = columns.draw
    for field in fields:
        whole = draw.random() < 0.5 and field.domain != ""
        own = fit.link_domains == field.domain if whole else fit.link_forms == field.form
        features = fit.features(columns.of(field), ~own)
        supposed = field.domain if field.domain and draw.random() < 0.85 else draw.choice(domains)
        logs = {domain: np.log(0.7) if domain == supposed else np.log(0.3 / (len(domains) - 1)) for domain in domains}
        features[:, DOMAIN] = [logs.get(one.domain, -1.0) for one in targets]
        right = {number_of[key] for key in field.targets}
        guess = features[:, 2] + features[:, 3] + features[:, 4] + features[:, 9] + features[:, 8] + features[:, 10]
        hard = [int(one) for one in np.argsort(-guess)[: NEGATIVES // 2] if one not in right]
        rest = [one for one in draw.sample(range(len(targets)), NEGATIVES) if one not in right and one not in hard]
        last = number_of[("", NOT_SUBMITTED, "")]
        chosen = [*right, *([last] if last not in right else []), *hard, *rest][:NEGATIVES]
        yield features[chosen], np.array([one in right for one in chosen]), field.domain


def learn(rows: Sequence[tuple[Array, npt.NDArray[np.bool_]]]) -> Array:
    """Weights of the log-linear model, by maximum likelihood with a ridge."""
    size = max(len(right) for _, right in rows)
    features = np.zeros((len(rows), size, len(FEATURES)), dtype=np.float32)
    right = np.zeros((len(rows), size), dtype=bool)
    there = np.zeros((len(rows), size), dtype=bool)
    for place, (one, correct) in enumerate(rows):
        features[place, : len(one)], right[place, : len(one)], there[place, : len(one)] = one, correct, True

    def loss(weights: Array) -> tuple[float, Array]:
        scores = np.where(there, features @ weights.astype(np.float32), -1e9).astype(np.float64)
        scores -= scores.max(axis=1, keepdims=True)
        powers = np.exp(scores) * there
        total, correct = powers.sum(axis=1), (powers * right).sum(axis=1)
        value = -np.log(correct / total).mean() + RIDGE * weights @ weights / 2
        slope = (powers / total[:, None] - powers * right / correct[:, None]) / len(rows)
        return value, np.einsum("nk,nkf->f", slope.astype(np.float32), features) + RIDGE * weights

    return minimize(loss, np.zeros(len(FEATURES)), jac=True, method="L-BFGS-B", options={"maxiter": 300}).x


def held_out(fit: Fit, fields: Sequence[Field], rows: Sequence[Row], seed: int) -> dict[str, ModelFigure]:
    """Share of right variables on the COSMoS forms of domains that neither phrases nor weights have seen."""
    draw = random.Random(seed)
    columns = Columns(fit.terminology, draw)
    domains = sorted({field.domain for field in fields if field.domain and field.form != "table"})
    hits, total = Counter[int](), 0
    for fold in range(FOLDS):
        out = set(domains[fold::FOLDS])
        weights = learn([(one, right) for one, right, domain in rows if domain not in out])
        for domain in sorted(out):
            links = tuple(link for link in fit.knowledge.links if link[2] != domain)
            mapper = Mapper(Fit(replace(fit.knowledge, links=links), fit.terminology), weights, 1.0)
            for form in sorted({field.form for field in fields if field.domain == domain and field.form != "table"}):
                asked = [field for field in fields if field.form == form and field.domain == domain]
                for field, found in zip(asked, mapper.suggest(tuple(map(columns.of, asked))), strict=True):
                    right = {variable for _, variable, _ in field.targets}
                    said = [one.variable for one in found.proposals]
                    total += 1
                    hits.update(depth for depth in (1, 5) if right & set(said[:depth]))
    return {
        f"top{depth} on COSMoS forms of domains left out": ModelFigure(
            value=round(hits[depth] / total, 4), n=total, interval=wilson(hits[depth], total)
        )
        for depth in (1, 5)
    }


def wilson(hits: int, n: int) -> tuple[float, float]:
    """95 % interval of a share."""
    z, share = 1.959964, hits / n
    middle, half = share + z * z / (2 * n), z * (share * (1 - share) / n + z * z / (4 * n * n)) ** 0.5
    return round((middle - half) / (1 + z * z / n), 4), round((middle + half) / (1 + z * z / n), 4)


def main() -> None:
    """Build, learn, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data/trial"))
    parser.add_argument("--out", type=Path, default=MODELS)
    parser.add_argument("--keep-terminology", action="store_true", help="do not read ct.rds again")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    if not options.keep_terminology:
        write_bytes(options.out / TERMINOLOGY, build_terminology(options.data / "ct" / "ct.rds"))
    terminology = read_terminology(options.out / TERMINOLOGY)
    fields = read_fields(options.data / "mapping" / "cdisc_crf_specializations_draft.csv")
    specialised = options.data / "mapping" / "cdisc_sdtm_dataset_specializations_latest.csv"
    write_bytes(options.out / KNOWLEDGE, build_knowledge(fields, specialised, terminology))
    knowledge = read_knowledge(options.out / KNOWLEDGE)
    print(f"{len(knowledge.targets)} targets, {len(knowledge.phrases)} phrases, {len(knowledge.links)} links")
    fit, draw = Fit(knowledge, terminology), random.Random(SEED)
    chosen = examples_of(fields, draw)
    domains = sorted({target.domain for target in knowledge.targets} - {""})
    columns = Columns(terminology, draw)
    print(f"{len(chosen)} fields to learn from")
    rows = [row for _ in range(2) for row in training_rows(fit, chosen, columns, domains)]
    weights = learn([(one, right) for one, right, _ in rows])
    figures = held_out(fit, chosen, rows, SEED + 1)
    print(figures)
    for name, weight in list(zip(FEATURES, weights, strict=True))[: DOMAIN + 1]:
        print(f"{weight:8.2f}  {name}")
    told = {
        "sharpness": 1.0,
        "weights": {name: round(float(one), 5) for name, one in zip(FEATURES, weights, strict=True)},
    }
    write_text(options.out / WEIGHTS, json.dumps(told, indent=1) + "\n")
    write_card(
        options.out,
        NAME,
        version="1",
        task="columns of a raw form (name, label, values) to ranked SDTM domains, variables and codelists",
        files=(KNOWLEDGE, TERMINOLOGY, WEIGHTS),
        trained_on=(
            TrainingSource(source="CDISC COSMoS, CRF specializations (draft)", licence="MIT", rows=len(fields)),
            TrainingSource(source="CDISC COSMoS, SDTM dataset specializations", licence="MIT", rows=11125),
            TrainingSource(source="NCI EVS, SDTM terminology 2025-03-25", licence="NCI EVS; Apache-2.0", rows=44856),
            TrainingSource(
                source="names of SDTM variables and of EDC fields, training/*.tsv",
                licence="Apache-2.0",
                rows=len(table("sdtm_variables.tsv")) + len(edc_fields()),
            ),
        ),
        split="pilot raw forms and the CM form are never trained on; COSMoS figures leave a domain's forms out whole",
        figures=figures,
        script="training/trial_mapping.py",
        made=date(2026, 11, 25),
        limits="English names and labels; domains of COSMoS; a proposal that a person confirms. Intervals take columns "
        "for independent, though those of one domain are not",
    )


if __name__ == "__main__":
    main()
