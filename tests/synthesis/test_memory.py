"""What is learnt of molecules is kept, and forgotten between the targets of a batch."""

from __future__ import annotations

from bencao.synthesis.chemistry.memory import forget, remembered
from bencao.synthesis.chemistry.molecule import inchikey
from bencao.synthesis.chemistry.template import canonical
from bencao.synthesis.constraints.safety import refusal


def test_an_answer_is_worked_out_once_until_all_is_forgotten() -> None:
    asked = []

    @remembered(10)
    def length(smiles: str) -> int:
        asked.append(smiles)
        return len(smiles)

    assert [length("CCO"), length("CCO")] == [3, 3]
    assert asked == ["CCO"]
    forget()
    assert length("CCO") == 3
    assert asked == ["CCO", "CCO"]


def test_nothing_of_a_molecule_is_kept_after_forgetting() -> None:
    key, kept = inchikey("OCC"), (canonical, inchikey, refusal)
    refusal(canonical("OCC"))
    assert all(one.cache_info().currsize for one in kept)
    forget()
    assert not any(one.cache_info().currsize for one in kept)
    assert inchikey("CCO") == key
