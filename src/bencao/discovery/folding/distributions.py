"""Distances and orientations of residue pairs, as trRosetta's networks expect them from a sequence or an alignment."""

from __future__ import annotations

import io
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bencao.discovery.folding.alignment import Alignment
from bencao.kernel.errors import EngineMissing

FloatArray = NDArray[np.float32]
# Sequences more alike than this count as one (Yang et al., PNAS 2020, 117, 1496, SI).
_ALIKE = 0.8
_COUPLINGS = 442


@dataclass(frozen=True)
class Distributions:
    """What one network expects of every pair (i, j); the first bin of each is "no contact".

    Attributes
    ----------
    distance : ndarray of float32, shape (length, length, 37)
        Between the Cβ: 36 bins of 0.5 Å from 2 to 20 Å; symmetric.
    omega : ndarray of float32, shape (length, length, 25)
        Torsion Cα-Cβ-Cβ-Cα in bins of 15°; symmetric.
    theta : ndarray of float32, shape (length, length, 25)
        Torsion N-Cα-Cβ(i)-Cβ(j).
    phi : ndarray of float32, shape (length, length, 13)
        Angle Cα-Cβ(i)-Cβ(j).
    """

    distance: FloatArray
    omega: FloatArray
    theta: FloatArray
    phi: FloatArray


def expected_distributions(alignment: Alignment) -> tuple[Distributions, ...]:
    """Ask each of trRosetta's five networks.

    Parameters
    ----------
    alignment : Alignment

    Returns
    -------
    tuple of Distributions

    Raises
    ------
    EngineMissing
        Where the package with the networks is not installed. Its weights carry no licence of their own, so Bencao
        neither ships nor requires it.

    Notes
    -----
    J. Yang et al., "Improved protein structure prediction using predicted interresidue orientations", PNAS 2020,
    117, 1496.
    """
    torch, package = _engine()
    features = _features(alignment, torch)
    answers = []
    with torch.no_grad():
        for weights in _weights(package, torch):
            network = package.tr_rosetta_pytorch.trRosettaNetwork()
            network.load_state_dict(weights)
            network.eval()
            answers.append(_oriented(network(features)))
    return tuple(answers)


def _engine() -> tuple[Any, Any]:
    try:
        import torch
        import tr_rosetta_pytorch
        import tr_rosetta_pytorch.tr_rosetta_pytorch
        import tr_rosetta_pytorch.utils
    except ModuleNotFoundError as error:
        raise EngineMissing(
            f"folding needs trRosetta's networks, {error.name} is not installed",
            mend="pip install torch==2.13.0 tr-rosetta-pytorch (look at the weights' terms: the package states none)",
        ) from None
    return torch, tr_rosetta_pytorch


def _weights(package: Any, torch: Any) -> list[Any]:
    archive = Path(package.__file__).parent / "models" / "models.tar.gz"
    with tarfile.open(archive) as tar:
        names = sorted(name for name in tar.getnames() if name.endswith(".pt"))
        files = [tar.extractfile(name) for name in names]
        return [torch.load(io.BytesIO(file.read()), weights_only=True, map_location="cpu") for file in files if file]


def _features(alignment: Alignment, torch: Any) -> Any:
    """The 526 planes of input, shape (1, 526, length, length); the networks were converted with (j, i) for (i, j)."""
    from tr_rosetta_pytorch.utils import fast_dca, msa2pssm, reweight

    rows = torch.nn.functional.one_hot(torch.tensor(alignment.rows.astype(np.int64)), 21).float()
    length = rows.shape[1]
    weights = reweight(rows, _ALIKE)
    single = torch.cat((rows[0, :, :20], msa2pssm(rows, weights)), dim=1)
    pairs = fast_dca(rows, weights) if len(rows) > 1 else torch.zeros((length, length, _COUPLINGS))
    planes = torch.cat((single[:, None].expand(-1, length, -1), single[None].expand(length, -1, -1), pairs), dim=-1)
    return planes.permute(2, 1, 0)[None].contiguous()


def _oriented(answer: tuple[Any, ...]) -> Distributions:
    theta, phi, distance, omega = (plane[0].permute(2, 1, 0).contiguous().numpy() for plane in answer)
    return Distributions(distance, omega, theta, phi)
