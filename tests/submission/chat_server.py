"""A server of OpenAI's chat protocol for the tests, run as a process of its own: python chat_server.py MODE.

It translates word by word from a small dictionary and prints its port. MODE: good, loses (drops a mark), invents
(adds a number), busy (503 twice, then good), broken (500), garbage (no JSON).
"""

from __future__ import annotations

import json
import re
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

WORDS = {
    "the": "",
    "patients": "患者",
    "received": "接受了",
    "daily": "每日",
    "for": "持续",
    "weeks": "周",
    "and": "和",
    "in": "在",
    "were": "",
    "enrolled": "入组",
    "take": "服用",
    "do": "",
    "not": "不要",
    "exceed": "超过",
    "a": "",
    "dose": "剂量",
    "of": "",
    "with": "有",
    "at": "在",
    "day": "天",
    ".": "。",
    ",": "，",
}
MODE = sys.argv[1]
SEEN: list[int] = []


def translate(text: str) -> str:
    """Word by word; what is unknown is left out, marks are kept."""
    return "".join(
        token if token.startswith("⟦") else WORDS.get(token.lower(), "")
        for token in re.findall(r"⟦\d+⟧|[A-Za-z]+|[.,]", text)
    )


class Chat(BaseHTTPRequestHandler):
    """POST /v1/chat/completions."""

    def log_message(self, *_: Any) -> None:
        """Say nothing."""

    def do_POST(self) -> None:
        """Answer one request."""
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        SEEN.append(1)
        if self.path != "/v1/chat/completions" or self.headers.get("Authorization") != "Bearer secret":
            self._answer(401, b"who are you?")
        elif MODE == "broken" or (MODE == "busy" and len(SEEN) <= 2):
            self._answer(500 if MODE == "broken" else 503, b"no")
        elif MODE == "garbage":
            self._answer(200, b"<html>hello</html>")
        else:
            told = translate(body["messages"][-1]["content"])
            if MODE == "loses":
                told = re.sub(r"⟦\d+⟧", "", told, count=1)
            if MODE == "invents":
                told += "共77例。"
            message = {"choices": [{"message": {"role": "assistant", "content": told}}]}
            self._answer(200, json.dumps(message).encode())

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), Chat)
    print(server.server_address[1], flush=True)
    server.serve_forever()
