"""Read a flat table of a study."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from bencao.evidence.errors import StudyDataError


def read_table(path: Path) -> Any:
    """One row a person from CSV or Parquet.

    Parameters
    ----------
    path : Path

    Returns
    -------
    pandas.DataFrame

    Raises
    ------
    StudyDataError
        What cannot be read, or holds no rows.
    """
    try:
        table = pd.read_parquet(path) if path.suffix == ".parquet" else pd.read_csv(path)
    except OSError as error:
        raise StudyDataError(f"cannot be read: {error.strerror}", where=path.name, mend="check the path") from error
    except (ValueError, pd.errors.ParserError) as error:  # what pandas says may quote a row
        kind = type(error).__name__
        raise StudyDataError(f"is no table ({kind})", where=path.name, mend="give .csv in UTF-8 or .parquet") from None
    if table.empty:
        raise StudyDataError("holds no rows", where=path.name, mend="give one row a person")
    table.attrs["file"] = path.name  # so that errors name it
    return table
