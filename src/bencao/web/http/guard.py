"""Who may come in: the token, and the checks that keep other sites' pages out."""

from __future__ import annotations

import hmac
import ipaddress
import json
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bencao.kernel.errors import BencaoError, InputError
from bencao.web.errors import NotAllowed
from bencao.web.http.problem import problem

COOKIE = "bencao_token"
_LEAST_TOKEN = 16
# Nothing is loaded from anywhere else: Vue compiles templates in the page, Ketcher runs a worker from a blob.
_POLICY = (
    "default-src 'self' data: blob:; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:;"
    " style-src 'self' 'unsafe-inline'; frame-ancestors 'self'; base-uri 'self'; form-action 'self'; object-src 'none'"
)
_HEADERS = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
}


def is_loopback(host: str) -> bool:
    """Whether a host's name or address reaches this machine only."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def check_token(token: str) -> str:
    """A token as it may be used.

    Raises
    ------
    InputError
        Too short, or with characters that an address cannot hold as they are.
    """
    if len(token) < _LEAST_TOKEN or not token.isascii() or not all(one.isalnum() or one in "-_." for one in token):
        raise InputError(
            f"a token of {len(token)} characters",
            where="token",
            mend=f"take {_LEAST_TOKEN} or more letters, digits and -_. or leave --token out to have one made",
        )
    return token


@dataclass(frozen=True)
class Guard:
    """Middleware before pages, API and websockets.

    Attributes
    ----------
    app : ASGI application
    token : str
        What every request must carry, as a cookie or as ``Authorization: Bearer``; empty for none, which goes with
        loopback only: then the name of the host is checked, so that no other site can have its name point here.
    """

    app: ASGIApp
    token: str = ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        try:
            self._refuse_other_sites(headers)
            if self.token and scope["type"] == "http" and (answer := self._signed_in(scope)):
                await answer(scope, receive, send)
                return
            self._refuse_strangers(headers)
        except BencaoError as error:
            await _refuse(error, headers, scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                found = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    found.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, send_with_headers)

    def _refuse_other_sites(self, headers: Mapping[str, str]) -> None:
        host = headers.get("host", "")
        if not self.token and not is_loopback(_name_of(host)):
            raise NotAllowed(f"a request to {host!r}", where="Host", mend="open the workbench at 127.0.0.1")
        origin = headers.get("origin")
        if origin is not None and urlsplit(origin).netloc != host:
            raise NotAllowed(f"a request from {origin!r}", where="Origin", mend="open the workbench's own page")

    def _signed_in(self, scope: Scope) -> Response | None:
        """The answer to a link with the token: a cookie, and the same page without the token in its address."""
        query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        given = [value for name, value in query if name == "token"]
        if not given or not self._is_token(given[0]):
            return None
        left = urlencode([(name, value) for name, value in query if name != "token"])
        answer = RedirectResponse(scope["path"] + (f"?{left}" if left else ""), status_code=303)
        answer.set_cookie(COOKIE, self.token, httponly=True, samesite="lax", max_age=30 * 86400)
        return answer

    def _refuse_strangers(self, headers: Mapping[str, str]) -> None:
        if not self.token:
            return
        kind, _, bearer = headers.get("authorization", "").partition(" ")
        if kind.lower() == "bearer" and self._is_token(bearer.strip()):
            return
        try:
            cookies = SimpleCookie(headers.get("cookie", ""))
        except CookieError:
            cookies = SimpleCookie()
        if COOKIE in cookies and self._is_token(cookies[COOKIE].value):
            return
        mend = "open the link that `bencao serve` printed, or send Authorization: Bearer with its token"
        raise NotAllowed("a request without the token", where="Authorization", mend=mend)

    def _is_token(self, given: str) -> bool:
        return hmac.compare_digest(given.encode(), self.token.encode())


def _name_of(host: str) -> str:
    """Host without its port."""
    return urlsplit(f"//{host}").hostname or ""


async def _refuse(error: BencaoError, headers: Headers, scope: Scope, receive: Receive, send: Send) -> None:
    status = 401 if error.where == "Authorization" else 403
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008, "reason": error.cause})
        return
    answer: Response
    if "text/html" in headers.get("accept", ""):
        answer = HTMLResponse(_PAGE.format(cause=escape(error.cause), mend=escape(error.mend)), status_code=status)
    else:
        answer = Response(json.dumps(problem(error, status)), status, media_type="application/problem+json")
    if status == 401:
        answer.headers["www-authenticate"] = "Bearer"
    await answer(scope, receive, send)


_PAGE = (
    '<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>Bencao</title>'
    '<body style="font:16px/1.6 system-ui,sans-serif;max-width:36rem;margin:15vh auto;padding:0 1.5rem;color:#1d2522">'
    '<h1 style="font-size:1.4rem">Bencao 本草</h1><p>The workbench does not answer {cause}: {mend}.</p>'
    "<p>请打开 <code>bencao serve</code> 所打印的链接。</p></body></html>"
)
