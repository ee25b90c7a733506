"""Whether enough persons carry the weights of periods: a risk must not hang on one or two."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from bencao.evidence.errors import PositivityError
from bencao.evidence.estimators.modelled.positivity import too_heavy

Floats = npt.NDArray[np.float64]


def refuse_few(person: npt.NDArray[np.int64], weights: Floats, where: str) -> None:
    """Refuse rows of which fewer than four persons count in effect, though they are of five or more.

    Parameters
    ----------
    person : ndarray of int, shape (m,)
        Of each row; the rows of a person weigh together.
    weights : ndarray, shape (m,)
    where : str
        What the rows are, for the error.

    Raises
    ------
    PositivityError
        It names the rows, how many persons they are of, how many count, and the share of the heaviest.
    """
    _, place = np.unique(person, return_inverse=True)
    together: Floats = np.bincount(place, weights=weights).astype(float)
    if found := too_heavy(together):
        effective, share = found
        raise PositivityError(
            f"of {len(together)} persons {effective:.1f} count in effect, and one carries {share:.0%} of their weight",
            where=where,
            mend="give a grace, follow for fewer periods, or leave out whom hardly anybody like them follows",
        )
