"""The one-step policy of a model folder, in any Python with RDKit and ONNX Runtime, AiZynthFinder's among them."""

from __future__ import annotations

import csv
import gzip
import importlib.util
import json
from pathlib import Path
from typing import NamedTuple

import numpy as np
import onnxruntime
from rdkit import Chem


class Ranked(NamedTuple):
    """A template with its place in the table and the probability that the network gives it."""

    number: int
    template: str
    probability: float


class ExportedPolicy:
    """Ranks the templates for a molecule as `bencao.synthesis.proposer` does before it applies any, on one thread.

    Parameters
    ----------
    folder : Path
        Model folder: ``network.onnx`` (input ``slots`` int64 (n,), output ``logits`` float32 (templates,)),
        ``templates.tsv.gz`` and ``settings.json``.
    features : Path
        Source file of ``feature_ids(molecule, slots)``; it may import only NumPy and RDKit.
    """

    def __init__(self, folder: Path, features: Path) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(
            str(folder / "network.onnx"), options, providers=["CPUExecutionProvider"]
        )
        with gzip.open(folder / "templates.tsv.gz", "rt", encoding="utf-8", newline="") as handle:
            rows = list(csv.DictReader(handle, delimiter="\t"))
        self._templates = [row["smarts"] for row in rows]
        settings = json.loads((folder / "settings.json").read_text(encoding="utf-8"))
        self._slots = int(settings["slots"])
        # Each head is a softmax of its own; the specific and the general one share as the model was tuned to.
        heads = np.array([int(row["head"]) for row in rows])
        general = float(settings["weights"]["general"])
        self._heads = [(np.flatnonzero(heads == head), share) for head, share in ((0, 1.0 - general), (1, general))]
        specification = importlib.util.spec_from_file_location("exported_features", features)
        assert specification and specification.loader
        module = importlib.util.module_from_spec(specification)
        specification.loader.exec_module(module)
        self._feature_ids = module.feature_ids

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
        probabilities = np.empty_like(logits)
        for members, share in self._heads:
            weights = np.exp(logits[members] - logits[members].max())
            probabilities[members] = share * weights / weights.sum()
        order = np.argsort(-probabilities, kind="stable")[:top]
        enough = int(np.searchsorted(np.cumsum(probabilities[order]), cumulative)) + 1
        return [Ranked(int(i), self._templates[i], float(probabilities[i])) for i in order[:enough]]
