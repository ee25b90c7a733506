"""The API's manual as a page that loads nothing: what its OpenAPI document says, as tables."""

from __future__ import annotations

from typing import Any

from bencao.kernel.report import Report, Section, Table, Text, render


def render_documentation(schema: dict[str, Any], root: str) -> str:
    """The page.

    Parameters
    ----------
    schema : dict
        OpenAPI 3.1 document.
    root : str
        Path that the API stands at.

    Returns
    -------
    str
        HTML.
    """
    calls = tuple(
        (f"{method.upper()} {root}{path}", told.get("description") or told["summary"], _body_of(told))
        for path, methods in schema["paths"].items()
        for method, told in methods.items()
    )
    example = f'curl -s {root}/plan -H "content-type: application/json" -d \'{{"smiles": "CC(=O)Nc1ccc(O)cc1"}}\''
    forms = (
        Section(name, (Table(("Field", "Type", "Default", "Meaning"), _fields_of(form), form.get("description", "")),))
        for name, form in schema["components"]["schemas"].items()
        if "properties" in form and not name.endswith("ValidationError")
    )
    return render(
        Report(
            title=f"{schema['info']['title']}: API",
            subtitle=f"The OpenAPI document is at {root}/openapi.json.",
            sections=(
                Section(
                    "Calls",
                    (
                        Text(f"An example, after the server's address: {example}"),
                        Text(
                            "A server beyond loopback asks for the header Authorization: Bearer TOKEN. An error is a"
                            " problem document (application/problem+json) with where, cause and mend."
                        ),
                        Table(("Call", "What it does", "Body"), calls, "All calls."),
                    ),
                ),
                *forms,
            ),
            provenance=(("version", schema["info"]["version"]),),
        )
    )


def _body_of(call: dict[str, Any]) -> str | None:
    content = call.get("requestBody", {}).get("content", {}).get("application/json")
    return _type_of(content["schema"]) if content else None


def _fields_of(form: dict[str, Any]) -> tuple[tuple[str, str, str | None, str | None], ...]:
    needed = form.get("required", ())
    return tuple(
        (
            name,
            _type_of(told),
            "required" if name in needed else str(told["default"]) if "default" in told else None,
            told.get("description"),
        )
        for name, told in form["properties"].items()
    )


def _type_of(told: dict[str, Any]) -> str:
    if "$ref" in told:
        return str(told["$ref"]).rpartition("/")[2]
    if "anyOf" in told:
        return " or ".join(map(_type_of, told["anyOf"]))
    if "enum" in told:
        return ", ".join(map(str, told["enum"]))
    if told.get("type") == "array":
        return f"list of {_type_of(told['items'])}"
    return str(told.get("type", "any"))
