"""``bencao evidence ask | answer | combine``: a study over hospitals that exchange signed files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bencao.evidence.commands import app
from bencao.evidence.commands.federated.result import (
    WORDS,
    Budget,
    Coordinator,
    Key,
    Language,
    Log,
    Name,
    Person,
    Rows,
    SiteKey,
    Spoken,
    Study,
    open_site,
    read_sites,
    show_result,
    write_result,
)
from bencao.evidence.federated.answering import refusal
from bencao.evidence.federated.exchange import Exchange, Question, begin, read_message
from bencao.evidence.federated.exchange import combine as onwards
from bencao.evidence.federated.guard.guarding import BUDGET
from bencao.evidence.federated.messages import read_key
from bencao.evidence.federated.solving import Federated
from bencao.evidence.federated.study import read_study
from bencao.kernel.files import make_folder, write_bytes
from bencao.kernel.ledger import record


@app.command()
def ask(
    study: Study,
    sites: Annotated[Path, typer.Argument(help="Sites (.yaml): of each the public key.")],
    folder: Annotated[Path, typer.Argument(help="Where questions are written and answers are put.")],
    key: Key,
    lang: Spoken = "en",
) -> None:
    """Begin a study by files: write the first question, to be carried to the sites.

    Example: bencao evidence ask study.yaml sites.yaml rounds --key coordinator.key
    """
    with record(None, "evidence ask") as job:
        job.used(study)
        job.used(sites)
        question = begin(Exchange(folder, read_study(study), read_key(key), _public_keys(sites)))
        job.generated(question.path)
    _asked(question, lang)


@app.command()
def answer(
    study: Study,
    data: Rows,
    question: Annotated[Path, typer.Argument(help="The coordinator's question.")],
    name: Name,
    key: SiteKey,
    coordinator: Coordinator,
    log: Log,
    out: Annotated[Path, typer.Option("-o", "--out", help="The signed answer, round-NN.SITE.json.")],
    person: Person = "",
    budget: Budget = BUDGET,
    lang: Spoken = "en",
) -> None:
    """Answer a question file from the site's rows, once; a refusal is written too, and is exit code 2.

    Example: bencao evidence answer study.yaml site.duckdb rounds/round-01.question.json --name a --key a.key
    --coordinator 3b… --log a.jsonl -o rounds/round-01.a.json
    """
    message = read_message(question)
    answering = open_site(study, data, name, read_key(key), coordinator, log, person, budget)
    make_folder(out.parent)  # before the one time that the question is answered
    with record(None, "evidence answer", parameters={"site": name, "budget": budget}) as job:
        for path in (study, data, question):
            job.used(path)
        signed, told = answering.answer_question(message)
        write_bytes(out, signed)
        job.generated(out)
        if "refused" in told:
            raise refusal(told["refused"], name)
    points, left = len(told["sums"]), answering.guard.check(answering.study.digest, ())
    print(WORDS[lang]["answered"].format(site=name, points=points, left=left))


@app.command()
def combine(
    study: Study,
    sites: Annotated[Path, typer.Argument(help="Sites (.yaml): of each the public key.")],
    folder: Annotated[Path, typer.Argument(help="Folder of the questions and answers.")],
    key: Key,
    out: Annotated[Path, typer.Option("-o", "--out", help="Write the result (.json), once nothing is left to ask.")],
    lang: Spoken = "en",
) -> None:
    """Read the sites' answers and write the next question; when the study is solved, the result.

    Example: bencao evidence combine study.yaml sites.yaml rounds --key coordinator.key -o result.json
    """
    with record(None, "evidence combine") as job:
        job.used(study)
        job.used(sites)
        found = read_study(study)
        exchange = Exchange(folder, found, read_key(key), _public_keys(sites))
        result = onwards(exchange)
        if isinstance(result, Federated):
            for path in exchange.files():
                job.used(path)
            write_result(found, result, out)
        job.generated(out if isinstance(result, Federated) else result.path)
    if isinstance(result, Federated):
        show_result(result, lang)
    else:
        _asked(result, lang)


def _asked(question: Question, lang: Language) -> None:
    told = {"number": question.number, "path": question.path, "sites": ", ".join(question.sites)}
    print(WORDS[lang]["question"].format(**told))


def _public_keys(path: Path) -> dict[str, str]:
    return {name: one.public for name, one in read_sites(path).items()}
