"""Any endpoint that speaks OpenAI's chat protocol: a server on this machine, or one of the user's choice."""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import httpx

from bencao.submission.errors import EngineUnavailable
from bencao.submission.translation.engines.engine import Request

_LANGUAGES = {"en": "English", "zh": "Simplified Chinese"}
_INSTRUCTION = (
    "You translate regulatory documents about medicines from {source} to {target}. Answer with the translation alone, "
    "no remark and no quotation marks. Marks like ⟦1⟧ stand for numbers, names and formatting: keep each of them "
    "exactly once, where the translation needs it, and write no other number."
)
_BUSY = (429, 500, 502, 503, 504)


@dataclass(frozen=True)
class Endpoint:
    """An endpoint and the model to ask it for.

    Attributes
    ----------
    url : str
        The base, such as ``http://127.0.0.1:8080/v1``.
    model : str
    key : str
        Sent as a bearer token where it is given.
    timeout : float
        Seconds for one answer.
    tries : int
        For an answer that says the server is busy.
    parallel : int
        Texts asked for at a time.
    """

    url: str
    model: str
    key: str = ""
    timeout: float = 120.0
    tries: int = 3
    parallel: int = 4

    @property
    def name(self) -> str:
        """Model and address."""
        return f"{self.model} at {self.url}"

    def translate(self, requests: Sequence[Request], source: str, target: str) -> list[str]:
        """Translate texts; see `Engine`."""
        return self._ask_all([(request.text, _instruction(request, source, target)) for request in requests])

    def ask(self, texts: Sequence[str], instruction: str) -> list[str]:
        """Answers to texts under one instruction.

        Raises
        ------
        EngineUnavailable
            Where the endpoint cannot be reached, or answers with an error.
        """
        return self._ask_all([(text, instruction) for text in texts])

    def _ask_all(self, told: Sequence[tuple[str, str]]) -> list[str]:
        headers = {"Authorization": f"Bearer {self.key}"} if self.key else {}
        with (
            httpx.Client(base_url=self.url.rstrip("/") + "/", headers=headers, timeout=self.timeout) as client,
            ThreadPoolExecutor(self.parallel) as pool,
        ):
            return list(pool.map(lambda one: self._ask(client, *one), told))

    def _ask(self, client: httpx.Client, text: str, instruction: str) -> str:
        body = {
            "model": self.model,
            "temperature": 0,
            "messages": [{"role": "system", "content": instruction}, {"role": "user", "content": text}],
        }
        for attempt in range(1, self.tries + 1):
            try:
                answer = client.post("chat/completions", json=body)
            except httpx.HTTPError as error:
                raise self._down(f"cannot be reached: {error or type(error).__name__}") from error
            if answer.status_code not in _BUSY or attempt == self.tries:
                break
            time.sleep(min(2.0, 0.1 * 2**attempt))
        if answer.status_code != 200:
            raise self._down(f"answers {answer.status_code}: {answer.text[:200]}")
        return self._content(answer)

    def _content(self, answer: httpx.Response) -> str:
        try:
            told: Any = answer.json()["choices"][0]["message"]["content"]
        except (ValueError, KeyError, IndexError, TypeError) as error:
            raise self._down(f"answers what is no chat completion: {answer.text[:200]}") from error
        if not isinstance(told, str):
            raise self._down("answers without a text")
        return told.strip()

    def _down(self, cause: str) -> EngineUnavailable:
        return EngineUnavailable(
            cause, where=self.name, mend="start it, or correct its address and model; what the memory knew is kept"
        )


def _instruction(request: Request, source: str, target: str) -> str:
    told = _INSTRUCTION.format(source=_LANGUAGES[source], target=_LANGUAGES[target])
    if request.suggestion:
        told += f" A like text was translated so: {request.suggestion}"
    return told
