"""The command line: quick to start, one line for an error, JSON for programs, a ledger entry for each artefact."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from importlib.util import find_spec
from pathlib import Path

import pytest
from rdkit import Chem

from bencao import cli
from bencao.synthesis import load_proposer

ROOT = Path(__file__).resolve().parent.parent
RUN = "import sys; from bencao.cli import main; main()"
LIDOCAINE = "CCN(CC)CC(=O)Nc1c(C)cccc1C"
PARACETAMOL = "CC(=O)Nc1ccc(O)cc1"
NEEDS_TRAINING = pytest.mark.skipif(find_spec("torch") is None, reason="the training extra is not installed")


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("BENCAO_WORKSPACE", raising=False)


class Answer:
    """What a command said and how it ended."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err


Bencao = Callable[..., Answer]


@pytest.fixture
def bencao(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Bencao:
    """Run the command in this process."""

    def run(*arguments: str | Path) -> Answer:
        monkeypatch.setattr(sys, "argv", ["bencao", *map(str, arguments)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = capsys.readouterr()
        return Answer(int(ended.value.code or 0), said.out, said.err)

    return run


def test_help_and_version_load_no_room() -> None:
    script = (
        "import sys\nfrom bencao.cli import main\n"
        "try:\n    main()\nexcept SystemExit as ended:\n    assert not ended.code\n"
        "heavy = {'rdkit', 'numpy', 'torch', 'onnxruntime', 'duckdb', 'bencao.synthesis'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    for option in ("--help", "--version"):
        ended = subprocess.run([sys.executable, "-c", script, option], capture_output=True, text=True)
        assert ended.returncode == 0, ended.stderr
        assert "bencao" in ended.stdout


def test_a_room_without_its_packages_says_which_extra_to_install() -> None:
    script = "import sys; sys.modules['polars'] = None\nfrom bencao.cli import main; main()"
    ended = subprocess.run([sys.executable, "-c", script, "trial", "convert"], capture_output=True, text=True)
    assert ended.returncode == 2
    assert ended.stderr == "EngineMissing: trial needs polars; pip install 'bencao[trial]'\n"


@pytest.mark.parametrize("verb", ["expand", "plan", "batch", "series", "audit", "train", "stock"])
def test_the_help_of_every_verb_shows_an_example(bencao: Bencao, verb: str) -> None:
    answer = bencao("synthesis", verb, "--help")
    assert answer.code == 0
    assert f"Example: bencao synthesis {verb}" in answer.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["synthesis", "expand", "CC("], "UnparsableSmiles"),
        (["synthesis", "plan", "[Na+].[Cl-]"], "NoCarbon"),
        (["synthesis", "plan", "CCO", "--model", "nowhere"], "ModelError"),
        (["synthesis", "plan", "CCO", "--stock", "nowhere.csv"], "InputError"),
        (["synthesis", "plan", "CCO", "--tier", "gold"], "no tier 'gold' is shipped; choose of"),
        (["synthesis", "plan", "CCO", "-o", "out.pdf"], "write to .html or .json"),
        (["synthesis", "plan", "CCO", "--expansions", "0"], "allow at least 1"),
        (["synthesis", "expand", "nowhere.csv"], "nowhere.csv"),
        (["synthesis", "batch", "nowhere.csv", "-o", "out"], "nowhere.csv"),
        (["synthesis", "series", "nowhere.csv"], "nowhere.csv"),
        (["synthesis", "audit", "nowhere.json"], "nowhere.json"),
        pytest.param(["synthesis", "train", "nowhere.tsv", "-o", "model"], "nowhere.tsv", marks=NEEDS_TRAINING),
        (["nosuch"], "No such command"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_exit_code_2(
    bencao, hand_model: Path, arguments: list[str], said: str
) -> None:
    if arguments[1:2] in (["expand"], ["batch"]):
        arguments = [*arguments, "--model", str(hand_model)]
    answer = bencao(*arguments)
    assert answer.code == 2
    assert said in answer.err
    assert answer.out == ""
    assert "Traceback" not in answer.err
    if arguments[0] == "synthesis":
        assert len(answer.err.strip().splitlines()) == 1


def test_a_fault_of_ours_is_no_traceback_either(bencao: Bencao, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "ROOMS", {"synthesis": ("bencao.no_such_module", "")})
    answer = bencao("synthesis", "stock")
    assert answer.code == 2
    assert answer.err.startswith("unexpected ModuleNotFoundError")
    assert len(answer.err.splitlines()) == 1


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="cannot run here: no named pipes")
def test_ctrl_c_ends_with_130_and_no_traceback(tmp_path: Path, hand_model: Path) -> None:
    pipe = tmp_path / "targets.smi"
    os.mkfifo(pipe)
    command = [sys.executable, "-c", RUN, "synthesis", "expand", str(pipe), "--model", str(hand_model)]
    # Under a runner in the background the signal is ignored, and children inherit that.
    heed = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=heed)
    watch = threading.Timer(60, running.kill)
    watch.start()
    with pipe.open("w"):  # opens once the command is reading, and keeps it waiting
        while running.poll() is None:
            # One signal can come just before the command goes to sleep in its read, and is then not heeded.
            running.send_signal(signal.SIGINT)
            with suppress(subprocess.TimeoutExpired):
                running.wait(5)
        _, err = running.communicate()
    watch.cancel()
    assert running.returncode == 130, err
    assert "Traceback" not in err


def test_expand_prints_one_json_object_a_target(bencao: Bencao, hand_model: Path) -> None:
    answer = bencao("synthesis", "expand", f"{PARACETAMOL}.Cl", "--top", "2", "--json", "--model", hand_model)
    (line,) = answer.out.splitlines()
    found = json.loads(line)
    assert found["smiles"] == PARACETAMOL
    assert len(found["proposals"]) == 2
    keys = {"reactants", "probability", "forward_ok", "forward_outcomes", "stereo", "leaving", "template", "class"}
    assert keys <= found["proposals"][0].keys()
    assert "hydrochloric acid" in answer.err
    assert not Path(".bencao").exists(), "nothing was written, so nothing is recorded"


def test_a_bad_row_of_expand_is_a_row_of_the_answer(bencao: Bencao, hand_model: Path) -> None:
    Path("t.smi").write_text(f"{PARACETAMOL} good\nCC( bad\n{LIDOCAINE} alsogood\n")
    answer = bencao("synthesis", "expand", "t.smi", "--json", "--model", hand_model)
    assert answer.code == 0
    lines = [json.loads(line) for line in answer.out.splitlines()]
    assert [line["name"] for line in lines] == ["good", "bad", "alsogood"]
    assert lines[1]["error"]["kind"] == "UnparsableSmiles"
    assert lines[1]["error"]["where"] == "t.smi: row 2"
    assert lines[1]["error"]["mend"]


def test_expand_and_plan_print_tables_for_people(bencao: Bencao, hand_model: Path) -> None:
    assert "acylation" in bencao("synthesis", "expand", PARACETAMOL, "--model", hand_model).out
    shown = bencao("synthesis", "plan", LIDOCAINE, "--expansions", "10", "--model", hand_model).out
    assert "Route 1: 1 step" in shown
    assert "CCNCC  building block: used as a starting material in 263 patent reactions" in shown


def test_a_plan_is_read_in_chinese_too(bencao: Bencao, hand_model: Path) -> None:
    asked = ("synthesis", "plan", f"{LIDOCAINE}.Cl", "--expansions", "10", "--model", hand_model, "--lang", "zh")
    answer = bencao(*asked)
    assert "路线 1：1 步" in answer.out
    assert "CCNCC  砌块: 在 263 个专利反应中用作起始原料" in answer.out
    assert "已除去反离子或溶剂：hydrochloric acid" in answer.err


def test_a_plan_as_json_reproduces_and_says_what_it_was_made_with(bencao: Bencao, hand_model: Path) -> None:
    arguments = ("synthesis", "plan", LIDOCAINE, "--expansions", "10", "--json", "--model", hand_model)
    first = bencao(*arguments)
    assert first.out == bencao(*arguments).out
    found = json.loads(first.out)
    assert found["solved"] and found["reproducible"]
    assert found["provenance"]["template-relevance"] == "by-hand"


@pytest.mark.parametrize("suffix", [".html", ".json"])
def test_a_written_plan_can_be_traced_to_its_model(bencao: Bencao, hand_model: Path, suffix: str) -> None:
    out = f"plan{suffix}"
    answer = bencao(
        "synthesis", "plan", LIDOCAINE, "--expansions", "10", "--model", hand_model, "--lang", "zh", "-o", out
    )
    assert answer.code == 0, answer.err
    traced = bencao("ledger", "trace", out)
    assert traced.code == 0
    assert "synthesis plan" in traced.out
    assert "template-relevance.card.json" in traced.out
    (entry,) = [json.loads(line) for line in bencao("ledger", "list", "--json").out.splitlines()]
    assert entry["parameters"]["expansions"] == 10
    assert "stock building-block" in entry["versions"]


def test_a_batch_is_one_entry_of_the_ledger(bencao: Bencao, hand_model: Path) -> None:
    Path("targets.csv").write_text(f"smiles,name\n{PARACETAMOL},a\nCC(,b\n")
    answer = bencao(
        "synthesis", "batch", "targets.csv", "-o", "out", "--expansions", "3", "--json", "--model", hand_model
    )
    assert answer.code == 0, answer.err
    assert [row["error"] for row in json.loads(answer.out)] == ["", "UnparsableSmiles"]
    (entry,) = [json.loads(line) for line in bencao("ledger", "list", "--json").out.splitlines()]
    assert [file["path"] for file in entry["generated"]] == ["out/2-a.json", "out/summary.csv"]
    assert entry["used"][0]["path"] == "targets.csv"


def test_the_tiers_are_listed_with_their_sizes(bencao: Bencao) -> None:
    tiers = json.loads(bencao("synthesis", "stock", "--json").out)
    assert [tier["tier"] for tier in tiers if tier["default"]] == ["building-block", "commodity"]
    assert all(tier["molecules"] > 500 for tier in tiers)


def test_training_without_its_packages_names_the_install_step() -> None:
    script = f"import sys; sys.modules['torch'] = None\n{RUN}"
    command = [sys.executable, "-c", script, "synthesis", "train", "reactions.tsv", "-o", "model"]
    ended = subprocess.run(command, capture_output=True, text=True)
    assert ended.returncode == 2
    assert ended.stderr.startswith("EngineMissing")
    assert "pip install 'bencao[train]'" in ended.stderr


def test_a_model_trained_on_ones_own_reactions_is_used_and_traced(bencao: Bencao, hand_model: Path) -> None:
    pytest.importorskip("torch", reason="cannot run here: PyTorch is not installed")
    proposer = load_proposer(hand_model)
    amides = [f"O=C(Nc1cccc({one})c1)c1ccc({other})cc1" for one in ("C", "F", "OC", "CC") for other in ("C", "F", "CC")]
    couplings = [proposer.propose(Chem.CanonSmiles(amide))[0].forward.mapped for amide in amides]
    Path("reactions.tsv").write_text("\n".join(["reaction", *couplings, ""]))
    answer = bencao("synthesis", "train", "reactions.tsv", "-o", "model", "--workers", "1")
    assert answer.code == 0, answer.err
    found = bencao("synthesis", "expand", "O=C(Nc1cccc(Cl)c1)c1ccc(Cl)cc1", "--json", "--model", "model")
    assert json.loads(found.out)["proposals"][0]["reactants"] == "Nc1cccc(Cl)c1.O=C(Cl)c1ccc(Cl)cc1"
    bencao("synthesis", "plan", amides[0], "--expansions", "3", "--model", "model", "-o", "plan.json")
    assert "reactions.tsv" in bencao("ledger", "trace", "plan.json").out


def test_the_commands_of_the_manual_run(shipped_model: Path, tmp_path: Path) -> None:
    manual = (ROOT / "docs" / "synthesis.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```sh\n(.*?)```", manual, re.DOTALL)
    assert len(blocks) >= 4
    script = f'bencao() {{ "{sys.executable}" -c "{RUN}" "$@"; }}\n' + "".join(blocks)
    ended = subprocess.run(["bash", "-euc", script], capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr
    assert "synthesis plan" in ended.stdout, "the page was not traced"
    assert json.loads((tmp_path / "mine.json").read_text(encoding="utf-8"))["target"] == LIDOCAINE
    assert len((tmp_path / "steps.jsonl").read_text(encoding="utf-8").splitlines()) == 3
    assert (tmp_path / "plans" / "2-paracetamol.html").exists()


def test_the_python_of_the_manual_runs(shipped_model: Path, tmp_path: Path) -> None:
    manual = (ROOT / "docs" / "synthesis.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", manual, re.DOTALL)
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr
    assert (tmp_path / "paracetamol.html").exists()
