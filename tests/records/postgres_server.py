"""A Postgres server of a test's own, on loopback, by a user without rights; ended and removed after the test."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

_SECONDS = 60.0


@contextmanager
def postgres_server() -> Iterator[str]:
    """The URL of an empty database; skips where no Postgres is installed."""
    psycopg = pytest.importorskip("psycopg", reason="cannot run here: psycopg is not installed")
    programs = _programs()
    if programs is None:
        pytest.skip("cannot run here: Postgres (initdb) is not installed")
    # Postgres refuses to run as root.
    user = "nobody" if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="bencao-postgres-"))
    try:
        if user:
            shutil.chown(folder, user)
        made = [programs / "initdb", "-D", folder / "data", "-U", "bencao", "--auth=trust", "--no-sync", "-E", "UTF8"]
        subprocess.run([*made, "--locale=C"], user=user, cwd=folder, check=True, capture_output=True)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        told = [
            "-c",
            "listen_addresses=127.0.0.1",
            "-c",
            "unix_socket_directories=",
            "-c",
            "fsync=off",
            "-p",
            str(port),
        ]
        command = [programs / "postgres", "-D", folder / "data", *told]
        with subprocess.Popen(
            command, user=user, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        ) as server:
            try:
                url = f"postgresql://bencao@127.0.0.1:{port}/postgres"
                deadline = time.monotonic() + _SECONDS
                while True:
                    try:
                        psycopg.connect(url, connect_timeout=5).close()
                        break
                    except psycopg.OperationalError:
                        if server.poll() is not None or time.monotonic() > deadline:
                            raise
                        time.sleep(0.1)
                yield url
            finally:
                server.terminate()  # "smart" shutdown: waits for the connections, which the test has closed
                server.wait(_SECONDS)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path | None:
    """Folder of the server's programs; Debian keeps them off the PATH."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    return next((path.parent for path in sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)), None)
