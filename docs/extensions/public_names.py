"""The directive `public`: documents every name that a module makes public, from its docstring.

    .. public:: laplas
       :home: laplas.errors laplas

`home` keeps the names whose objects come from modules that match. What a module shares with
`laplas` is described there, and only listed, with a link. A name without a docstring is a warning.
"""

from __future__ import annotations

import inspect
from fnmatch import fnmatch
from importlib import import_module
from types import FunctionType, ModuleType
from typing import Any, ClassVar, TypeVar, get_origin

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.pycode import ModuleAnalyzer
from sphinx.util.docutils import SphinxDirective
from sphinx.util.logging import getLogger
from sphinx.util.typing import stringify_annotation

log = getLogger(__name__)
COMMENTED = ("laplas.models", "laplas.content", "laplas.local._replies", "laplas_api.types")
"""Modules with public values whose docstrings stand below them, and that others pass on."""


def public_names(module: ModuleType) -> list[str]:
    """List what a module makes public: its `__all__`, else what it defines without underscore."""
    if hasattr(module, "__all__"):
        return [
            name
            for name in module.__all__
            if name[0] != "_" and not isinstance(getattr(module, name), TypeVar)
        ]
    import laplas

    return [
        name
        for name, value in vars(module).items()
        if name[0] != "_"
        and not isinstance(value, ModuleType | TypeVar)
        and (name in laplas.__all__ or getattr(value, "__module__", "") == module.__name__)
    ]


def origin(module: ModuleType, name: str) -> str:
    """Return the public name under which an object is described."""
    import laplas

    value = getattr(module, name)
    for place in (laplas, import_module("laplas.types")):
        if name in place.__all__ and getattr(place, name) is value:
            return f"{place.__name__}.{name}"
    return f"{module.__name__}.{name}"


class Public(SphinxDirective):
    """Describe the public names of a module."""

    required_arguments = 1
    option_spec: ClassVar[dict[str, Any]] = {"home": directives.unchanged}

    def run(self) -> list[nodes.Node]:
        module = import_module(self.arguments[0])
        patterns = self.options.get("home", "*").split()
        shared, lines = [], []
        for name in sorted(public_names(module), key=str.lower):
            value, full = getattr(module, name), f"{module.__name__}.{name}"
            home = str(getattr(value, "__module__", None) or "")
            if origin(module, name) != full:
                shared.append(name)
            elif any(fnmatch(home, pattern) for pattern in patterns):
                lines += self.describe(full, value)
        described = self.parse_text_to_nodes("\n".join(lines)) if lines else []
        return [*self.list_shared(module, shared), *described]

    def describe(self, full: str, value: Any) -> list[str]:
        if inspect.isclass(value):
            kind = "exception" if issubclass(value, BaseException) else "class"
        else:
            kind = "function" if isinstance(value, FunctionType) else "data"
        documented = value.__doc__ if kind != "data" else comment_on(full, value)
        if not documented:
            log.warning("%s has no docstring", full, location=self.get_location())
        options = ["   :show-inheritance:"] if kind == "exception" else []
        if kind == "exception":
            options.append("   :inherited-members: Exception")
        if kind == "data":  # autodoc reads what stands below an assignment in one module only
            text = documented.splitlines()
            if get_origin(value) is not None:
                text += ["", f"``{stringify_annotation(value, 'smart').replace('~', '')}``"]
            return [f".. py:data:: {full}", "", *(f"   {line}" for line in text), ""]
        return [f".. auto{kind}:: {full}", *options, ""]

    def list_shared(self, module: ModuleType, names: list[str]) -> list[nodes.Node]:
        if not names:
            return []
        domain = self.env.get_domain("py")
        paragraph = nodes.paragraph("", "Also here, and described elsewhere: ")
        for name in names:
            full, target = f"{module.__name__}.{name}", origin(module, name)
            link = pending_xref(refdomain="py", reftype="obj", reftarget=target, refwarn=True)
            link += nodes.literal("", name, classes=["xref", "py"])
            place = nodes.inline("", "", link, ids=[full])
            domain.note_object(full, "data", full, location=self.get_location())
            paragraph += [place, nodes.Text(", " if name != names[-1] else ".")]
        return [paragraph]


def comment_on(full: str, value: object) -> str:
    """Return the docstring that stands below an assignment, or ``""``."""
    module, _, name = full.rpartition(".")
    for place in (module, *COMMENTED):
        found = ModuleAnalyzer.for_module(place).find_attr_docs()
        # Of names that are assigned in one line, the analyzer sees the first.
        same = (other for other, it in vars(import_module(place)).items() if it is value)
        for spelling in (name, *same):
            if ("", spelling) in found:
                return "\n".join(found["", spelling])
    return ""


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_directive("public", Public)
    return {"parallel_read_safe": True}
