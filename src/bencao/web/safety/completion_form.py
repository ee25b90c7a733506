"""The form that completes a case: what rules ask for, in fields of their kind, with what it then makes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from nicegui import ui

from bencao.safety.browse import AskedRow, CompletionView, entered

Key = tuple[str, tuple[int, ...]]
_OTHER = "null:"  # before a null flavour among the choices


class CompletionForm:
    """Fields for what a case lacks.

    Parameters
    ----------
    view : CompletionView
    words : dict of str
    held : dict
        What was entered before, by element and repeats: value and null flavour.
    on_apply : callable
        Told all that was entered, one entry a line.
    on_download : callable
        Told the name and the text of a file.
    """

    def __init__(
        self,
        view: CompletionView,
        words: dict[str, str],
        held: dict[Key, tuple[str, str]],
        on_apply: Callable[[], Awaitable[None]],
        on_download: Callable[[str, str], Awaitable[None]],
    ) -> None:
        self._words, self._held = words, held
        open_points = len(view.rows) + len(view.further)
        said = words["lacks"].format(count=open_points) if open_points else words["complete"]
        ui.label(said).classes("panel-subtitle" if open_points else "panel-subtitle leaf").props("data-part=standing")
        for line in view.further:
            ui.label(line).classes("hint amber")
        if view.not_checked:
            ui.label(f"{words['not checked']}: {', '.join(view.not_checked)}").classes("hint")
        with ui.element("div").classes("asked-grid").props("data-part=asked"):
            for row in view.rows:
                self._ask(row)
        with ui.row().classes("items-center gap-3"):
            if view.rows:
                ui.button(words["apply"], icon="check", on_click=on_apply).props("no-caps unelevated data-part=apply")
            name = view.identifier or "case"
            for suffix, text in (("xml", view.message), ("json", view.form)):

                async def fetch(file: str = f"{name}.{suffix}", text: str = text) -> None:
                    await on_download(file, text)

                label = words["message"] if suffix == "xml" else words["case file"]
                ui.button(label, icon="download", on_click=fetch).props(f"no-caps flat data-part=get-{suffix}")

    def _ask(self, row: AskedRow) -> None:
        key = row.element, row.repeats
        value, null = self._held.get(key, (row.value, row.null_flavor))
        with ui.column().classes("card w-full gap-1").props(f"data-element={row.element}"):
            repeats = f"[{','.join(map(str, row.repeats))}]" if row.repeats else ""
            ui.label(f"{row.element}{repeats} · {row.name}").classes("panel-subtitle")
            ui.label(f"{row.rule}: {row.said}").classes("hint")
            with ui.row().classes("w-full items-center gap-3"):
                if row.codes:
                    self._choice(row, key, value, null)
                else:
                    self._text(row, key, value, null)
            ui.label(row.fault).classes("fault")

    def _choice(self, row: AskedRow, key: Key, value: str, null: str) -> None:
        options = {code: f"{said} ({code})" if said else code for code, said in row.codes}
        options |= {_OTHER + flavour: self._null(flavour, said) for flavour, said in row.nulls}

        def keep(told: str | None) -> None:
            text = told or ""
            self._held[key] = ("", text.removeprefix(_OTHER)) if text.startswith(_OTHER) else (text, "")

        now = _OTHER + null if null else value
        ui.select(
            options,
            label=self._words["value"],
            value=now if now in options else None,
            clearable=True,
            on_change=lambda event: keep(event.value),
        ).props("outlined dense options-dense").classes("study-choice")

    def _text(self, row: AskedRow, key: Key, value: str, null: str) -> None:
        hint = self._words["date hint"] if row.kind == "date" else self._words.get(f"kind {row.kind}", "")

        def keep(value: str | None = None, null: str | None = None) -> None:
            before = self._held.get(key, (row.value, row.null_flavor))
            self._held[key] = (before[0] if value is None else value, before[1] if null is None else null)

        ui.input(
            self._words["value"], value=value, placeholder=hint, on_change=lambda event: keep(value=event.value or "")
        ).props(f"outlined dense{f' maxlength={row.length}' if row.length and row.kind != 'date' else ''}").classes(
            "study-choice"
        )
        if row.nulls:
            ui.select(
                {flavour: self._null(flavour, said) for flavour, said in row.nulls},
                label=self._words["instead"],
                value=null or None,
                clearable=True,
                on_change=lambda event: keep(null=event.value or ""),
            ).props("outlined dense options-dense").classes("study-choice")

    def _null(self, flavour: str, said: str) -> str:
        return f"{said} ({flavour})" if said else flavour


def entries_of(held: dict[Key, tuple[str, str]]) -> str:
    """All that was entered, as `show_completion` takes it."""
    told = [(key, each) for key, each in held.items() if any(each)]
    return "\n".join(entered(*key, value, null) for key, (value, null) in told)
