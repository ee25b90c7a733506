"""``bencao evidence ask | answer | combine``: a study over hospitals that exchange signed files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bencao.evidence.commands import app
from bencao.evidence.commands.federated.result import (
    WORDS,
    Budget,
    Language,
    Person,
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
    study: Annotated[Path, typer.Argument(help="Federated study (.yaml).")],
    sites: Annotated[Path, typer.Argument(help="Sites (.yaml): of each the public key.")],
    folder: Annotated[Path, typer.Argument(help="Where questions are written and answers are put.")],
    key: Annotated[Path, typer.Option("--key", help="The coordinator's private key.")],
    lang: Annotated[Language, typer.Option("--lang", help="en or zh.")] = "en",
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
    study: Annotated[Path, typer.Argument(help="Federated study (.yaml), the same for all.")],
    data: Annotated[Path, typer.Argument(help="The site's rows: .duckdb with the table analysis, or .csv.")],
    question: Annotated[Path, typer.Argument(help="The coordinator's question.")],
    name: Annotated[str, typer.Option("--name", help="The site's name.")],
    key: Annotated[Path, typer.Option("--key", help="The site's private key.")],
    coordinator: Annotated[str, typer.Option("--coordinator", help="The coordinator's public key.")],
    log: Annotated[Path, typer.Option("--log", help="Every number that leaves is added here (.jsonl).")],
    out: Annotated[Path, typer.Option("-o", "--out", help="The signed answer, round-NN.SITE.json.")],
    person: Person = "",
    budget: Budget = BUDGET,
    lang: Annotated[Language, typer.Option("--lang", help="en or zh.")] = "en",
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
    study: Annotated[Path, typer.Argument(help="Federated study (.yaml).")],
    sites: Annotated[Path, typer.Argument(help="Sites (.yaml): of each the public key.")],
    folder: Annotated[Path, typer.Argument(help="Folder of the questions and answers.")],
    key: Annotated[Path, typer.Option("--key", help="The coordinator's private key.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="Write the result (.json), once nothing is left to ask.")],
    lang: Annotated[Language, typer.Option("--lang", help="en or zh.")] = "en",
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
