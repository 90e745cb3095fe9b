"""The Python names that users of our SDK know the parts of the document by."""

from __future__ import annotations

import keyword
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from openapi_python_client.strings import ClassName, PythonIdentifier, sanitize, snake_case

if TYPE_CHECKING:
    from .compare import Place
    from .document import Operation


RESOURCES = Path(__file__).resolve().parents[2] / "generated" / "laplas_api" / "resources"
# As the generator has it: upstream's underscore, which spares the builtins, is left out.
WITHOUT_UNDERSCORE = {"bytes_", "input_", "object_", "type_"}


def class_name(component: str) -> str:
    """The class that the generator makes of a component schema."""
    return ClassName(component, "")


def python_name(name: str) -> str:
    """The attribute that the generator makes of a name in the document."""
    made = PythonIdentifier(name, "field_")
    return made.removesuffix("_") if made in WITHOUT_UNDERSCORE else made


def argument_name(name: str) -> str:
    """The argument of a method; unlike upstream's, one that hides a builtin keeps its name."""
    made = snake_case(sanitize(name))
    return f"{made}_" if keyword.iskeyword(made) else made


@cache
def methods() -> dict[str, str]:
    """Return the method of each operationId, such as `runs.steps.list`, as it was generated."""
    below: dict[str, dict[str, str]] = {}
    calls: dict[str, tuple[str, str]] = {}
    for path in RESOURCES.glob("*.py"):
        text = path.read_text("utf-8")
        for block in re.split(r"^class ", text, flags=re.M)[1:]:
            parts = re.findall(
                r"^    @cached_property\n    def (\w+)\(self\) -> (\w+):", block, re.M
            )
            below[re.split(r"\W", block)[0]] = dict(parts)
        made = r"^def (\w+)\((?:(?!^def ).)*?Check the arguments of `(\w+)\.(\w+)`"
        calls |= {name: (room, verb) for name, room, verb in re.findall(made, text, re.M | re.S)}
    places: dict[str, str] = {}
    todo = [("Resources", "")]
    for room, place in todo:  # The nearest place first: a list that grows is a queue.
        for name, other in below.get(room, {}).items():
            if other not in places:
                places[other] = f"{place}{name}."
                todo.append((other, places[other]))
    return {name: f"{places[room]}{verb}" for name, (room, verb) in calls.items()}


def method(operation: Operation) -> str | None:
    """The SDK's name for an operation, `client.messages.create`; None in other documents.

    One that was not generated, as it is gone, is named as the generator names most: our
    operationIds are a verb and a noun, and our tags are attributes of the client.
    """
    if not re.fullmatch("[a-z]+(_[a-z]+)+", operation.id):
        return None
    by_verb = f"{operation.tag}.{operation.id.partition('_')[0]}"
    return f"client.{methods().get(operation.id, by_verb)}"


def names_of(place: Place) -> list[str]:
    """What a place is called in Python, or by operationId and schema where it has no such name."""
    in_sdk = method(place.operation)
    if in_sdk:
        named = class_name(place.model) if place.model else ""
        attribute = re.match(r"\.(\w+)", place.attribute)
        end = f".{python_name(attribute[1])}" if attribute else ""
    else:
        named = str(place) if re.fullmatch(r"\w+", place.anchor) else ""
        end = ""
    names = []
    if place.side == "request" or not named:
        argument = re.match(r"\w+", place.steps[0]) if place.steps else None
        arguments = f"({argument_name(argument[0])}=...)" if argument and in_sdk else ""
        names.append((in_sdk or place.operation.id) + arguments)
    if named:
        names.append(named + end)
    return names
