"""The form beside a protocol's YAML: a field for each key, with what is amiss beneath it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from nicegui import ui

from bencao.evidence.protocol.editing.checking import Amiss
from bencao.evidence.protocol.editing.looking import told_at
from bencao.evidence.protocol.editing.starting import start_bias
from bencao.evidence.protocol.sensitivity import PARAMETERS
from bencao.synthesis.page import Language
from bencao.web.evidence.protocol import fields
from bencao.web.evidence.protocol.inputs import FieldInputs
from bencao.web.evidence.words import WORDS


class ProtocolForm:
    """Fields for all parts of a protocol.

    Parameters
    ----------
    language : {"en", "zh"}
    change : callable
        Told the key, its new value (None takes it away), and whether other fields come or go with it.
    """

    def __init__(self, language: Language, change: Callable[[str, Any, bool], None]) -> None:
        self._words, self._change = WORDS[language], change
        self._frame = ui.column().classes("w-full gap-3").props("data-part=form")
        self._inputs = FieldInputs(language, self._entered)
        self._told: dict[str, Any] = {}
        self._faults: dict[str, ui.label] = {}

    def fill(self, told: dict[str, Any]) -> None:
        """Build the form anew for what a protocol says."""
        self._told, self._faults = told, {}
        data = told.get("data")
        over = data if data in fields.EVENTS else "omop"
        self._frame.clear()
        self._inputs.begin(told, over)
        with self._frame:
            self._part("study", fields.STUDY, "")
            with self._card("emulates", ""):
                self._optional("emulates", {"closeness": "loose", "why": ""}, self._emulates)
            with self._card("eligibility"):
                self._grid(fields.ELIGIBILITY)
                for kind in ("require", "exclude"):
                    self._rules(f"eligibility.{kind}", over)
            with self._card("strategies"):
                self._events("strategies.treatment")
                self._optional("strategies.comparator", _empty(over, 0), self._events)
            with self._card("time_zero", hint="hint" if over == "omop" else "table"):
                self._grid(fields.TIME_ZERO)
                if over == "omop":
                    self._optional("lasting", {"period": 30}, self._lasting)
            self._part("follow_up", fields.FOLLOW_UP)
            with self._card("outcome"):
                self._grid(fields.OUTCOME)
                self._fault("outcome.events")
                self._inputs.events("outcome.events", valued=False)
            with self._card("covariates"):
                fresh = {"name": "", "given_by": "events", "events": _empty(over)} if over == "omop" else {"name": ""}
                self._list("covariates", fresh, lambda key: self._covariate(key, over))
            self._part("estimand", fields.ESTIMAND, "analysis")
            self._part("analysis", fields.ANALYSIS, "")
            if over == "table":
                with self._card("missing_data", ""):
                    self._optional("missing_data", {"covariates": []}, self._missing)
            with self._card("sensitivity"):
                self._grid(fields.SENSITIVITY)
                ui.label(self._words["key sensitivity"]).classes("panel-subtitle")
                self._list("sensitivity", start_bias("", "confounding"), self._bias)
            with self._card("negative_controls"):
                self._list("negative_controls", _empty(over), lambda key: self._inputs.events(key))
            self._part("thresholds", fields.THRESHOLDS)

    def _entered(self, key: str, value: Any, alters: bool) -> None:
        """Pass on what was entered; a bias of another kind has other parameters."""
        member, _, last = key.rpartition(".")
        if last == "bias" and value in PARAMETERS:
            name = str(told_at(self._told, f"{member}.name") or "")
            self._change(member, start_bias(name, value), True)
        else:
            self._change(key, value, alters)

    def show_amiss(self, amiss: Sequence[Amiss]) -> tuple[Amiss, ...]:
        """Say what is amiss beneath each field or at its part; gives what has no place in the form."""
        left: list[Amiss] = []
        at: dict[str, list[str]] = {}
        for one in amiss:
            key = one.key
            while key and key not in self._inputs.shown and key not in self._faults:
                key = key.rpartition(".")[0]
            # A part that is not in the form, such as a misspelt one, is told with its key.
            said = one.cause if key == one.key else f"{one.key}: {one.cause}" if key in self._faults else one.cause
            at.setdefault(key, []).append(said) if key else left.append(one)
        for key, fault in self._faults.items():
            fault.set_text("; ".join(at.get(key, ())))
        self._inputs.show_faults(at)
        return tuple(left)

    def _card(self, name: str, key: str | None = None, hint: str = "hint") -> ui.column:
        words = self._words
        with ui.column().classes("card w-full gap-2").props(f"data-part=form-{name}") as card:
            ui.label(words[f"part {name}"]).classes("panel-title")
            if said := words.get(f"part {name} {hint}"):
                ui.label(said).classes("hint")
            self._fault(name if key is None else key)
        return card

    def _fault(self, key: str) -> None:
        if key:
            self._faults[key] = ui.label().classes("fault").props(f'data-fault="{key}"')

    def _part(self, name: str, asked: Sequence[fields.Field], key: str | None = None) -> None:
        with self._card(name, key):
            self._grid(asked)

    def _grid(self, asked: Sequence[fields.Field]) -> None:
        with ui.element("div").classes("form-grid"):
            self._inputs.add("", asked)

    def _events(self, key: str) -> None:
        ui.label(self._words[f"key {key}"]).classes("panel-subtitle")
        self._fault(key)
        self._inputs.events(key)

    def _optional(self, key: str, fresh: Any, build: Callable[[str], None]) -> None:
        """A part that may be left out, and the button that adds it or takes it away."""
        words = self._words
        if told_at(self._told, key) is None:
            ui.button(words[f"add {key}"], icon="add", on_click=lambda: self._change(key, fresh, True)).props(
                f"flat dense no-caps data-part='add-{key}'"
            ).classes("self-start")
            return
        build(key)
        ui.button(words[f"drop {key}"], icon="close", on_click=lambda: self._change(key, None, True)).props(
            f"flat dense no-caps color=secondary data-part='drop-{key}'"
        ).classes("self-start")

    def _emulates(self, key: str) -> None:
        self._fault(key)
        self._grid(fields.EMULATES)

    def _missing(self, key: str) -> None:
        self._fault(key)
        self._grid(fields.MISSING)

    def _bias(self, key: str) -> None:
        with ui.element("div").classes("form-grid"):
            self._inputs.add(f"{key}.", fields.bias(str(told_at(self._told, f"{key}.bias"))))

    def _lasting(self, key: str) -> None:
        ui.label(self._words["key lasting"]).classes("panel-subtitle")
        self._fault(key)
        self._grid(fields.LASTING)
        self._optional("lasting.entry", _empty("omop"), self._events)

    def _rules(self, key: str, over: str) -> None:
        ui.label(self._words[f"key {key}"]).classes("panel-subtitle")

        def rule(at: str) -> None:
            self._inputs.events(f"{at}.events")
            with ui.element("div").classes("form-grid"):
                self._inputs.add(f"{at}.", fields.WINDOW)

        self._list(key, {"events": _empty(over)}, rule)

    def _covariate(self, key: str, over: str) -> None:
        given_by = told_at(self._told, f"{key}.given_by") or "column"
        with ui.element("div").classes("form-grid"):
            self._inputs.add(f"{key}.", fields.covariate(over, str(given_by)))
        if given_by == "events":
            self._inputs.events(f"{key}.events")

    def _list(self, key: str, fresh: Any, build: Callable[[str], None]) -> None:
        """Members of a list, each with a button that takes it away, and one that adds another."""
        told = told_at(self._told, key)
        members = told if isinstance(told, list) else []
        for place in range(len(members)):
            at = f"{key}.{place}"
            with ui.row().classes("form-member no-wrap items-start w-full gap-1").props(f"data-member='{at}'"):
                with ui.column().classes("grow gap-1 min-w-0"):
                    build(at)
                    self._fault(at)
                self._drop_button(at)
        add = {"at": f"{key}.{len(members)}", "value": fresh} if told is not None else {"at": key, "value": [fresh]}
        ui.button(
            self._words["add"], icon="add", on_click=lambda: self._change(str(add["at"]), add["value"], True)
        ).props(f"flat dense no-caps data-part='add-{key}'").classes("self-start")

    def _drop_button(self, at: str) -> None:
        ui.button(icon="close", on_click=lambda: self._change(at, None, True)).props(
            f"flat round dense size=sm color=secondary aria-label='{self._words['take away']}' data-part='drop-{at}'"
        )


def _empty(over: str, value: int | None = None) -> dict[str, Any]:
    """Events to be filled in."""
    if over == "omop":
        return {"name": "", "concepts": []}
    return {"name": "", "column": "", **({} if value is None else {"value": value})}
