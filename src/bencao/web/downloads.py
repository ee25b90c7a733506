"""What a plan can be downloaded as, each written into the workspace's ledger by its SHA-256."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bencao.kernel.ledger import Entry, FileRecord, Ledger
from bencao.kernel.ledger.entry import now
from bencao.kernel.version import package_version
from bencao.synthesis import render_plan
from bencao.synthesis.export import leaves_csv, plan_json, routes_sdf
from bencao.synthesis.page import Language
from bencao.synthesis.route import Plan
from bencao.web.jobs import Job
from bencao.web.orders import PlanOrder


@dataclass(frozen=True)
class Download:
    """A form of a plan.

    Attributes
    ----------
    media_type : str
    render : callable
        Gives it from plan, language and the target's name.
    """

    media_type: str
    render: Callable[[Plan, Language, str], str]


DOWNLOADS = {
    "plan.html": Download("text/html", lambda plan, language, name: render_plan(plan, language, name=name)),
    "plan.json": Download("application/json", lambda plan, language, name: plan_json(plan)),
    "routes.sdf": Download("chemical/x-mdl-sdfile", lambda plan, language, name: routes_sdf(plan)),
    "leaves.csv": Download("text/csv", lambda plan, language, name: leaves_csv(plan)),
}


def download(job: Job, form: str, language: Language) -> bytes:
    """A job's plan as a file, written into the ledger, so that ``bencao ledger trace`` knows the file wherever it lies.

    Parameters
    ----------
    job : Job
    form : str
        Key of `DOWNLOADS`.
    language : {"en", "zh"}

    Returns
    -------
    bytes

    Raises
    ------
    NotFinished
        There is no plan.
    LedgerError
        It cannot be recorded, so it is not given.
    """
    plan, order, started = job.plan, job.order, now()
    assert isinstance(order, PlanOrder)  # else there is no plan
    data = DOWNLOADS[form].render(plan, language, order.name).encode()
    told = {
        "smiles": order.smiles,
        "routes": order.routes,
        "sort": order.order,
        "diverse": order.diverse,
        "lang": language,
        "expansions": order.limits.expansions,
        "seconds": order.limits.seconds,
        "depth": order.limits.depth,
        **dict(order.constraints.identity),
    }
    record_download("serve plan", form, data, told, dict(plan.provenance), started)
    return data


def record_download(
    job: str,
    name: str,
    data: bytes,
    parameters: Mapping[str, Any],
    versions: Mapping[str, str] | None = None,
    started: str | None = None,
) -> None:
    """Write a file that is handed out into the workspace's ledger.

    Raises
    ------
    LedgerError
    """
    made = FileRecord(name, len(data), hashlib.sha256(data).hexdigest())
    used = {"bencao": package_version(), **(versions or {})}
    with Ledger(None, create=True) as ledger:
        ledger.append(Entry(job, started or now(), now(), (), (made,), dict(parameters), used))
