"""Who may come in: with a token only beyond loopback, and never a page of another site."""

from __future__ import annotations

import socket

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from bencao.kernel.errors import InputError
from bencao.web import serve
from bencao.web.http.guard import COOKIE, Guard, check_token, is_loopback

TOKEN = "a-token-of-some-length"
AT_HOME = "http://127.0.0.1:8741"
BEYOND = "http://lab.example:8741"


async def say(request: Request) -> PlainTextResponse:
    return PlainTextResponse(f"in {request.url.query}")


async def talk(socket: WebSocket) -> None:
    await socket.accept()
    await socket.send_text("in")
    await socket.close()


def client(address: str, token: str = "") -> TestClient:
    app = Starlette(routes=[Route("/", say), Route("/api", say, methods=["POST"]), WebSocketRoute("/ws", talk)])
    return TestClient(Guard(app, token), base_url=address, follow_redirects=False)


def let_in(socket_client: TestClient, headers: dict[str, str]) -> bool:
    try:
        with socket_client.websocket_connect("/ws", headers=headers) as talking:
            return talking.receive_text() == "in"
    except WebSocketDisconnect as refused:
        assert refused.code == 1008
        return False


def test_loopback_needs_no_token() -> None:
    at_home = client(AT_HOME)
    assert at_home.get("/").text == "in "
    assert let_in(at_home, {"host": "127.0.0.1:8741", "origin": AT_HOME})


def test_without_a_token_no_other_name_may_point_here() -> None:
    rebound = client("http://attacker.example:8741")
    assert rebound.get("/").status_code == 403
    assert not let_in(rebound, {"host": "attacker.example:8741"})


def test_a_page_of_another_site_gets_nothing_and_starts_nothing() -> None:
    for token in ("", TOKEN):
        at_home = client(AT_HOME, token)
        signed = {"authorization": f"Bearer {TOKEN}", "origin": "http://elsewhere.example"}
        assert at_home.post("/api", headers=signed).status_code == 403
        assert not let_in(at_home, {"host": "127.0.0.1:8741", **signed})


def test_beyond_loopback_nothing_is_given_without_the_token() -> None:
    beyond = client(BEYOND, TOKEN)
    assert beyond.get("/").status_code == 401
    assert beyond.get("/").json()["title"] == "NotAllowed"
    assert beyond.get("/", headers={"authorization": "Bearer wrong"}).status_code == 401
    assert beyond.get("/", headers={"cookie": f"{COOKIE}=wrong"}).status_code == 401
    assert beyond.get("/?token=wrong").status_code == 401
    assert not let_in(beyond, {"host": "lab.example:8741"})
    assert beyond.get("/", headers={"authorization": f"Bearer {TOKEN}"}).text == "in "


def test_a_reader_without_the_token_sees_a_page_that_says_what_to_do() -> None:
    answer = client(BEYOND, TOKEN).get("/", headers={"accept": "text/html"})
    assert answer.status_code == 401
    assert "bencao serve" in answer.text


def test_the_printed_link_signs_in_and_leaves_no_token_in_the_address() -> None:
    beyond = client(BEYOND, TOKEN)
    answer = beyond.get(f"/?token={TOKEN}&lang=zh")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/?lang=zh"
    assert "httponly" in answer.headers["set-cookie"].lower()
    assert beyond.get("/?lang=zh").text == "in lang=zh"
    assert let_in(beyond, {"host": "lab.example:8741", "origin": BEYOND, "cookie": f"{COOKIE}={TOKEN}"})


def test_every_answer_forbids_to_load_from_elsewhere() -> None:
    policy = client(AT_HOME).get("/").headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "http:" not in policy and "*" not in policy


@pytest.mark.parametrize(
    ("host", "loopback"),
    [("127.0.0.1", True), ("localhost", True), ("::1", True), ("127.8.8.8", True), ("0.0.0.0", False), ("::", False),
     ("192.168.1.4", False), ("lab.example", False), ("localhost.attacker.example", False)],
)  # fmt: skip
def test_loopback_is_this_machine_only(host: str, loopback: bool) -> None:
    assert is_loopback(host) is loopback


@pytest.mark.parametrize("token", ["short", "with a space in the middle", "令牌令牌令牌令牌令牌令牌令牌令牌令牌"])
def test_a_token_that_will_not_do_is_refused(token: str) -> None:
    with pytest.raises(InputError, match="a token of"):
        check_token(token)


def _load_nothing() -> None:
    raise AssertionError("nothing is loaded before the address is known to be free")


def test_an_address_that_is_taken_is_said_before_anything_is_loaded() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(InputError, match="--port"):
            serve(_load_nothing, port=taken.getsockname()[1])  # type: ignore[arg-type]
