"""The one-step policy as a folder that any Python with RDKit and ONNX Runtime can run, AiZynthFinder's among them."""

from __future__ import annotations

import importlib.util
import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import onnxruntime
from rdkit import Chem

NETWORK, TEMPLATES, FEATURES, SETTINGS = "policy.onnx", "templates.txt", "features.py", "settings.json"


class Ranked(NamedTuple):
    """A template with its place in the table and the probability that the network gives it."""

    number: int
    template: str
    probability: float


def write_policy(folder: Path, network: Path, templates: Sequence[str], features: Path, slots: int) -> None:
    """Write what `ExportedPolicy` reads.

    Parameters
    ----------
    folder : Path
    network : Path
        ONNX file: input ``slots`` int64 (n,), output ``logits`` float32 (templates,).
    templates : sequence of str
        Retro templates in the order of the network's output.
    features : Path
        Source file of ``feature_ids(molecule, slots)``; it may import only NumPy and RDKit.
    slots : int
        Number of input slots of the network.
    """
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(network, folder / NETWORK)
    shutil.copyfile(features, folder / FEATURES)
    (folder / TEMPLATES).write_text("".join(f"{template}\n" for template in templates), encoding="utf-8")
    (folder / SETTINGS).write_text(json.dumps({"slots": slots}), encoding="utf-8")


class ExportedPolicy:
    """Ranks the templates for a molecule, on one thread."""

    def __init__(self, folder: Path) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(str(folder / NETWORK), options, ["CPUExecutionProvider"])
        self._templates = (folder / TEMPLATES).read_text(encoding="utf-8").splitlines()
        self._slots = int(json.loads((folder / SETTINGS).read_text(encoding="utf-8"))["slots"])
        specification = importlib.util.spec_from_file_location("exported_features", folder / FEATURES)
        assert specification and specification.loader
        features = importlib.util.module_from_spec(specification)
        specification.loader.exec_module(features)
        self._feature_ids = features.feature_ids

    def rank(self, smiles: str, top: int, cumulative: float = 1.0) -> list[Ranked]:
        """Templates by falling probability.

        Parameters
        ----------
        smiles : str
        top : int
            Number of templates at most.
        cumulative : float
            No further template once the probabilities sum to this much.
        """
        slots = self._feature_ids(Chem.MolFromSmiles(smiles), self._slots)
        logits = self._session.run(["logits"], {"slots": slots})[0].astype(np.float64)
        weights = np.exp(logits - logits.max())
        probabilities = weights / weights.sum()
        order = np.argsort(-probabilities, kind="stable")[:top]
        enough = int(np.searchsorted(np.cumsum(probabilities[order]), cumulative)) + 1
        return [Ranked(int(i), self._templates[i], float(probabilities[i])) for i in order[:enough]]
