"""Where the workbench keeps what a reader gave it, and what became of it: a folder that outlives the server."""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import TypeAdapter, ValidationError

from bencao.kernel.errors import InputError
from bencao.kernel.files import make_folder, write_bytes

T = TypeVar("T")
_NAME = re.compile(r"[\w-]{8,64}")
_UNFIT = re.compile(r"[^\w.-]+")
_TASK = "task.json"


@dataclass(frozen=True)
class Shelf(Generic[T]):
    """Files by a digest of name and content, and tasks by names that cannot be guessed.

    Attributes
    ----------
    folder : Path
    form : type
        Of its tasks; pydantic writes and reads it.
    """

    folder: Path
    form: type[T]

    def keep(self, name: str, data: bytes) -> str:
        """Keep a file; what it is called from now on. The same file is kept once.

        Raises
        ------
        InputError
            It cannot be written.
        """
        fit = _UNFIT.sub("_", Path(name).name).strip("._")[-80:] or "file"
        kept = hashlib.sha256(fit.encode() + b"\0" + data).hexdigest()[:32]
        path = self.folder / "files" / kept / fit
        if not path.exists():
            make_folder(path.parent)
            write_bytes(path, data)
        return kept

    def file(self, kept: str) -> Path:
        """Where a kept file lies, under the name that it was given.

        Raises
        ------
        InputError
            There is none.
        """
        found = sorted((self.folder / "files" / kept).glob("[!.]*")) if _NAME.fullmatch(kept) else []
        if not found:
            raise InputError(f"no file {kept[:64]!r} is kept here", where="file", mend="send it first")
        return found[0]

    def add(self, task: T) -> str:
        """Keep a task; its name."""
        name = secrets.token_urlsafe(12)
        make_folder(self.folder / "tasks" / name)
        write_bytes(self.folder / "tasks" / name / _TASK, TypeAdapter(self.form).dump_json(task, indent=1))
        return name

    def place(self, name: str) -> Path:
        """Folder of a task, which holds what becomes of it.

        Raises
        ------
        InputError
            There is no such task.
        """
        path = self.folder / "tasks" / name
        if not _NAME.fullmatch(name) or not (path / _TASK).is_file():
            raise InputError(f"nothing named {name[:64]!r} is kept here", where="task", mend="start it again")
        return path

    def task(self, name: str) -> T:
        """A task as it was kept.

        Raises
        ------
        InputError
            There is none, or another version kept it in another form.
        """
        try:
            return TypeAdapter(self.form).validate_json((self.place(name) / _TASK).read_bytes())
        except ValidationError as error:
            cause = error.errors()[0]["msg"]
            raise InputError(f"the task is of another form: {cause}", where=name, mend="start it again") from None
