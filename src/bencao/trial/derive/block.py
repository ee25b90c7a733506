"""A building block as a specification calls it: a function, the types of its parameters, what it may refuse."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, get_args, get_origin, get_type_hints

from pydantic import BaseModel, ConfigDict, ValidationError, create_model

from bencao.trial.derive.expression import Frame
from bencao.trial.errors import SpecificationError
from bencao.trial.specification import Codelist


@dataclass(frozen=True)
class Block:
    """A function of a frame and keyword parameters that a step can name.

    Attributes
    ----------
    name : str
    function : callable
        Gives a frame; its first, positional parameter is the frame so far, where it has one.
    failures : callable or None
        Called with the same arguments, gives the records that the block could not do right.
    begins : bool
        True where it takes no frame: a build begins with it.
    tables, codelists : frozenset of str
        Parameters that a step gives the name of a table or of a codelist for.
    parameters : type of pydantic model
    """

    name: str
    function: Callable[..., Frame]
    failures: Callable[..., Frame] | None
    begins: bool
    tables: frozenset[str]
    codelists: frozenset[str]
    parameters: type[BaseModel]

    def read(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Check a step's parameters; tables and codelists are still names.

        Raises
        ------
        SpecificationError
            Names the parameter, what it must be and what was given.
        """
        try:
            model = self.parameters.model_validate(dict(given))
        except ValidationError as error:
            first = error.errors()[0]
            name = ".".join(map(str, first["loc"]))
            known = ", ".join(self.parameters.model_fields) or "any"
            raise SpecificationError(
                f"{self.name}: {name}: {first['msg']}, got {first['input']!r}", mend=f"its parameters are {known}"
            ) from error
        named = {name: getattr(model, name) for name in self.parameters.model_fields if name in model.model_fields_set}
        return {**named, **(model.__pydantic_extra__ or {})}

    def tables_of(self, given: Mapping[str, Any]) -> tuple[str, ...]:
        """Name the tables that a step with these parameters reads."""
        names: list[str] = []
        for parameter in sorted(self.tables & given.keys()):
            value = given[parameter]
            names += value if isinstance(value, list) else [value]
        return tuple(names)


def block_of(function: Callable[..., Frame], failures: Callable[..., Frame] | None = None) -> Block:
    """Read a function's signature as that of a building block.

    Parameters annotated ``Frame`` (or ``list[Frame]``) are tables, ``Codelist`` codelists; all but the first are given
    by keyword and typed.

    Raises
    ------
    SpecificationError
        Where a parameter has no type, or the result is no frame.
    """
    hints = get_type_hints(function)
    fields: dict[str, Any] = {}
    tables, codelists, extra, begins = set(), set(), None, True
    for name, parameter in inspect.signature(function).parameters.items():
        if name not in hints:
            raise SpecificationError(f"{function.__name__}: its parameter {name} has no type")
        hint = hints[name]
        if parameter.kind is parameter.VAR_KEYWORD:
            extra = hint
        elif parameter.kind is not parameter.KEYWORD_ONLY:
            begins = False
        else:
            if hint is Frame or (get_origin(hint) is list and get_args(hint) == (Frame,)):
                tables.add(name)
                hint = str if hint is Frame else list[str]
            elif hint is Codelist:
                codelists.add(name)
                hint = str
            fields[name] = (hint, ... if parameter.default is parameter.empty else parameter.default)
    if hints.get("return") is not Frame:
        raise SpecificationError(f"{function.__name__}: a building block gives a Frame")
    name = function.__name__
    annotations = {} if extra is None else {"__pydantic_extra__": dict[str, extra]}  # type: ignore[valid-type]
    config = ConfigDict(extra="forbid" if extra is None else "allow")
    base = type(name, (BaseModel,), {"model_config": config, "__annotations__": annotations})
    model: type[BaseModel] = create_model(name, __base__=base, **fields)
    return Block(name, function, failures, begins, frozenset(tables), frozenset(codelists), model)
