"""``bencao`` for a manual's scripts: each command in its own process, forked from one that has the imports."""

from __future__ import annotations

import json
import os
import shlex
import socket
import subprocess
import sys
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CLIENT = (
    "import json, os, socket, sys\n"
    "server = socket.socket(socket.AF_UNIX)\n"
    "server.connect(sys.argv[1])\n"
    "told = json.dumps([sys.argv[2:], os.getcwd(), dict(os.environ)]).encode()\n"
    "socket.send_fds(server, [len(told).to_bytes(4)], [0, 1, 2])\n"
    "server.sendall(told)\n"
    "sys.exit(int(server.recv(8) or b'70'))\n"
)


def run_script(
    script: str, folder: Path, environment: dict[str, str], imports: list[str]
) -> subprocess.CompletedProcess[str]:
    """Run a shell script in which ``bencao`` is the command line of this repository.

    Parameters
    ----------
    imports : list of str
        Modules that the commands need; they are imported once, and nothing else is shared between commands.
    """
    address = folder / "commands.socket"
    told = {**os.environ, **environment, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT / 'tests'}"}
    serving = [sys.executable, "-m", "warm_commands", str(address), *imports]
    asking = shlex.join([sys.executable, "-S", "-E", "-c", CLIENT, str(address)])
    client = f'bencao() {{ {asking} "$@"; }}\n'
    with subprocess.Popen(serving, env=told, stdout=subprocess.PIPE) as server:
        try:
            assert server.stdout is not None and server.stdout.readline() == b"ready\n", (
                "the command line does not start"
            )
            return subprocess.run(
                ["bash", "-euc", client + script], cwd=folder, env=told, capture_output=True, text=True, timeout=300
            )
        finally:
            server.terminate()


def _serve(address: str, imports: list[str]) -> None:
    for name in imports:
        import_module(name)
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(address)
    listening.listen()
    print("ready", flush=True)
    while True:
        connection, _ = listening.accept()
        child = os.fork()
        if child == 0:
            _answer(connection)
        _, status = os.waitpid(child, 0)
        connection.sendall(str(os.waitstatus_to_exitcode(status)).encode())
        connection.close()


def _answer(connection: socket.socket) -> None:
    """In the child: take on the caller's folder, environment and streams, and be the command."""
    length, streams, _, _ = socket.recv_fds(connection, 4, 3)
    told = b""
    while len(told) < int.from_bytes(length):
        told += connection.recv(1 << 16)
    arguments, folder, environment = json.loads(told)
    for place, stream in enumerate(streams):
        os.dup2(stream, place)
        os.close(stream)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["bencao", *arguments]
    from bencao.cli import main

    code = 0
    try:
        main()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    _serve(sys.argv[1], sys.argv[2:])
