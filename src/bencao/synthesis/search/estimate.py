"""What a molecule is guessed to cost before it is expanded, read off the text of its SMILES."""

from __future__ import annotations

# A molecule that is not in stock needs at least one step; starting materials have about ten heavy atoms.
BASE_COST = 1.0
FREE_ATOMS = 10
COST_PER_ATOM = 0.25

# The letters that begin the symbol of an organic element, and no letter that ends one (Cl, Br). Some metals count as
# none or two; a route rarely has any.
_NOT_AN_ATOM = bytes(code for code in range(256) if chr(code) not in "BCNOPSFIbcnops")


def size_estimate(smiles: str) -> float:
    """Guess what it costs to make a molecule from its number of heavy atoms.

    The guess is `BASE_COST` and `COST_PER_ATOM` for each heavy atom beyond `FREE_ATOMS`. The free atoms count once for
    each reactant, so cutting a molecule in two halves looks better than taking off one atom. It can lie above the
    true cost: a first route comes after fewer expansions, but may be beaten by one that the search did not open.

    Parameters
    ----------
    smiles : str
        Any SMILES. Its letters are counted; no chemistry is perceived.

    Returns
    -------
    float
        Cost in the unit of the search: nats of ``-log(probability)``.

    Examples
    --------
    >>> size_estimate("CC(=O)Nc1ccc(O)cc1")
    1.25
    """
    heavy_atoms = len(smiles.encode().translate(None, _NOT_AN_ATOM))
    return BASE_COST + COST_PER_ATOM * max(0, heavy_atoms - FREE_ATOMS)
