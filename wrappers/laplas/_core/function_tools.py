"""Offer Python functions as tools: describe them to the server, and call them as it asks."""

from __future__ import annotations

import inspect
import json
import types
import typing
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final, Literal

from ..errors import InvalidArgumentError
from ..generated import Checker

if TYPE_CHECKING:
    from ..models import Run

Function = Callable[..., Any]
"""A function that a run may call. Its name, docstring and type hints are what the model sees."""

_ARGUMENTS: Final = Checker(lambda name, problem: ValueError(f"{name} {problem}"))
_SCALARS: Final[dict[Any, str]] = {str: "string", bool: "boolean", int: "integer", float: "number"}


def split_tools(tools: object, argument: str = "tools") -> tuple[Any, dict[str, Function]]:
    """Split tools into what the request takes and the Python functions by their names.

    Raises:
        InvalidArgumentError: A function cannot be a tool, or has another one's name.
    """
    if isinstance(tools, str | bytes | Mapping) or not isinstance(tools, Iterable):
        return tools, {}  # nothing, or nothing that can be sent: the check says so
    sent: list[Any] = []
    functions: dict[str, Function] = {}
    for index, tool in enumerate(tools):
        if isinstance(tool, Mapping) or hasattr(tool, "to_dict") or not callable(tool):
            sent.append(tool)
            continue
        schema = function_tool(tool)
        name = schema["function"]["name"]
        if name in functions:
            raise InvalidArgumentError(f"{argument}[{index}]", f"there are two functions {name}")
        functions[name] = tool
        sent.append(schema)
    return sent, functions


def function_tool(function: Function) -> dict[str, Any]:
    """Describe a Python function as a tool of the API: its name, docstring and parameters.

    Raises:
        InvalidArgumentError: It has no name, or a parameter that JSON cannot give, or is a
            generator.
    """
    name = getattr(function, "__name__", "")
    if not name.isidentifier():
        raise InvalidArgumentError("tools", f"{function!r} has no name a model could call it by")
    if inspect.isgeneratorfunction(function) or inspect.isasyncgenfunction(function):
        raise InvalidArgumentError("tools", f"{name} is a generator: calling it gives no result")
    hints = _hints(function)
    parameters = _parameters(function)
    properties = {
        parameter: _schema(hints.get(parameter, str), f"{name}({parameter})")
        for parameter in parameters
    }
    required = [name for name, given in parameters.items() if given.default is given.empty]
    described: dict[str, Any] = {"name": name}
    if doc := inspect.getdoc(function):
        described["description"] = doc
    described["parameters"] = {"type": "object", "properties": properties, "required": required}
    return {"type": "function", "function": described}


def _parameters(function: Function) -> Mapping[str, inspect.Parameter]:
    parameters = inspect.signature(function).parameters
    for parameter in parameters.values():
        if parameter.kind not in (parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY):
            raise InvalidArgumentError("tools", f"{parameter} cannot be given by its name")
    return parameters


def _hints(function: Function) -> dict[str, Any]:
    try:
        return typing.get_type_hints(function)
    except Exception:  # hints that cannot be resolved are no reason not to call it
        return {}


def _schema(hint: Any, where: str) -> dict[str, Any]:
    """Make the JSON schema of a type hint: scalars, lists, dicts, Literal, and unions of these."""
    if hint is Any:
        return {}
    if hint in _SCALARS:
        return {"type": _SCALARS[hint]}
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is Literal:
        return {"enum": list(arguments)}
    if hint is type(None):
        return {"type": "null"}
    if origin in (typing.Union, types.UnionType):
        return {"anyOf": [_schema(argument, where) for argument in arguments]}
    if hint is list or origin is list:
        return {"type": "array", "items": _schema(arguments[0], where) if arguments else {}}
    if hint is dict or origin is dict:
        return {"type": "object"}
    raise InvalidArgumentError(
        "tools", f"{where}: parameter type {hint} is not supported; use a type that JSON has"
    )


def bind_calls(run: Run, functions: Mapping[str, Function]) -> list[tuple[str, Function]]:
    """Return the calls a run waits for: each id, and a function of no arguments to make it.

    What is wrong with the arguments is raised by that function, so that it reaches the model like
    any other failure of a call.
    """
    return [
        (call.id, _bind(functions[call.function.name], call.function.arguments))
        for call in run.tool_calls
        if call.function.name in functions
    ]


def missing_functions(run: Run, functions: Mapping[str, Function]) -> list[str]:
    """Return the names of functions that the run calls and that were not given."""
    return [c.function.name for c in run.tool_calls if c.function.name not in functions]


def _bind(function: Function, arguments: str) -> Function:
    def call() -> Any:
        return function(**parse_arguments(function, arguments))

    call.__name__ = function.__name__
    return call


def parse_arguments(function: Function, text: str) -> dict[str, Any]:
    """Parse the arguments a model gives and check them against the function's parameters.

    Raises:
        ValueError: They are not a JSON object, one is unknown or missing, or of the wrong type.
    """
    try:
        arguments = json.loads(text or "{}")
    except ValueError:
        raise ValueError("the arguments are not JSON") from None
    if not isinstance(arguments, dict):
        raise ValueError("the arguments are not a JSON object")
    parameters = _parameters(function)
    hints = _hints(function)
    for name, value in arguments.items():
        if name not in parameters:
            raise ValueError(f"unknown argument {name!r}")
        _ARGUMENTS.value(_schema(hints.get(name, Any), name), value, repr(name))
    for name, parameter in parameters.items():
        if parameter.default is parameter.empty and name not in arguments:
            raise ValueError(f"the argument {name!r} is missing")
    return arguments


def output_of(result: Any) -> str:
    """Write what a function returned as the text the API takes."""
    is_text = isinstance(result, str)
    text = result if is_text else json.dumps(result, ensure_ascii=False, default=str)
    return text.encode("utf-8", "replace").decode()


def output_of_failure(error: BaseException) -> str:
    """Write a failed call as the text by which the model learns of it."""
    return output_of({"error": f"{type(error).__name__}: {error}"})
