"""Offer Python functions as tools: describe them to the server, and call them as it asks."""

from __future__ import annotations

import functools
import inspect
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, NamedTuple

from ..errors import InvalidArgumentError
from .tool_hints import describe_hints, hint_of_default, read_value
from .tool_json import read_json
from .tool_results import read_through

if TYPE_CHECKING:
    from ..models import Run

Function = Callable[..., Any]
"""A function that a run may call. Its name, docstring and type hints are what the model sees."""


class FunctionTool:
    """A Python function as a tool: what the model is told of it, and how it is called.

    Raises:
        InvalidArgumentError: It has no name, or a parameter that JSON cannot give, or is a
            generator.
    """

    def __init__(self, function: Function) -> None:
        self.function = function
        self.name = name = getattr(function, "__name__", "")
        if not isinstance(name, str) or not name.isidentifier():
            problem = f"a {type(function).__name__} has no name to call it by: set its __name__"
            raise InvalidArgumentError("tools", problem)
        self.is_async = _is_any(function, inspect.iscoroutinefunction)
        if _is_any(function, inspect.isgeneratorfunction, inspect.isasyncgenfunction):
            problem = f"{name} is a generator: calling it gives no result"
            raise InvalidArgumentError("tools", problem)
        self._parameters = _parameters(function, name)
        hints = {each: _hint(function, name, p) for each, p in self._parameters.items()}
        self._kinds, self._defs = describe_hints(hints, name)
        description, told = _documented(function)
        properties = {
            each: {"description": told[each], **kind.schema} if told.get(each) else kind.schema
            for each, kind in self._kinds.items()
        }
        self._required = [n for n, p in self._parameters.items() if p.default is p.empty]
        schema = {"type": "object", "properties": properties, "required": self._required}
        schema |= {"$defs": self._defs} if self._defs else {}
        told_of = {"description": description} if description else {}
        described = {"name": name, **told_of, "parameters": schema}
        self.schema: dict[str, Any] = {"type": "function", "function": described}

    def call(self, arguments: object) -> Any:
        """Call the function with the arguments that a model wrote.

        Raises:
            ValueError: They do not fit the function, and it was not called.
            Exception: The function's own.
        """
        made = self.function(**self.read_arguments(arguments))
        # Here, where the function runs, as reading it runs on in there.
        return read_through(made) if isinstance(made, Iterator) else made

    def read_arguments(self, arguments: object) -> dict[str, Any]:
        """Read the arguments that a model wrote.

        Raises:
            ValueError: They are not a JSON object, one is unknown or missing, or does not fit.
        """
        given = _read(arguments)
        if given is None:
            given = {}
        if not isinstance(given, dict):
            if len(self._kinds) != 1:
                raise ValueError("the arguments are not a JSON object")
            given = {next(iter(self._kinds)): given}
        if unknown := [name for name in given if name not in self._kinds]:
            raise ValueError(f"unknown argument {unknown[0]!r}")
        if missing := [name for name in self._required if name not in given]:
            raise ValueError(f"the argument {missing[0]!r} is missing")
        return {
            # Models write null for what they leave out.
            name: None
            if value is None and self._parameters[name].default is None
            else read_value(self._kinds[name], value, self._defs, repr(name))
            for name, value in given.items()
        }


def split_tools(tools: object, argument: str = "tools") -> tuple[Any, dict[str, FunctionTool]]:
    """Split tools into what the request takes and the Python functions by their names.

    Raises:
        InvalidArgumentError: A function cannot be a tool, or has another one's name.
    """
    if isinstance(tools, str | bytes | Mapping) or not isinstance(tools, Iterable):
        return tools, {}  # nothing, or nothing that can be sent: the check says so
    sent: list[Any] = []
    functions: dict[str, FunctionTool] = {}
    for index, tool in enumerate(tools):
        if isinstance(tool, Mapping) or hasattr(tool, "to_dict") or not callable(tool):
            sent.append(tool)
            continue
        made = FunctionTool(tool)
        if made.name in functions:
            problem = f"there are two functions {made.name}"
            raise InvalidArgumentError(f"{argument}[{index}]", problem)
        functions[made.name] = made
        sent.append(made.schema)
    return sent, functions


# Describing


def _is_any(function: Any, *tests: Callable[[Any], bool]) -> bool:
    """Tell whether one of the tests holds, of an object for its ``__call__``."""
    called = function if inspect.isroutine(function) else type(function).__call__
    return any(test(each) for test in tests for each in (function, called))


def _parameters(function: Function, name: str) -> dict[str, inspect.Parameter]:
    fixed: Mapping[str, Any] = {}
    inner = function
    if isinstance(function, functools.partial):  # what it fixes is not for the model to choose
        inner = function.func
        fixed = inspect.signature(inner).bind_partial(*function.args, **function.keywords).arguments
    try:
        signature = inspect.signature(inner)
    except ValueError:  # of some functions written in C
        raise InvalidArgumentError("tools", f"{name} does not tell its parameters") from None
    parameters = {n: p for n, p in signature.parameters.items() if n not in fixed}
    for index, (each, parameter) in enumerate(parameters.items()):
        if parameter.kind not in (parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY):
            problem = f"{name}({each}) cannot be given by its name"
            raise InvalidArgumentError("tools", problem)
        if index == 0 and each in ("self", "cls") and parameter.annotation is parameter.empty:
            problem = f"{name} is a method: take it from an object, which gives {each}"
            raise InvalidArgumentError("tools", problem)
    return parameters


def _hint(function: Function, tool: str, parameter: inspect.Parameter) -> Any:
    """Return the type hint of a parameter; where it has none, the type of its default."""
    hint = parameter.annotation
    if hint is parameter.empty:
        return hint if parameter.default is parameter.empty else hint_of_default(parameter.default)
    names, local_names = _names_of(_inner(function))
    holder: Any = SimpleNamespace(__annotations__={"hint": hint})
    try:
        return typing.get_type_hints(holder, names, local_names, include_extras=True)["hint"]
    except (NameError, AttributeError, LookupError, TypeError, ValueError, SyntaxError) as error:
        problem = f"the type hint {hint!r} cannot be resolved: {error}"
    raise InvalidArgumentError("tools", f"{tool}({parameter.name}): {problem}")


def _inner(function: Any) -> Any:
    """Return what a partial calls in the end."""
    while isinstance(function, functools.partial):
        function = function.func
    return function


def _names_of(function: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the names that hints of a function may use: of its module, and around it."""
    if isinstance(function, type):
        function = inspect.getattr_static(function, "__init__")
    elif not inspect.isroutine(inspect.unwrap(function)):
        function = type(function).__call__
    function = inspect.unwrap(function)
    function = getattr(function, "__func__", function)
    if not inspect.isfunction(function):
        return {}, {}
    around = {each.__name__: each for each in getattr(function, "__type_params__", ())}
    for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True):
        with suppress(ValueError):  # nothing in it yet
            around[name] = cell.cell_contents
    return function.__globals__, around


def _documented(function: Any) -> tuple[str, dict[str, str]]:
    """Return what a docstring says, and what it says of each parameter."""
    text = inspect.getdoc(_inner(function)) or ""
    if "\n" not in text:
        return text, {}
    try:
        import griffe  # type: ignore[import-not-found, unused-ignore]
    except ImportError:
        return text, {}  # what it says of parameters reaches the model in there
    quiet: Any = {style: {"warnings": False} for style in ("google", "numpy", "sphinx")}
    # The default is for one that ends with a :param:, which griffe does not recognise.
    document = griffe.Docstring(text)
    sections = griffe.parse_auto(document, default="sphinx", per_style_options=quiet)
    kinds = griffe.DocstringSectionKind
    told: dict[str, str] = {}
    texts = []
    for section in sections:
        if section.kind is kinds.parameters:
            told |= {each.name: each.description for each in section.value}
        elif section.kind is kinds.admonition:
            texts.append(f"{section.title}: {section.value.description}")
        elif section.kind is kinds.text:
            texts.append(section.value)
    return ("\n\n".join(texts) if told else text), told


# Calling


class BoundCall(NamedTuple):
    """A call that a run waits for."""

    id: str
    name: str
    make: Callable[[], Any]
    """Calls the function, whatever is wrong with the arguments: so it reaches the model."""


def bind_calls(run: Run, functions: Mapping[str, FunctionTool]) -> list[BoundCall]:
    """Return the calls a run waits for, in its order."""
    bound = []
    for call in run.tool_calls:
        if tool := functions.get(call.function.name):
            make = functools.partial(tool.call, call.function.arguments)
            bound.append(BoundCall(call.id, tool.name, make))
    return bound


def missing_functions(run: Run, functions: Mapping[str, FunctionTool]) -> list[str]:
    """Return the names of functions that the run calls and that were not given."""
    from ..run_models import has_unreadable_calls

    missing = [c.function.name for c in run.tool_calls if c.function.name not in functions]
    return missing + ["a call without id or name"] * has_unreadable_calls(run)


def _read(arguments: object) -> Any:
    """Read arguments: an object, or its JSON; some servers write that as JSON once more."""
    given = arguments
    for _ in range(3):
        if not isinstance(given, str):
            break
        if not given.strip():
            return {}
        if given is not arguments and not given.lstrip().startswith(("{", "`")):
            break
        given = read_json(given)
    return given
