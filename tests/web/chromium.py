"""A workbench in a process of its own, and a real Chromium that reaches this machine only."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Request, expect, sync_playwright

# A bound on a hanging page; nothing is measured.
PATIENCE = 300_000
expect.set_options(timeout=PATIENCE)

Visit = Callable[..., Page]


@contextlib.contextmanager
def served(script: str, arguments: Sequence[Path | str], folder: Path) -> Iterator[str]:
    """Run a script of this folder that serves the workbench; its address."""
    here = Path(__file__).parent
    paths = os.pathsep.join(map(str, (here.parent, *filter(None, [os.environ.get("PYTHONPATH")]))))
    running = subprocess.Popen(
        [sys.executable, here / script, *arguments],
        cwd=folder,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": paths},
    )
    assert running.stderr
    said = running.stderr.readline()
    found = re.search(r"http://127\.0\.0\.1:\d+", said)
    assert found, said + running.stderr.read()
    yield found[0]
    running.send_signal(signal.SIGTERM)
    _, err = running.communicate(timeout=60)
    assert "Traceback" not in err, err


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """Chromium, for which every name leads nowhere: only the address of this machine is reached."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if not program:
        pytest.skip("cannot run here: Chromium is not installed")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=program,
            args=[
                "--no-sandbox",
                "--disable-dev-shm-usage",
                "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
            ],
        )
        yield started
        started.close()


@contextlib.contextmanager
def visiting(browser: Browser, address: str) -> Iterator[Visit]:
    """Open pages, each as another user; nothing may ask for anything from elsewhere, nor fail in script."""
    contexts: list[BrowserContext] = []
    elsewhere: list[str] = []
    faults: list[str] = []

    def note(request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob") and parts.hostname != "127.0.0.1":
            elsewhere.append(request.url)

    def open_page(locale: str = "en-GB", path: str = "/") -> Page:
        context = browser.new_context(
            locale=locale, viewport={"width": 1440, "height": 900}, accept_downloads=True, base_url=address
        )
        context.set_default_timeout(PATIENCE)
        context.on("request", note)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not elsewhere
    assert not faults


def part(page: Page | Locator, name: str) -> Locator:
    """What the page calls by a name."""
    return page.locator(f"[data-part='{name}']")
