"""Labels in place of names: a file that a patient may have given its name is recorded by a keyed hash of its path."""

from __future__ import annotations

import hmac
import os
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from bencao.kernel.ledger.store import workspace_folder
from bencao.kernel.secret import open_secret

KEY_NAME = "names.key"
"""File of the workspace that labels are drawn from. With it, names can be tried: it stays in the house."""

_DIGITS = 24


@dataclass(frozen=True, repr=False)
class Labels:
    """Draws the labels of one workspace."""

    key: bytes

    def __repr__(self) -> str:
        return "Labels(...)"

    def stem(self, path: str | os.PathLike[str]) -> str:
        """What the label of a path begins with: the same for the same spelling of the path."""
        return f"private:{hmac.new(self.key, os.fsencode(path), 'sha256').hexdigest()[:_DIGITS]}"

    def label(self, path: str | os.PathLike[str], public: Collection[str]) -> str:
        """The label of a path, followed by its name where that name, without its ending, is a `public` one.

        Examples
        --------
        >>> labels = Labels(b"a key for this example")
        >>> labels.label("ward/person.csv", {"person"})
        'private:22c4bcf8e57bfbb67a24d0e7/person.csv'
        """
        name = Path(path).name
        return f"{self.stem(path)}/{name}" if Path(name).stem.lower() in public else self.stem(path)


def open_labels(workspace: str | os.PathLike[str] | None = None) -> Labels:
    """Labels of a workspace; its key is made where there is none.

    Parameters
    ----------
    workspace : path, optional
        See `workspace_folder`.

    Raises
    ------
    InputError
        Where the key cannot be read or made, or may be read by others.
    """
    return Labels(open_secret(workspace_folder(workspace) / KEY_NAME))
