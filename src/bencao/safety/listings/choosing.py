"""Which cases a periodic report takes, and in which vocabulary it names their reactions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from bencao.safety.errors import LicenceRequired
from bencao.safety.listings.line import Line, suspects
from bencao.safety.listings.listing import Kind
from bencao.safety.listings.tabulation import Vocabulary
from bencao.safety.smq import Scope, read_levels, read_query
from bencao.safety.smq.levels import Level


def vocabulary_of(
    meddra: Path | None, level: Level | None = None, query: str = "", scope: Scope = "narrow"
) -> Vocabulary:
    """How reactions are named: by the user's MedDRA, else as reported.

    Parameters
    ----------
    meddra : Path or None
        Folder MedAscii of the user's MedDRA.
    level : {"pt", "hlt", "hlgt", "soc"}, optional
        Else preferred terms.
    query : str
        Name or code of a Standardised MedDRA Query.
    scope : {"narrow", "broad", "algorithm"}

    Raises
    ------
    LicenceRequired
        A level or query without MedDRA.
    InputError
        MedDRA files that cannot be read, or another query than they have.
    """
    if meddra is None:
        if level is not None or query:
            asked = f"the query {query!r}" if query else f"the level {level!r}"
            mend = "give the folder MedAscii of your MedDRA (--meddra); without it terms are counted as reported"
            raise LicenceRequired(f"{asked} needs MedDRA, which may not be shipped", mend=mend)
        return Vocabulary()
    levels = read_levels(meddra)
    return Vocabulary(levels, level or "pt", read_query(meddra, query, scope) if query else None)


def chooser(kind: Kind, vocabulary: Vocabulary, drugs: Sequence[str] = ()) -> Callable[[Line], bool]:
    """What a case must be to be taken: of a clinical trial and serious for a DSUR, of the drugs, of the query.

    Parameters
    ----------
    kind : {"pbrer", "dsur"}
    vocabulary : Vocabulary
        With the query.
    drugs : sequence of str
        Names of suspect drugs, one of which a case must have; capitals do not count; all cases where it is empty.
    """
    wanted = {each.casefold().strip() for each in drugs}

    def chosen(line: Line) -> bool:
        if wanted and not wanted & {each.name.casefold() for each in suspects(line)}:
            return False
        if kind == "dsur" and (line.source != "trial" or not any(each.serious != "no" for each in line.reactions)):
            return False
        query, levels = vocabulary.query, vocabulary.levels
        return query is None or levels is None or query.meets([each.code for each in line.reactions], levels)

    return chosen
