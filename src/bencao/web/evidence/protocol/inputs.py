"""The inputs of a protocol's form: each shows what stands at its key, and tells what is entered there."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from nicegui import ui
from nicegui.elements.mixins.validation_element import ValidationElement

from bencao.evidence.protocol.editing.looking import default_of, told_at
from bencao.synthesis.page import Language
from bencao.web.evidence.protocol import fields
from bencao.web.evidence.words import WORDS

_PROPS = "outlined dense debounce=250 hide-bottom-space spellcheck=false"


class FieldInputs:
    """Inputs by the keys that they show.

    Parameters
    ----------
    language : {"en", "zh"}
    change : callable
        Told the key, its new value, and whether other fields come or go with it.
    """

    def __init__(self, language: Language, change: Callable[[str, Any, bool], None]) -> None:
        self._words, self._change = WORDS[language], change
        self._told: dict[str, Any] = {}
        self._over = "omop"
        self.shown: dict[str, ValidationElement[Any]] = {}

    def begin(self, told: dict[str, Any], over: str) -> None:
        """Forget the inputs that were there; those to come show what is told, over such data."""
        self._told, self._over, self.shown = told, over, {}

    def add(self, above: str, asked: Sequence[fields.Field]) -> None:
        """Put inputs on the page.

        Parameters
        ----------
        above : str
            What stands before each key, such as ``covariates.2.``.
        asked : sequence of Field
        """
        for one in asked:
            if one.over in ("", self._over):
                getattr(self, f"_add_{one.kind}")(f"{above}{one.key}", one, self._words[f"key {one.key}"])

    def events(self, key: str, valued: bool = True) -> None:
        """Put the inputs of events on the page; without the value of a column that is read as it is."""
        asked = [one for one in fields.EVENTS[self._over] if valued or one.key != "value"]
        with ui.element("div").classes("form-grid"):
            self.add(f"{key}.", asked)

    def show_faults(self, at: Mapping[str, Sequence[str]]) -> None:
        """Say beneath each input what is amiss there, and nothing beneath the others."""
        for key, one in self.shown.items():
            said = "; ".join(at.get(key, ())) or None
            if one.error != said:
                one.error = said

    def _keep(self, key: str, one: ValidationElement[Any]) -> None:
        self.shown[key] = one.props(f'{_PROPS} data-key="{key}"')

    def _told_or_default(self, key: str) -> Any:
        told = told_at(self._told, key)
        return default_of(key) if told is None else told

    def _tell(self, key: str, value: Any, alters: bool = False) -> None:
        """Tell of a value; what goes without saying is left out."""
        self._change(key, None if value == default_of(key) and value is not None else value, alters)

    def _add_text(self, key: str, one: fields.Field, label: str) -> None:
        told = told_at(self._told, key)
        self._keep(
            key,
            ui.input(
                label,
                value="" if told is None else str(told),
                placeholder=str(default_of(key) or ""),
                on_change=lambda event: self._change(key, _entered(event.value, one.key == "value"), False),
            ),
        )

    def _add_long(self, key: str, one: fields.Field, label: str) -> None:
        self._keep(
            key,
            ui.textarea(
                label,
                value=str(told_at(self._told, key) or ""),
                on_change=lambda event: self._change(key, _entered(event.value), False),
            ).props("autogrow"),
        )
        self.shown[key].classes("form-wide")

    def _add_number(self, key: str, one: fields.Field, label: str) -> None:
        told, default = told_at(self._told, key), default_of(key)
        shown = "" if default is None else f"{default:g}"
        self._keep(
            key,
            ui.input(
                label,
                value="" if told is None else str(told),
                placeholder=shown,
                on_change=lambda event: self._change(key, _entered(event.value, True), False),
            ).props(f"inputmode=decimal {'stack-label' if shown else ''}"),
        )

    def _add_choice(self, key: str, one: fields.Field, label: str) -> None:
        told = self._told_or_default(key)
        choices = {name: self._words.get(f"is {name}", name) for name in one.choices}
        self._keep(
            key,
            ui.select(
                choices if told in choices or told is None else {**choices, told: str(told)},
                value=told,
                label=label,
                on_change=lambda event: self._tell(key, event.value, one.alters),
            ).props("options-dense"),
        )

    def _add_choices(self, key: str, one: fields.Field, label: str) -> None:
        told = self._told_or_default(key)
        members = [name for name in told if name in one.choices] if isinstance(told, list | tuple) else []
        self._keep(
            key,
            ui.select(
                {name: self._words.get(f"is {name}", name) for name in one.choices},
                value=members,
                label=label,
                multiple=True,
                on_change=lambda event: self._tell_choices(key, event.value),
            ).props("use-chips options-dense"),
        )
        self.shown[key].classes("form-wide")

    def _tell_choices(self, key: str, chosen: list[str]) -> None:
        self._change(key, None if tuple(chosen) == default_of(key) else list(chosen), False)

    def _add_flag(self, key: str, one: fields.Field, label: str) -> None:
        with ui.element("div").classes("form-flag"):
            ui.checkbox(
                label,
                value=bool(self._told_or_default(key)),
                on_change=lambda event: self._tell(key, bool(event.value), one.alters),
            ).props(f'dense data-key="{key}"')

    def _add_span(self, key: str, one: fields.Field, label: str) -> None:
        told = self._told_or_default(key)
        pair = [*told, None, None][:2] if isinstance(told, list | tuple) else [None, None]

        def entered(place: int, value: str | None) -> None:
            pair[place] = _entered(value, one.key != "eligibility.dates")
            self._change(key, None if pair == [None, None] else list(pair), False)

        with ui.element("div").classes("form-span"):
            for place, end in enumerate(("from", "to")):
                self._keep(
                    f"{key}.{place}",
                    ui.input(
                        self._words[f"key {one.key} {end}"],
                        value="" if pair[place] is None else str(pair[place]),
                        placeholder=self._words["open end"],
                        on_change=lambda event, place=place: entered(place, event.value),
                    ),
                )

    def _add_list(self, key: str, one: fields.Field, label: str) -> None:
        told = told_at(self._told, key)
        members = told if isinstance(told, list) else []
        self._keep(
            key,
            ui.input(
                label,
                value=", ".join(map(str, members)),
                placeholder=self._words.get(f"like {one.key}", "0.7, 0.8, 0.9"),
                on_change=lambda event: self._change(key, _listed(event.value), False),
            ),
        )


def _entered(text: str | None, number: bool = False) -> Any:
    """What was entered: nothing where the field is empty; a number where it is one."""
    text = (text or "").strip()
    if not text:
        return None
    if number:
        for kind in (int, float):
            try:
                return kind(text)
            except ValueError:
                continue
    return text


def _listed(text: str | None) -> list[Any]:
    return [_entered(part, True) for part in (text or "").replace("，", ",").split(",") if part.strip()]
