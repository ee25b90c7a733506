"""The trial room over HTTP, below ``/api/v1/trial``: thin, the work is done by `bencao.trial.browse`."""

from __future__ import annotations

from enum import Enum

from fastapi import FastAPI

from bencao.trial.browse import (
    CellView,
    DatasetView,
    FindingsView,
    Overview,
    TableView,
    show_cell,
    show_dataset,
    show_findings,
    show_overview,
    show_table,
)
from bencao.web.http.answering import answered, opened
from bencao.web.trial.desk import StudyDesk

_OPEN = "start the workbench with --study"
_TAG: list[str | Enum] = ["trial"]


def add_trial_api(api: FastAPI, desk: StudyDesk | None) -> None:
    """Put the room's questions under ``/trial``; they are refused where no study is open."""

    @api.get("/trial/study", tags=_TAG)
    async def study() -> Overview:
        """Give the study at a glance: its data sets, tables and listings, and the rules it can be checked by."""
        return answered(await opened(desk, _OPEN).ask(show_overview))

    @api.get("/trial/datasets/{name}", tags=_TAG)
    async def dataset(name: str) -> DatasetView:
        """Give the specification of a data set: its variables and how each is made."""
        return answered(await opened(desk, _OPEN).ask(show_dataset, name))

    @api.get("/trial/findings", tags=_TAG)
    async def findings(rules: str) -> FindingsView:
        """Check the data sets against rules that the study at a glance names."""
        return answered(await opened(desk, _OPEN).ask(show_findings, rules))

    @api.get("/trial/tables/{number}", tags=_TAG)
    async def table(number: str) -> TableView:
        """Give a table or listing as it is printed, each computed cell with its address."""
        return answered(await opened(desk, _OPEN).ask(show_table, number))

    @api.get("/trial/tables/{number}/{cell}", tags=_TAG)
    async def cell(number: str, cell: str) -> CellView:
        """Name the records behind a cell such as R3C2, those that decide a percentage apart."""
        return answered(await opened(desk, _OPEN).ask(show_cell, number, cell))
