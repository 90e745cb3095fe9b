"""The Python names that users of our SDK know the parts of the document by."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from openapi_python_client.strings import ClassName, PythonIdentifier

if TYPE_CHECKING:
    from .compare import Place
    from .document import Operation


# The tags whose operations have methods in the hand-written layer, by verb, but for these.
WITH_METHODS = {"assistants", "files", "messages", "runs", "threads"}
OTHER_METHODS = {
    "create_thread_and_run": "threads.create_and_run",
    "list_run_steps": "runs.steps.list",
    "retrieve_run_step": "runs.steps.retrieve",
    "submit_tool_outputs": "runs.submit_tool_outputs",
}
# As the generator has it: upstream's underscore, which spares the builtins, is left out.
WITHOUT_UNDERSCORE = {"bytes_", "input_", "object_", "type_"}


def class_name(component: str) -> str:
    """The class that the generator makes of a component schema."""
    return ClassName(component, "")


def python_name(name: str) -> str:
    """The argument or attribute that the generator makes of a name in the document."""
    made = PythonIdentifier(name, "field_")
    return made.removesuffix("_") if made in WITHOUT_UNDERSCORE else made


def method(operation: Operation) -> str | None:
    """The SDK's name for an operation, `client.messages.create`; None in other documents.

    Our operationIds are a verb and a noun, and our tags are attributes of the client, or at least
    modules of the generated package.
    """
    if not re.fullmatch("[a-z]+(_[a-z]+)+", operation.id):
        return None
    if operation.tag in WITH_METHODS:
        by_verb = f"{operation.tag}.{operation.id.partition('_')[0]}"
        return f"client.{OTHER_METHODS.get(operation.id, by_verb)}"
    return f"laplas_api.api.{operation.tag}.{operation.id}"


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
        arguments = f"({python_name(argument[0])}=...)" if argument and in_sdk else ""
        names.append((in_sdk or place.operation.id) + arguments)
    if named:
        names.append(named + end)
    return names
