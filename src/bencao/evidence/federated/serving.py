"""Sites and coordinator over HTTPS."""

from __future__ import annotations

import datetime
import http.client
import ipaddress
import json
import secrets
import ssl
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.x509.oid import NameOID

from bencao.evidence.errors import MessageError
from bencao.evidence.federated.answering import Site, read_answer, refusal
from bencao.evidence.federated.curves import Curve
from bencao.evidence.federated.messages import opened, sign
from bencao.evidence.federated.solving import Ask
from bencao.evidence.federated.study import FederatedStudy
from bencao.evidence.federated.sums import Stage, Sums
from bencao.kernel.errors import BencaoError, InputError

_LARGEST = 1 << 20  # bytes of a request
_SECONDS = 60


def serve(site: Site, certificate: Path, *, host: str = "127.0.0.1", port: int = 0) -> HTTPServer:
    """An HTTPS server that answers for a site; call its ``serve_forever``.

    Parameters
    ----------
    site : Site
    certificate : Path
        Written: the certificate (PEM) that the coordinator is to trust, and no other. Its key never is kept.
    host : str
        An address of this machine.
    port : int
        0 takes a free one, `server.server_address` tells which.

    Returns
    -------
    HTTPServer
    """

    class Handler(BaseHTTPRequestHandler):
        timeout = _SECONDS

        def do_POST(self) -> None:
            try:
                length = int(self.headers.get("Content-Length", "0"))
                if not 0 < length <= _LARGEST:
                    raise MessageError("the request is empty or too large")
                status, told = 200, site.answer(self.rfile.read(length))
            except (BencaoError, ValueError) as error:
                status, told = 400, json.dumps({"error": str(error)}).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(told)))
            self.end_headers()
            self.wfile.write(told)

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing: the site's log is its own file."""

    try:
        server = HTTPServer((host, port), Handler)
    except OSError as error:
        cause = f"cannot listen: {error.strerror}"
        raise InputError(cause, where=f"{host}:{port}", mend="give another port") from None
    server.socket = _context(host, certificate).wrap_socket(server.socket, server_side=True)
    return server


def _context(host: str, certificate: Path) -> ssl.SSLContext:
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.datetime.now(datetime.UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "bencao evidence site")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(minutes=5))
        .not_valid_after(now + datetime.timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(host))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    public = made.public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.TemporaryDirectory() as folder:
        chain = Path(folder, "chain.pem")
        chain.touch(mode=0o600)
        chain.write_bytes(private + public)
        context.load_cert_chain(chain)
    certificate.write_bytes(public)
    return context


@dataclass(frozen=True)
class Address:
    """Where a site answers, and how it is known.

    Attributes
    ----------
    host : str
    port : int
    public : str
        Its public key.
    certificate : Path
        The one that is trusted for it.
    """

    host: str
    port: int
    public: str
    certificate: Path


def over_https(study: FederatedStudy, key: Ed25519PrivateKey, sites: Mapping[str, Address]) -> Ask:
    """How a coordinator asks sites over HTTPS; raises what a site refused with, or MessageError."""

    def send(site: str, message: bytes) -> bytes:
        address = sites[site]
        try:
            context = ssl.create_default_context(cafile=str(address.certificate))
            line = http.client.HTTPSConnection(address.host, address.port, timeout=_SECONDS, context=context)
            line.request("POST", "/", message)
            answer = line.getresponse()
            told = answer.read()
            line.close()
        except (OSError, http.client.HTTPException) as error:
            raise MessageError(
                f"does not answer: {type(error).__name__}", where=site, mend="start the site, and check its certificate"
            ) from None
        if answer.status != 200:
            raise MessageError("refuses the request", where=site, mend="compare the study's file and the keys")
        return told

    return asking(study, key, {name: address.public for name, address in sites.items()}, send)


def asking(
    study: FederatedStudy,
    key: Ed25519PrivateKey,
    public: Mapping[str, str],
    send: Callable[[str, bytes], bytes],
) -> Ask:
    """Turn any way of sending signed messages into one of asking; an answer must be to the very request."""

    def ask(site: str, stage: Stage, beta: Sequence[float], treatment: Sequence[float]) -> Sums | Curve:
        request = {"study": study.digest, "stage": stage, "beta": list(beta), "treatment": list(treatment)}
        request["number"] = secrets.token_hex(16)
        message = send(site, sign(request, key))
        body = opened(message, public[site], {"study": study.digest, "site": site, "request": request}, site)
        if "refused" in body:
            raise refusal(body["refused"], site)
        return read_answer(stage, body["sums"])

    return ask
